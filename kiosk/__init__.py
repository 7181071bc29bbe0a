"""Asks and shows: the web application and the commands."""
