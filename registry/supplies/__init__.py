"""Blanks and ribbons: numbered boxes per service point, who holds what of them, what was used, and the counts."""
