"""The way of a call: scope, lines, exactly once, handler, audit, answer; the same for JSON-RPC and REST."""
