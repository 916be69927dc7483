"""What other plugins may use of this one."""

from tracepro_counters import ranges, sequences

reserve = sequences.reserve
reserve_ranged = ranges.reserve

__all__ = ["reserve", "reserve_ranged"]
