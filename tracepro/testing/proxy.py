"""Proxies for tests: one that loses requests and answers, one that cuts or freezes a connection."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
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


class LosingProxy(Proxy):
    """Passes HTTP on and, by the dice of ``seed``, loses a request before or the answer after it was served."""

    def __init__(self, target: Address, seed: int, losses: float = 0.5) -> None:
        self._target = target
        self._dice = random.Random(seed)
        self._losses = losses
        self.lost_requests = 0
        self.lost_answers = 0
        super().__init__()

    def handle(self, client: socket.socket) -> None:
        """Pass one request after the other until one is lost."""
        with self._tracked(socket.create_connection(self._target)) as server:
            while request := read_message(client):
                throw = self._dice.random()
                if throw < self._losses / 2:
                    self.lost_requests += 1
                    return
                server.sendall(request)
                answer = read_message(server)
                if throw < self._losses:
                    self.lost_answers += 1
                    return
                client.sendall(answer)


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
