"""Lots on the floor, material on workplaces, and where every piece of it went."""
