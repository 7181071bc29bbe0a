"""Decides: what a scanned card opens, and gives it once."""
