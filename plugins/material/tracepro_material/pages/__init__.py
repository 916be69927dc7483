"""Pages about material: what each shows is read in a module of its own, by the statements of this plugin."""
