"""Programmes, their rules and amounts, and their rounds."""
