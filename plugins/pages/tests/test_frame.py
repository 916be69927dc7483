"""The frame of pages: what a browser may do, who is led to log in, refusals as pages, panels, the search."""

import pytest
from tracepro_auth import api as auth  # noqa: F401

from tracepro.access import tokens
from tracepro.app import create_app
from tracepro.database.core_models import Audit
from tracepro.findings import StartError
from tracepro_hookspecs import Page, hookimpl

USERS = [
    {"username": "chief", "fullname": "Line Chief", "groups": ["planners"], "password": "right horse"},
    {"username": "guest", "fullname": "A Guest", "groups": [], "password": "right horse"},
]


class Ovens:
    """A plugin with a page, a panel on another page and a code."""

    @hookimpl
    def tracepro_register_pages(self):
        return [
            Page("ovens", "/ui/ovens", "Ovens", "pages/home.html", self.read, menu="Ovens", scope="write")
        ]

    def read(self, call, request):
        return {"subject": {"oven": 4}}

    @hookimpl
    def tracepro_page_panels(self, page, subject):
        if page == "home":
            return {"broken": {"title": "Broken", "template": "pages/nothing.html"}}
        return {"oven": {"title": "<b>Oven</b>", "template": "pages/search.html"}}

    @hookimpl
    def tracepro_pages_of_code(self, code):
        return {
            "OVEN": {"/ui/ovens": "All ovens"},
            "TWO": {
                "/ui/ovens": "All ovens",
                "/ui": "no page of one thing",
                "/ui/search?code=x": "<i>Another</i>",
            },
            "EVIL": {
                "https://evil.example/ui/x": "Evil",
                "//evil.example/ui/x": "Evil",
                "/api/": "not a page",
            },
        }.get(code, {})


@pytest.fixture
def site(make_plant, database):
    def make(**values):
        parameters = {"groups": {"planners": "read write"}, **values.pop("parameters", {})}
        return make_plant(
            ("auth", "pages", "ovens"),
            extra={"ovens": Ovens()},
            plant={"users": USERS},
            parameters=parameters,
            **values,
        )

    return make


@pytest.fixture
def browse(site):
    """Make a client of a site; it keeps its cookie as a browser does."""

    def make(**values):
        return Browser(site(**values))

    return make


class Browser:
    def __init__(self, plant):
        self.plant = plant
        self.cookie = None

    def get(self, path, **headers):
        return self._sent("GET", path, None, headers)

    def post(self, path, body, **headers):
        return self._sent("POST", path, body.encode(), headers)

    def _sent(self, verb, path, body, headers):
        own = {"cookie": self.cookie} if self.cookie else {}
        answer = self.plant.rest(verb, path, body, **{**own, **headers})
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer


def test_the_first_page_says_what_a_browser_may_do(browse):
    answer = browse().get("/ui")
    assert answer.status == 200 and answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert '<a href="/ui/ovens">Ovens</a>' in answer.text


def test_the_root_leads_browsers_there_and_tells_others_of_the_apis(browse):
    browser = browse()
    led = browser.get("/", accept="text/html,application/xhtml+xml")
    assert (led.status, led.headers["location"]) == (303, "/ui")
    assert "rpc.discover" in browser.get("/", accept="*/*").text


def test_files_are_kept_for_ever_under_a_path_of_their_version(browse):
    browser = browse()
    path = browser.get("/ui").text.partition('stylesheet" href="')[2].partition('"')[0]
    answer = browser.get(path)
    assert (
        answer.headers["content-type"].startswith("text/css")
        and "immutable" in answer.headers["cache-control"]
    )
    assert browser.get(path.replace("pages.css", "../frame.py")).status == 404


def test_what_is_not_there_is_told_as_a_page(browse):
    answer = browse().get("/ui/<script>alert(1)</script>")
    assert answer.status == 404 and "<h1>Not Found</h1>" in answer.text
    assert "Log in as somebody else" not in answer.text
    assert "<script>alert" not in answer.text


def test_whoever_is_unknown_is_led_to_log_in_and_back(browse):
    browser = browse(parameters={"api": {"anonymous": "no"}})
    led = browser.get("/ui/search?code=A%26B")
    assert led.status == 303
    assert led.headers["location"] == "/ui/login?back=%2Fui%2Fsearch%3Fcode%3DA%2526B"
    assert 'data-back="/ui/search?code=A%26B"' in browser.get(led.headers["location"]).text


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/ui\\evil.example", "/api/"])
def test_logging_in_never_leads_to_another_server(browse, back):
    answer = browse().get(f"/ui/login?back={back}")
    assert 'data-back="/ui"' in answer.text


def test_a_user_logs_in_calls_and_logs_out(browse):
    browser = browse(parameters={"api": {"anonymous": "no"}})
    answer = browser.post("/ui/login", '{"username": "chief", "password": "right horse"}')
    assert answer.json == {"name": "user:chief", "scopes": ["read", "write"]}
    for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
        assert word in answer.headers["set-cookie"]
    assert "Secure" not in answer.headers["set-cookie"]
    assert ">chief</span>" in browser.get("/ui").text
    assert "result" in browser.post("/api/", '{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}').json
    cookie = browser.cookie
    assert browser.post("/ui/logout", "{}").status == 200
    browser.cookie = cookie
    assert browser.get("/ui").status == 303
    assert browser.post("/api/", '{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}').status == 401


