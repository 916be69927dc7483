"""Production orders and their routing."""
