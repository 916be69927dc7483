"""Generated requests, right and wrong ones, find nothing that the document doesn't say."""

import io

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from requests.adapters import BaseAdapter
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode
from urllib3 import HTTPResponse

EXAMPLES = 25
STATUSES = ["2xx", "401", "403", "404", "409", "412", "429"]  # 412: a made-up If-Match is rightly refused
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"positive_data_acceptance": {"expected-statuses": STATUSES}}}
)


class AppAdapter(BaseAdapter):
    """Lets ``requests`` talk to an app without a socket."""

    def __init__(self, send):
        super().__init__()
        self._send = send

    def send(self, request, **_):
        body = request.body.encode() if isinstance(request.body, str) else request.body
        headers = {
            name.lower(): _text(value) for name, value in request.headers.items() if name.lower() != "host"
        }
        path = request.path_url.partition("?")
        target = requests.utils.unquote(path[0]) + path[1] + path[2]
        answer = self._send(request.method, target, [body] if body else [], **headers)
        return self._response(request, answer)

    @staticmethod
    def _response(request, answer):
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response.raw = HTTPResponse(
            io.BytesIO(answer.body), answer.headers, answer.status, preload_content=False
        )
        response.request, response.url = request, request.url
        return response

    def close(self):
        pass


def _text(value):
    return value.decode("latin-1") if isinstance(value, bytes) else value


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_generated_requests_find_nothing(rest, mode):
    for number in range(3):
        rest("PUT", "", {"name": f"shelf {number}"})
    session = requests.Session()
    session.mount("http://", AppAdapter(rest.send))
    schema = schemathesis.openapi.from_dict(rest.send("GET", "/api/openapi.json").json, config=CONFIG)

    @schema.hook
    def map_path_parameters(context, path_parameters):
        """Hit shelves that are there, which random ids never do."""
        if isinstance((path_parameters or {}).get("id"), int) and mode is GenerationMode.POSITIVE:
            path_parameters["id"] %= 6
        return path_parameters

    def try_out(operation):
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode))
        def tried(case):
            case.call_and_validate(base_url="http://localhost", session=session)

        tried()

    for result in schema.get_all_operations():
        if not result.ok().path.endswith(
            ("/crash", "/count", "/names") if mode is GenerationMode.NEGATIVE else "/crash"
        ):
            try_out(result.ok())