def test_the_cookie_goes_over_tls_only_where_the_site_says_so(browse):
    browser = browse(parameters={"pages": {"url": "https://mes.plant"}})
    answer = browser.post("/ui/login", '{"username": "chief", "password": "right horse"}')
    assert "; Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"username": "chief", "password": "wrong"}', 403, "auth-failed"),
        ('{"username": "nobody", "password": "wrong"}', 403, "auth-failed"),
        ('{"username": "guest", "password": "right horse"}', 403, "no-rights"),
        ('{"token": "tp_1_x"}', 401, "unauthenticated"),
        ('{"username": "chief"}', 400, "invalid-params"),
        ("{}", 400, "invalid-params"),
    ],
)
def test_who_may_not_log_in_gets_no_cookie_and_stands_in_no_record(browse, body, status, code):
    browser = browse(parameters={"api": {"anonymous": "no"}})
    answer = browser.post("/ui/login", body)
    assert (answer.status, answer.json["code"]) == (status, code)
    assert "set-cookie" not in answer.headers


def test_nothing_of_what_was_sent_to_log_in_is_kept(browse):
    browser = browse()
    browser.post("/ui/login", '{"username": "chief", "password": "right horse"}')
    kept = browser.plant.site.store.read(lambda db: db.rows(tokens_and_audit()))
    assert kept and "right horse" not in str(kept)


def tokens_and_audit():
    return Audit.select(Audit.method, Audit.params, Audit.changes)


def test_a_terminal_logs_in_with_its_token_and_may_what_that_may(browse):
    browser = browse(parameters={"api": {"anonymous": "no"}})
    token = browser.plant.write(lambda call: tokens.create(call, "SMT-1", ["read"], ["L1"], None, call.now))
    assert browser.post("/ui/login", f'{{"token": "{token}"}}').json["name"] == "SMT-1"
    assert "Ovens" not in browser.get("/ui").text
    refused = browser.get("/ui/ovens")
    assert refused.status == 403 and "needs the scope write" in refused.text
    assert "Log in as somebody else" in refused.text


def test_by_another_name_of_the_server_nobody_is_led_round_and_round(browse):
    answer = browse().get("/ui/login", host="evil.example")
    assert answer.status == 403 and "is not this server&#39;s address" in answer.text


def test_another_site_can_log_nobody_in(browse):
    body = '{"username": "chief", "password": "right horse"}'
    answer = browse().post("/ui/login", body, origin="http://evil.example")
    assert answer.status == 403 and "set-cookie" not in answer.headers


def test_a_changed_user_is_logged_out(browse):
    browser = browse(parameters={"api": {"anonymous": "no"}})
    browser.post("/ui/login", '{"username": "chief", "password": "right horse"}')
    browser.plant.load({"users": [{**USERS[0], "groups": []}]})
    assert browser.get("/ui").status == 303


def test_a_panel_that_cannot_be_shown_is_left_out(browse):
    answer = browse().get("/ui")
    assert answer.status == 200 and "Broken" not in answer.text


@pytest.mark.parametrize("asked", ["OVEN", " OVEN "])
def test_a_code_of_one_thing_leads_to_its_page(browse, asked):
    answer = browse().get(f"/ui/search?code={asked.replace(' ', '%20')}")
    assert (answer.status, answer.headers["location"]) == (303, "/ui/ovens")


def test_a_code_of_several_things_shows_them(browse):
    answer = browse().get("/ui/search?code=TWO")
    assert answer.status == 200 and '<a class="tile" href="/ui/ovens">All ovens</a>' in answer.text
    assert "&lt;i&gt;Another&lt;/i&gt;" in answer.text


@pytest.mark.parametrize("asked", ["EVIL", "<script>", "%00", ""])
def test_a_code_of_nothing_leads_nowhere(browse, asked):
    answer = browse().get(f"/ui/search?code={asked}")
    assert answer.status in (200, 400) and "evil.example" not in answer.text and "<script>" not in answer.text


def test_a_page_without_its_template_stops_the_start(make_plant):
    wrong = WithPages(Page("x", "/ui/x", "X", "pages/nothing.html", nothing))
    with pytest.raises(StartError, match="page x of wrong: there is no template pages/nothing.html"):
        create_app(make_plant(("auth", "pages", "wrong"), extra={"wrong": wrong}).site, threads=2)


@pytest.mark.parametrize("path", ["/ui/login", "/ui/search/"])
def test_two_pages_of_one_path_stop_the_start(make_plant, path):
    wrong = WithPages(Page("x", path, "X", "pages/home.html", nothing))
    with pytest.raises(
        StartError, match=f"The path {path} is declared by plugins pages and wrong; give the page x"
    ):
        make_plant(("auth", "pages", "wrong"), extra={"wrong": wrong})


def test_without_the_plugin_there_are_no_pages_and_no_way_to_log_in(make_plant):
    plant = make_plant(("auth", "ovens"), extra={"ovens": Ovens()})
    assert [plant.rest("GET", path).status for path in ("/ui", "/ui/ovens", "/ui/login")] == [404] * 3


class WithPages:
    """A plugin with these pages."""

    def __init__(self, *pages):
        self.pages = pages

    @hookimpl
    def tracepro_register_pages(self):
        return list(self.pages)


def nothing(call, request):
    return {}
