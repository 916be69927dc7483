"""Reflow ovens: an oven out of its temperature window refuses work."""
