"""What the API calls: one module a section of the API's contract, every function in them one JSON-RPC method."""

from tracepro_lines.methods import lines, lsline

METHODS = lines.METHODS + lsline.METHODS
