"""Readings of workplaces: one above the limit of its line refuses work."""
