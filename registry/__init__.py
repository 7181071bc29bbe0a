"""Knows: regions, families, cards, programmes, what was given, officers, and the trail of every change."""
