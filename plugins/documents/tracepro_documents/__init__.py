"""Standard documents and files that terminals show."""
