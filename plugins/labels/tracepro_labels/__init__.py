"""Reads the two-dimensional labels that component makers put on reels and bags."""
