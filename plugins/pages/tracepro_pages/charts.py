"""Charts as SVG inside the page; their colours are classes of the stylesheet, nothing in them is script or style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

HEIGHT, WIDTH = 320, 800
Series = Mapping[str, Sequence[float | int | None]]


def bars(title: str, labels: Sequence[str], series: Series, *, stacked: bool = False) -> Markup:
    """Return a bar chart: ``series`` has a value for each label, by name."""
    import pygal

    return _drawn((pygal.StackedBar if stacked else pygal.Bar), title, labels, series)


def lines(title: str, labels: Sequence[str], series: Series) -> Markup:
    """Return a line chart: ``series`` has a value, or None, for each label, by name."""
    import pygal

    return _drawn(pygal.Line, title, labels, series)


def _drawn(kind: Any, title: str, labels: Sequence[str], series: Series) -> Markup:
    chart = kind(
        js=(),
        css=(),
        title=title,
        height=HEIGHT,
        width=WIDTH,
        explicit_size=False,
        disable_xml_declaration=True,
        no_prefix=True,
        show_legend=len(series) > 1,
        legend_at_bottom=True,
        x_label_rotation=30 if len(labels) > 8 else 0,
        no_data_text="No data",
    )
    chart.x_labels = [str(label) for label in labels]
    for name, values in series.items():
        chart.add(name, list(values))
    return Markup(chart.render(is_unicode=True))  # noqa: S704 - pygal escapes what it is given


CHARTS = {"bars": bars, "lines": lines}
