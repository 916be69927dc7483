"""The demo plant, and one face for the client libraries of the field."""

import json
import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.demo import make_demo
from tracepro.app import create_app
from tracepro.testing.asgi import AsgiClient
from tracepro.testing.node import node_modules

from .curls import Curl


@pytest.fixture
def demo_plant(make_plant):
    """The demo plant as it is imported, before its morning."""
    return make_demo(make_plant)


@pytest.fixture
def send(demo_plant):
    """Return a function that sends the request of a curl to the demo plant and returns the answer."""
    app = create_app(demo_plant.site, threads=2, dispatcher=demo_plant.dispatcher)
    client = AsgiClient(app)
    yield lambda curl: client(curl.verb, curl.path, [] if curl.body is None else [curl.body], **curl.headers)
    app.pool.close()


class Bridge(BaseHTTPRequestHandler):
    """Sends what comes over a socket to the demo plant, whose clock moves on by a second each time."""

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items() if name.lower() != "host"}
        answer = self.server.send(Curl(self.command, self.path, headers, body or None))
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - so the library calls them

    def log_message(self, *words):
        """Say nothing."""


@pytest.fixture
def demo_url(demo_plant, send):
    """The address at which the demo plant is served, for programs outside of this process."""

    def later(curl):
        demo_plant.clock.advance(seconds=1)
        return send(curl)

    with ThreadingHTTPServer(("127.0.0.1", 0), Bridge) as server:
        server.send = later
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


class Refusal(Exception):
    """What a client library makes of an error, in one form: number, sentence and ``data.code``."""

    def __init__(self, code, message, data):
        super().__init__(message)
        self.code, self.message, self.data = code, message, data


class JsonrpcRequests:
    """jsonrpc-requests, by keyword: its positional calls fail on a single argument."""

    def __init__(self, url):
        import jsonrpc_requests

        self._errors = jsonrpc_requests.ProtocolError
        self._server = jsonrpc_requests.Server(f"{url}/api/")

    def __call__(self, method, **params):
        try:
            return getattr(self._server, method)(**params)
        except self._errors as error:
            raise _refusal(error.server_data["error"]) from error

    def close(self):
        self._server.session.close()


class Pjrpc:
    """pjrpc with its requests backend."""

    def __init__(self, url):
        from pjrpc.client.backend.requests import Client
        from pjrpc.client.exceptions import JsonRpcError

        self._errors = JsonRpcError
        self._client = Client(f"{url}/api/")

    def __call__(self, method, **params):
        try:
            return self._client(method, **params)
        except self._errors as error:
            raise Refusal(error.code, error.message, error.data) from error

    def close(self):
        self._client.close()


class Jsonrpcclient:
    """jsonrpcclient, which leaves HTTP to requests."""

    def __init__(self, url):
        import requests

        self._url = f"{url}/api"
        self._session = requests.Session()

    def __call__(self, method, **params):
        from jsonrpcclient import Ok, parse, request

        answer = parse(self._session.post(self._url, json=request(method, params=params)).json())
        if isinstance(answer, Ok):
            return answer.result
        raise Refusal(answer.code, answer.message, answer.data)

    def close(self):
        self._session.close()


class Jayson:
    """jayson in a Node process that reads calls and writes answers, a line each."""

    SCRIPT = """
        const jayson = require('jayson');
        const client = jayson.Client.http(process.argv[1] + '/api/');
        require('readline').createInterface({input: process.stdin}).on('line', line => {
            const [method, params] = JSON.parse(line);
            client.request(method, params, (broken, error, result) => {
                console.log(JSON.stringify({broken: broken && String(broken), error: error || null, result}));
            });
        });
    """

    def __init__(self, url, modules):
        self._node = subprocess.Popen(
            ["node", "-e", self.SCRIPT, url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "NODE_PATH": str(modules)},
        )

    def __call__(self, method, **params):
        print(json.dumps([method, params]), file=self._node.stdin, flush=True)
        answer = json.loads(self._node.stdout.readline())
        assert not answer["broken"], answer["broken"]
        if answer["error"]:
            raise _refusal(answer["error"])
        return answer["result"]

    def close(self):
        self._node.stdin.close()
        self._node.wait(30)
        self._node.stdout.close()


def _refusal(error):
    return Refusal(error["code"], error["message"], error.get("data"))


@pytest.fixture(scope="session")
def refused():
    """The exception all these clients raise for a JSON-RPC error."""
    return Refusal


@pytest.fixture(scope="session")
def jayson_modules():
    """The folder of jayson; None without Node or a registry."""
    return node_modules("jayson@4")


@pytest.fixture
def clients(jayson_modules):
    """Return a function from url to one client of each library; jayson only where it is installed."""
    made = []

    def make(url):
        made.extend(kind(url) for kind in (JsonrpcRequests, Pjrpc, Jsonrpcclient))
        if jayson_modules:
            made.append(Jayson(url, jayson_modules))
        return made

    yield make
    for client in made:
        client.close()
