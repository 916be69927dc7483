"""What the API calls: one module a section of the API's contract, every function in them one JSON-RPC method."""

from tracepro_items.methods import operations, orders, units

METHODS = orders.METHODS + units.METHODS + operations.METHODS
