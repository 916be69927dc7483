"""What other plugins may use of this one."""

from tracepro_workers.attendance import reasons_against
from tracepro_workers.log import log, log_all, row
from tracepro_workers.shifts import shift_at
from tracepro_workers.workers import worker, workers

__all__ = ["log", "log_all", "reasons_against", "row", "shift_at", "worker", "workers"]
