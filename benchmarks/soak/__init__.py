"""A soak: the whole life of a plant at a steady rate for an hour, all plugins on, looked at every few seconds and checked at the end."""
