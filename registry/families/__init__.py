"""Families and their people: registered, found, changed, listed; and what sources said of them."""
