"""Proxies between the server and PostgreSQL: by TCP, wherever PostgreSQL itself listens."""

import select
import socket
from urllib.parse import parse_qs, urlsplit

from tracepro.testing.proxy import HOST, Proxy


def to_database(url):
    """Return a function that connects to the PostgreSQL of a url, by its socket file or by TCP."""
    parts = urlsplit(url)
    folder = parse_qs(parts.query).get("host", [None])[0]

    def connect():
        if folder is None:
            return socket.create_connection((parts.hostname, parts.port or 5432))
        link = socket.socket(socket.AF_UNIX)
        link.connect(f"{folder}/.s.PGSQL.5432")
        return link

    return connect


def by_proxy(url, proxy):
    """Return the url of the same database behind a proxy."""
    parts = urlsplit(url)
    return f"postgresql://{parts.username or 'postgres'}@{HOST}:{proxy.port}{parts.path}"


class BreakingProxy(Proxy):
    """Breaks the connection at the n-th piece that goes to PostgreSQL after ``arm(n)``: before it, or before its answer.

    Each piece is sent on and answered before the next comes, as the server does it.
    """

    def __init__(self, connect):
        self._connect = connect
        self._left = 0
        self.fired = False
        self.loses_answer = False
        super().__init__()

    def arm(self, number):
        """Break at this piece from now on."""
        self._left, self.fired = number, False

    def disarm(self):
        """Break no more."""
        self._left = 0

    def handle(self, client):
        """Pass bytes both ways, whichever come."""
        with self._tracked(self._connect()) as server:
            ends = {client: server, server: client}
            while True:
                for source in select.select(list(ends), [], [])[0]:
                    data = source.recv(1 << 20)
                    if not data or (source is client and self._breaks(server, data)):
                        return
                    ends[source].sendall(data)

    def _breaks(self, server, data):
        if not self._left:
            return False
        self._left -= 1
        if self._left:
            return False
        self.fired = True
        if self.loses_answer:
            server.sendall(data)
            server.recv(1)
        return True
