"""A proxy on this machine makes nobody a caller on this machine: as far as it can be seen, and the rest is warned of."""

import pytest

from tracepro.access.proxies import FIX
from tracepro.app import create_app
from tracepro.config.settings import Settings
from tracepro.findings import Findings
from tracepro.site import examine
from tracepro.testing.asgi import AsgiClient
from tracepro_hookspecs import Parameter, hookimpl

CALL = b'{"jsonrpc":"2.0","method":"getnext","params":["proxy","n"],"id":1}'
HEADERS = [
    "Forwarded",
    "Via",
    "X-Forwarded",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Original-Forwarded-For",
    "X-Real-IP",
    "X-Client-IP",
    "True-Client-IP",
    "CF-Connecting-IP",
    "X-Cluster-Client-IP",
    "Fastly-Client-IP",
    "X-Envoy-External-Address",
    "X_Forwarded_For",
    "X_Real_IP",
    "X-Forward-For",
    "X-HTTP-Forwarded-For",
    "Z-Forwarded-For",
    "X-Vercel-Forwarded-For",
    "X-Azure-ClientIP",
    "X-Appengine-User-IP",
    "X-Via",
    "X-BlueCoat-Via",
    "Incap-Client-IP",
    "Front-End-Https",
    "X-Scheme",
    "Proxy-Connection",
]


@pytest.fixture
def send(make_plant):
    """Send a call without a token, through the app of a site that takes this machine in both ways."""
    plant = make_plant(
        ("workplaces", "counters"), parameters={"api": {"anonymous": "loopback 127.0.0.1/32"}}, queued=True
    )
    client = AsgiClient(create_app(plant.site))
    return lambda **headers: (
        client("POST", "/api/", [CALL], content_type="application/json", **headers).status
    )


def test_every_forwarding_header_needs_a_token(send):
    assert send() == 200
    assert {name: send(**{name: "10.20.0.4"}) for name in HEADERS} == dict.fromkeys(HEADERS, 403)
    assert send(**{"cf-ray": "1"}) == 403


def test_http_1_0_needs_a_token(serve_plant):
    """Nginx speaks it by default, and sends nothing else that tells of it."""
    server = serve_plant(("workplaces", "counters"))
    made = server.command("token", "create", "T", "--scope", "write")
    token = {"Authorization": f"Bearer {made.stdout.split()[-1]}"}
    client = server.client()
    assert client.send("POST", "/api/", CALL).status == 200
    client._connection._http_vsn, client._connection._http_vsn_str = 10, "HTTP/1.0"
    refused = client.send("POST", "/api/", CALL)
    assert refused.status == 403 and "HTTP/1.0" in refused.json["error"]["message"]
    assert client.send("POST", "/api/", CALL, token).status == 200
    assert client.send("GET", "/healthz").status == 200
    client.close()


class Pages:
    """Declares where the pages of the plant are found."""

    fragment = {}

    @staticmethod
    @hookimpl
    def tracepro_register_parameters():
        return [Parameter("pages", "url", "", "The address of the pages.")]


@pytest.mark.parametrize(
    ("api", "url", "seen"),
    [
        ({}, "", []),
        ({}, "http://mes.plant", []),
        ({}, "https://mes.plant", ["[pages] url"]),
        ({"hosts": "mes.plant"}, "https://mes.plant", ["[api] hosts", "[pages] url"]),
        ({"hosts": "mes.plant", "anonymous": "10.20.0.0/16"}, "", []),
        ({"hosts": "mes.plant", "anonymous": "loopback 10.20.0.0/16"}, "", []),
        ({"anonymous": "10.20.0.0/16 127.0.0.0/8"}, "", ["[api] anonymous"]),
        ({"hosts": "mes.plant", "anonymous": "no"}, "https://mes.plant", []),
    ],
)
def test_a_check_demands_tokens_where_it_sees_a_proxy(tmp_path, api, url, seen):
    parameters = {"api": api, "pages": {"url": url}}
    settings = Settings.of(("web",), parameters=parameters, database=f"sqlite:///{tmp_path}/p.db")
    findings = Findings()
    examine(settings, findings, {"web": Pages()})
    warned = [finding.info for finding in findings if FIX in finding.info]
    assert len(warned) == len(seen)
    assert all(word in info for word, info in zip(seen, warned, strict=True))
