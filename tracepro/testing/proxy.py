"""Proxies for tests: a bad network between terminals and a server, one that cuts or freezes a connection."""

from __future__ import annotations

import contextlib
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator

HOST = "127.0.0.1"
Address = tuple[str, int]


class Proxy:
    """Listens on a port and gives each connection to ``handle(client)`` in a thread of its own."""

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        threading.Thread(target=self._accept, daemon=True).start()

    def handle(self, client: socket.socket) -> None:
        """Do what this kind of proxy does with a connection."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop listening and drop every connection."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop()

    def drop(self) -> None:
        """Drop every connection there is."""
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._run, args=(client,), daemon=True).start()

    def _run(self, client: socket.socket) -> None:
        with self._tracked(client), contextlib.suppress(OSError):
            self.handle(client)

    @contextlib.contextmanager
    def _tracked(self, connection: socket.socket) -> Iterator[socket.socket]:
        with self._lock:
            self._open.add(connection)
        try:
            with connection:
                yield connection
        finally:
            with self._lock:
                self._open.discard(connection)


class RoughProxy(Proxy):
    """Passes HTTP on and, by the dice of ``seed``, does to every other exchange what a bad network does; ``fates`` counts what."""

    def __init__(self, target: Address, seed: int, share: float = 0.5) -> None:
        self._target = target
        self._dice = random.Random(seed)
        self._share = share
        self._ways = (
            self.lose_request,
            self.lose_answer,
            self.delay,
            self.cut_request,
            self.cut_answer,
            self.reset,
            self.drip,
            self.send_twice,
            self.half_close,
        )
        self.fates: Counter[str] = Counter()
        super().__init__()

    def handle(self, client: socket.socket) -> None:
        """Pass one request after the other until one is lost."""
        with self._tracked(socket.create_connection(self._target)) as server:
            while request := read_message(client):
                throw, way = self._dice.random(), self._dice.choice(self._ways)
                if throw >= self._share:
                    way = self.passed
                self.fates[way.__name__] += 1
                answer = way(server, client, request)
                if not answer:
                    return
                client.sendall(answer)

    def passed(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Return the answer as it came."""
        server.sendall(request)
        return read_message(server)

    def lose_request(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Send nothing on."""
        return b""

    def lose_answer(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Have the request served and the answer lost."""
        self.passed(server, client, request)
        return b""

    def delay(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Keep the request for a moment, in which others overtake it."""
        threading.Event().wait(self._dice.random() / 20)
        return self.passed(server, client, request)

    def cut_request(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Send a part of the request, and no more."""
        server.sendall(request[: self._dice.randrange(1, len(request))])
        return b""

    def cut_answer(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Send a part of the answer back, and no more."""
        answer = self.passed(server, client, request)
        client.sendall(answer[: len(answer) // 2])
        return b""

    def reset(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Have both sides told that the connection was reset, with the request under way."""
        server.sendall(request)
        for each in (server, client):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return b""

    def drip(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Send the request in many small pieces."""
        server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for start in range(0, len(request), 50):
            server.sendall(request[start : start + 50])
            threading.Event().wait(0.001)
        return read_message(server)

    def send_twice(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Send the request by two connections at once, and return what the second answers."""
        with socket.create_connection(self._target) as other:
            server.sendall(request)
            other.sendall(request)
            read_message(server)
            return read_message(other)

    def half_close(self, server: socket.socket, client: socket.socket, request: bytes) -> bytes:
        """Say to the server, behind the request, that no more will come."""
        server.sendall(request)
        server.shutdown(socket.SHUT_WR)
        with contextlib.suppress(OSError):
            client.sendall(read_message(server))
        return b""


class CuttingProxy(Proxy):
    """Passes bytes on both ways until it is told to refuse everybody or to stand still."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        self._connect = connect
        self._may_pass = threading.Event()
        self._may_pass.set()
        self._refuses = False
        super().__init__()

    def cut(self) -> None:
        """Drop every connection and refuse new ones, as a stopped server does."""
        self._refuses = True
        self.drop()

    def freeze(self) -> None:
        """Let nothing through and close nothing, as a lost network does."""
        self._may_pass.clear()

    def restore(self) -> None:
        """Pass everything on again."""
        self._refuses = False
        self._may_pass.set()

    def handle(self, client: socket.socket) -> None:
        """Pass bytes both ways."""
        if self._refuses:
            return
        with self._tracked(self._connect()) as server:
            back = threading.Thread(target=self._pass_on, args=(server, client), daemon=True)
            back.start()
            self._pass_on(client, server)
            back.join()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                self._may_pass.wait()
                target.sendall(data)
        for each in (source, target):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def read_message(connection: socket.socket) -> bytes:
    """Read one HTTP message with its body; empty when the connection ends before it is whole."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    missing = _length(head) - len(body)
    while missing > 0:
        more = connection.recv(missing)
        if not more:
            return b""
        data, missing = data + more, missing - len(more)
    return data


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    return 0
