"""Charts as SVG inside the page; their colours are classes of the stylesheet, nothing in them is script or style."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from xml.etree.ElementTree import Element

from markupsafe import Markup

HEIGHT, WIDTH = 360, 800
FONT_SIZE = 14
"""That of the stylesheet, by which space is left for labels."""
FONT_SIZES = ("label_font_size", "major_label_font_size", "legend_font_size", "title_font_size")
LONGEST_LABEL = 18
Series = Mapping[str, Sequence[float | int | None]]
FrozenSeries = tuple[tuple[str, tuple[float | int | None, ...]], ...]


def bars(title: str, labels: Sequence[str], series: Series, *, stacked: bool = False) -> Markup:
    """Return a bar chart: ``series`` has a value for each label, by name."""
    return _drawn("StackedBar" if stacked else "Bar", title, tuple(map(str, labels)), _frozen(series))


def lines(title: str, labels: Sequence[str], series: Series) -> Markup:
    """Return a line chart: ``series`` has a value, or None, for each label, by name."""
    return _drawn("Line", title, tuple(map(str, labels)), _frozen(series))


def _frozen(series: Series) -> FrozenSeries:
    return tuple((name, tuple(values)) for name, values in series.items())


@lru_cache(maxsize=128)
def _drawn(kind: str, title: str, labels: tuple[str, ...], series: FrozenSeries) -> Markup:
    """Draw a chart once: it takes longer than all else of a page, and screens ask for the same one every few seconds."""
    import pygal
    from pygal.style import Style

    chart = getattr(pygal, kind)(
        style=Style(**dict.fromkeys(FONT_SIZES, FONT_SIZE)),
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
        truncate_label=LONGEST_LABEL,
        truncate_legend=LONGEST_LABEL,
        max_scale=8,
        no_data_text="No data",
    )
    chart.add_xml_filter(partial(_bare, title))
    chart.x_labels = list(labels)
    for name, values in series:
        chart.add(name, list(values))
    return Markup(chart.render(is_unicode=True))  # noqa: S704 - pygal escapes what it is given


def _bare(title: str, drawing: Element) -> Element:
    """Return a drawing without style, script and what only they would show, and with its title read out."""
    for part in list(drawing.iter()):
        for inner in list(part):
            if _is_for_script(inner):
                part.remove(inner)
        part.attrib.pop("id", None)
    drawing.set("role", "img")
    drawing.set("aria-label", title)
    return drawing


def _is_for_script(part: Element) -> bool:
    comment = not isinstance(part.tag, str)
    return comment or part.tag.endswith(("defs", "desc")) or "tooltip-overlay" in part.get("class", "")


CHARTS = {"bars": bars, "lines": lines}
