"""The error a test gets when a call is refused."""

from __future__ import annotations

from typing import Any


class RpcError(Exception):
    """A JSON-RPC error: ``code`` is the number, ``message`` the sentence, ``data`` the object with ``code``."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        word = data.get("code") if isinstance(data, dict) else None
        super().__init__(f"{code} {word}: {message}")
        self.code = code
        self.message = message
        self.data = data

    @classmethod
    def of(cls, error: dict[str, Any]) -> RpcError:
        """Make one of the ``error`` member of an answer."""
        return cls(error["code"], error["message"], error.get("data"))
