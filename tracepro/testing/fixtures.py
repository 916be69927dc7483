"""The fixtures that pytest offers to every plugin."""
