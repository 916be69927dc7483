"""Lines and their machines, and the answer to which line a workplace is on."""
