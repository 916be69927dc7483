"""JSON-RPC libraries under their web frameworks, called in process as WSGI: bytes in, bytes out.

The method does nothing; none of them validates parameters against a schema or runs hooks.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

Ask = Callable[[bytes], bytes]


def asked(app: Any, path: str = "/api/") -> Ask:
    """Make a WSGI application a function of bytes."""
    base = {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_TYPE": "application/json",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }

    def ask(body: bytes) -> bytes:
        environ = {**base, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
        return b"".join(app(environ, lambda status, headers, error=None: None))

    return ask


def nothing(**params: Any) -> dict[str, int]:
    """Answer as addop does: the method that all of them serve."""
    return {"op_id": 1}


def jsonrpcserver_flask() -> Ask:
    """Set up jsonrpcserver under Flask, as its documentation shows."""
    from flask import Flask, Response, request
    from jsonrpcserver import Success, dispatch, method

    @method(name="addop")
    def addop(**params: Any) -> Any:
        return Success(nothing(**params))

    app = Flask("jsonrpcserver")

    @app.post("/api/")
    def api() -> Response:
        return Response(dispatch(request.get_data().decode()), content_type="application/json")

    return asked(app)


def pjrpc_flask() -> Ask:
    """Set up pjrpc under Flask."""
    import pjrpc.server
    from pjrpc.server.integration import flask as integration

    methods = pjrpc.server.MethodRegistry()
    methods.add(name="addop")(nothing)
    rpc = integration.JsonRPC("/api")
    rpc.add_methods(methods)
    return asked(rpc.http_app, "/api")


def json_rpc_werkzeug() -> Ask:
    """Set up json-rpc under werkzeug, as its documentation shows."""
    from jsonrpc import Dispatcher, JSONRPCResponseManager
    from werkzeug.wrappers import Request, Response

    methods = Dispatcher({"addop": nothing})

    @Request.application
    def app(request: Request) -> Response:
        answer = JSONRPCResponseManager.handle(request.get_data(as_text=True), methods)
        return Response(answer.json, mimetype="application/json")

    return asked(app)
