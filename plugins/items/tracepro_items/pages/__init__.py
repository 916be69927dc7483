"""Pages about units, what leads to them, and what units add to pages of others: each is read in a module of its own."""
