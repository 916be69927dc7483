"""Tools of machines: what they have cut, when they were replaced, and what is in stock."""
