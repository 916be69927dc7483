"""Pages about units, and what leads to them: what each shows is read in a module of its own, by the statements of this plugin."""
