"""The seal: the audit in blocks that hold to all before them, so that a change shows, and a unit's part of it in one file."""
