"""The layout of a site's pages: what makes HTML of them, built by the plugin that brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracepro.findings import StartError
from tracepro_hookspecs import PageOf, Renderer

if TYPE_CHECKING:
    from tracepro.site import Site


def renderer_of(site: Site, *, checked: bool = False) -> Renderer | None:
    """Return what makes HTML of the site's pages, None where no plugin brings a layout; ``checked`` looks at every template first.

    Raises StartError.
    """
    brought = site.contributions
    folders = {plugin.name: plugin.folder for plugin in site.plugins if plugin.folder is not None}
    pages = [PageOf(registered.plugin, registered.declaration) for registered in brought.pages.values()]
    for registered in brought.layouts.values():
        try:
            renderer = registered.declaration.build(site, pages, folders)
            if checked:
                renderer.check()
            return renderer
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            raise StartError(
                f"Plugin {registered.plugin} can't build the pages: {reason}; mend it."
            ) from error
    return None
