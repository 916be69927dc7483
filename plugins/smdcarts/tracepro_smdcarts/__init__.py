"""Which feeder carts an order's step needs, and whether they are docked."""
