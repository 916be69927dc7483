"""The schema of this plugin, step by step."""
