"""The keys of an installation: kept sealed, trusted, and used to seal NIK and Nomor KK."""
