"""QR codes as SVG inside the page, for labels that people print."""

from __future__ import annotations

from markupsafe import Markup


def qr(text: str) -> Markup:
    """Return the QR code of a text, black on white whatever the page's colours are; it may lose a seventh of itself."""
    import segno

    made = segno.make_qr(text, error="m")
    return Markup(made.svg_inline(omitsize=True, light="#fff", svgclass="qr", lineclass=None))  # noqa: S704 - lines only, no text
