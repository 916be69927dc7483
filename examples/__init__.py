"""Examples: a demo plant, a plugin, and a generator of plants."""
