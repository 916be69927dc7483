"""What other plugins may use of this one."""

from tracepro_workers.interlock import reasons_against, require_known
from tracepro_workers.logins import NamedWorker, log_in_workers, logged_in
from tracepro_workers.shifts import shift_at
from tracepro_workers.worker_log import log_action, log_actions, log_row
from tracepro_workers.workers import ask_ahead, worker, workers

__all__ = [
    "NamedWorker",
    "ask_ahead",
    "log_action",
    "log_actions",
    "log_in_workers",
    "log_row",
    "logged_in",
    "reasons_against",
    "require_known",
    "shift_at",
    "worker",
    "workers",
]
