"""A raw connection to a server, for what no client library would send."""

from __future__ import annotations

import contextlib
import socket


class Wire:
    """A connection to a port of this machine; ``source`` is the address it comes from."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30, source_address=(source, 0))

    def send(self, *parts: bytes) -> Wire:
        """Send bytes as they are, whether or not the server still takes them."""
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(b"".join(parts))
        return self

    def half_close(self) -> Wire:
        """Say that nothing more comes."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
        return self

    def all(self) -> bytes:
        """Return everything the server sends until it closes."""
        got = b""
        with contextlib.suppress(ConnectionError):
            while more := self.socket.recv(65536):
                got += more
        self.close()
        return got

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of one answer with a body of known length."""
        reader = self.socket.makefile("rb")
        status = int(reader.readline().split()[1])
        headers = {}
        while (line := reader.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            headers[name.lower().decode()] = value.strip().decode()
        return status, headers, reader.read(int(headers.get("content-length", 0)))

    def close(self) -> None:
        """Leave."""
        self.socket.close()
