"""TracePRO: a manufacturing execution server made of plugins."""

from tracepro.calls.call import Call

__all__ = ["Call"]
