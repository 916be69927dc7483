"""What tests of the core and of plugins share: fixtures, plants without a server, real servers, a clock."""

from tracepro.testing.clock import PlantClock
from tracepro.testing.errors import RpcError

__all__ = ["PlantClock", "RpcError"]
