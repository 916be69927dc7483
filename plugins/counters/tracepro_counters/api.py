"""What other plugins may use of this one."""

from tracepro_counters.ranges import reserve as reserve_ranged
from tracepro_counters.sequences import reserve

__all__ = ["reserve", "reserve_ranged"]
