"""A real server with a generated plant, for the rows that go over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from benchmarks.scene import PLANT, PLUGINS, Folder, Scene
from tracepro.testing.server import Server, write_ini


@contextmanager
def serve(
    folder: Folder,
    url: str | None = None,
    *,
    plugins: Sequence[str] = PLUGINS,
    arguments: Sequence[str] = (),
    parameters: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[Server]:
    """Start a server on a database (a fresh SQLite file without one) and stop it at the end."""
    if url is None:
        url = folder.url(f"served{len(list(folder.path.iterdir()))}")
        Scene(url, plugins, plant=PLANT.file()).close()
    files = folder.path / f"server{len(list(folder.path.iterdir()))}"
    files.mkdir()
    write_ini(files / "plugins.ini", {"plugins": {"enabled": plugins}})
    write_ini(files / "parameters.ini", parameters or {})
    server = Server(files, url, arguments).start()
    try:
        yield server
    finally:
        server.stop()
