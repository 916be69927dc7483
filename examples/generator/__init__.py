"""A seeded generator of electronics plants: the same seed gives the same plant, orders, units and faults.

It gives (a) a plant file for ``tracepro import``, (b) the calls that produce in that plant, and (c) a database
filled in bulk with what such calls leave behind.
"""
