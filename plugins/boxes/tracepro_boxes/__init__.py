"""Boxes of units: what is packed in what, and work on a whole box at once."""
