"""Makes: the card, its code, and every other paper."""
