"""TracePRO: a manufacturing execution server made of plugins."""
