"""The kit's servers: each has a port of its own from the moment it is made."""

import socket

import pytest

from tracepro.testing.server import HOST, free_port


class User:
    """Whose port it is."""


def test_a_port_is_kept_for_its_user_who_can_listen_there():
    user = User()
    port = free_port(user)
    with pytest.raises(OSError), socket.socket() as other:
        other.bind((HOST, port))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((HOST, port))
    for host in (HOST, "0.0.0.0"):
        with socket.create_server((host, port)), socket.create_connection((HOST, port)):
            pass


def test_a_port_is_given_back_with_its_user():
    port = free_port(User())
    with socket.socket() as other:
        other.bind((HOST, port))
