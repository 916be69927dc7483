"""Raw connections to a real server."""

import contextlib
import socket

import pytest


class Wire:
    """A raw connection."""

    def __init__(self, server):
        self.socket = socket.create_connection(("127.0.0.1", server.port), timeout=30)

    def send(self, *parts):
        with contextlib.suppress(ConnectionError):
            self.socket.sendall(b"".join(parts))
        return self

    def half_close(self):
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
        return self

    def all(self):
        """Everything the server sends until it closes."""
        got = b""
        with contextlib.suppress(ConnectionError):
            while more := self.socket.recv(65536):
                got += more
        self.socket.close()
        return got

    def answer(self):
        """One answer with a body of known length."""
        reader = self.socket.makefile("rb")
        status = int(reader.readline().split()[1])
        headers = {}
        while (line := reader.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            headers[name.lower().decode()] = value.strip().decode()
        return status, headers, reader.read(int(headers.get("content-length", 0)))


@pytest.fixture
def wire(server):
    opened = []

    def connect():
        opened.append(Wire(server))
        return opened[-1]

    yield connect
    for one in opened:
        one.socket.close()
