"""Sequences and ranges of numbers that never repeat."""
