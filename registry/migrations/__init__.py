"""The way of the schema from empty to now, for both databases."""
