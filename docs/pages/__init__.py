"""The pages of this folder that are made from declarations: a module each, with ``page()`` that returns its text."""
