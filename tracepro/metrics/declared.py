"""Every metric a server has: its name, its kind, its labels and what it counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
GROUPS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


@dataclass(frozen=True)
class Metric:
    """A metric; ``name`` is that of its series, of a histogram without what Prometheus adds.

    ``over`` says how a gauge's values of several processes become one. Those without it are asked when somebody reads the metrics.
    """

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    info: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    over: Literal["", "livesum", "livemin", "livemax"] = ""


def _counter(name: str, info: str, *labels: str) -> Metric:
    return Metric("counter", name, info, labels)


def _histogram(name: str, info: str, *labels: str, buckets: tuple[float, ...] = SECONDS) -> Metric:
    return Metric("histogram", name, info, labels, buckets)


def _gauge(
    name: str, info: str, *labels: str, over: Literal["", "livesum", "livemin", "livemax"] = ""
) -> Metric:
    return Metric("gauge", name, info, labels, over=over)


READY = _gauge(
    "tracepro_ready", "1 when calls are taken and writes get through, as /readyz tells.", over="livemin"
)
INFO = _gauge(
    "tracepro_info", "1, with the version of the server and the kind of its database.", "version", "database"
)
WORKERS = _gauge("tracepro_workers", "Processes that serve.", over="livesum")
WORKER_EXITS = _counter("tracepro_worker_exits_total", "Processes that ended, by how.", "how")

CALLS = _counter("tracepro_calls_total", "Calls by method and outcome.", "method", "code")
REFUSALS = _counter("tracepro_refusals_total", "Calls and requests that were refused, by code.", "code")
CALL_SECONDS = _histogram("tracepro_call_seconds", "Time of a call.", "method")
RESPONSES = _counter("tracepro_http_responses_total", "HTTP answers.", "status")
CALLS_UNDER_WAY = _gauge("tracepro_calls_under_way", "Calls that have no answer yet.", over="livesum")
CONNECTIONS = _gauge("tracepro_connections", "Open connections.", over="livesum")
CONNECTIONS_LIMIT = _gauge("tracepro_connections_limit", "Connections that have room.", over="livesum")

THREAD_WAIT = _histogram(
    "tracepro_thread_wait_seconds", "Time until a thread, or the event loop, began with a call."
)
WRITE_QUEUE = _histogram("tracepro_write_queue_seconds", "Time until a writer took a write.")
WRITE = _histogram("tracepro_write_seconds", "Time from then to the end of the write, its commit included.")
COMMIT = _histogram("tracepro_commit_seconds", "Time of a COMMIT.")
COMMIT_CALLS = _histogram("tracepro_commit_calls", "Calls that share a COMMIT.", buckets=GROUPS)
WRITES_WAITING = _gauge("tracepro_writes_waiting", "Writes that no writer has taken yet.", over="livesum")
WRITES_EXPIRED = _counter(
    "tracepro_writes_expired_total", "Writes answered busy, because no writer took them in time."
)
WRITE_RETRIES = _counter(
    "tracepro_write_retries_total", "Writes begun again, because a transaction was lost."
)
WRITE_AGE = _gauge(
    "tracepro_write_age_seconds",
    "For how long writes have been wanted and none has got through; 0 when none waits and the last one did.",
    over="livemax",
)
LAST_WRITE = _gauge(
    "tracepro_last_write_timestamp_seconds",
    "When a write last got through, or the server began.",
    over="livemax",
)
DATABASE_BYTES = _gauge("tracepro_database_bytes", "Size of the database.")
WAL_BYTES = _gauge("tracepro_database_wal_bytes", "Size of SQLite's write-ahead log.")
DISK_FREE = _gauge("tracepro_disk_free_bytes", "Free space on the disk of a SQLite database.")

PLUGIN_CALLS = _counter(
    "tracepro_plugin_calls_total", "Functions of plugins that were called.", "plugin", "kind"
)
PLUGIN_SECONDS = _counter(
    "tracepro_plugin_seconds_total",
    "Time in functions of plugins and their statements, without the hooks that they asked.",
    "plugin",
    "kind",
)
PLUGIN_FAILURES = _counter("tracepro_plugin_failures_total", "Hooks that failed.", "plugin")
PLUGIN_OVERRUNS = _counter(
    "tracepro_plugin_overruns_total", "Functions that ran longer than hook_warn_seconds.", "plugin"
)
PLUGIN_HANGS = _counter(
    "tracepro_plugin_hangs_total", "Functions that ran longer than hook_limit_seconds.", "plugin"
)
PLUGIN_SKIPPED = _counter(
    "tracepro_plugin_skipped_total", "Notifications left out while another of the plugin hung.", "plugin"
)
OUT_OF_SERVICE = _gauge(
    "tracepro_plugin_out_of_service", "1 while a plugin is out of service.", "plugin", over="livemax"
)
NOTIFICATIONS = _gauge(
    "tracepro_notifications_waiting", "Notifications that plugins have not been told yet.", over="livesum"
)
NOTIFICATIONS_DROPPED = _counter(
    "tracepro_notifications_dropped_total", "Notifications dropped because too many waited."
)

CPU = _counter("process_cpu_seconds_total", "Time on processors, of all processes that serve or have served.")
MEMORY = _gauge("process_resident_memory_bytes", "Memory in use, of all processes that serve.")
DESCRIPTORS = _gauge("process_open_fds", "Open file descriptors, of the process that has most.")
DESCRIPTORS_LIMIT = _gauge("process_max_fds", "How many file descriptors a process may open.")
START_TIME = _gauge("process_start_time_seconds", "When the youngest of the processes that serve began.")

METRICS = {each.name: each for each in list(vars().values()) if isinstance(each, Metric)}
"""All of them by name."""
