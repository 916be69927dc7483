"""Workplaces, their blocks and the kinds of work (acts) done at them."""
