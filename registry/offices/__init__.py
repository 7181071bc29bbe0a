"""The offices (OPD) that own programmes, and what becomes of their money."""
