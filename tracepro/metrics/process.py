"""What the system knows of the processes that serve: memory, descriptors, when they began."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from tracepro.metrics.declared import DESCRIPTORS, DESCRIPTORS_LIMIT, MEMORY, START_TIME, Metric

TOGETHER: dict[Metric, Callable[[Iterable[float]], float]] = {
    MEMORY: sum,
    DESCRIPTORS: max,
    DESCRIPTORS_LIMIT: min,
    START_TIME: max,
}
"""How the figures of several processes become one."""


def process_figures(processes: Iterable[int]) -> Iterator[tuple[Metric, float]]:
    """Yield the figures of processes together; one that has ended meanwhile has none."""
    found = [_figures(process) for process in processes]
    for metric, together in TOGETHER.items():
        values = [figures[metric.name] for figures in found if metric.name in figures]
        if values:
            yield metric, together(values)


def _figures(process: int) -> dict[str, float]:
    from prometheus_client import ProcessCollector

    families = ProcessCollector(pid=lambda: process, registry=None).collect()
    return {sample.name: sample.value for family in families for sample in family.samples}
