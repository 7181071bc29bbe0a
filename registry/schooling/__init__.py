"""Pupils and students: who is on the list of a school or campus, and what it stated when it confirmed them."""
