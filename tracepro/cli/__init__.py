"""The tracepro command."""
