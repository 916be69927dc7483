"""The requests that texts for the shell make with curl: read as the shell reads them, sent without a socket, answers compared."""

import json
import re
from typing import NamedTuple
from urllib.parse import urlsplit

ADDRESS = re.compile(r"(http://)?(localhost|127\.0\.0\.1):8080/")
MISSING = "(not there)"
ALONE, WITH_VALUE = ("-s", "-f"), ("-X", "-H", "-d", "--data-binary", "-o", "-w")


class Curl(NamedTuple):
    """A request: verb, path with its query, headers with small letters, body, None for none, and what is printed of the answer."""

    verb: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    printed: str | None = None

    @property
    def is_rpc(self):
        """Whether it is a JSON-RPC call."""
        return self.path.rstrip("/") == "/api"


def curl_of(words, files=None):
    """Return the request of the words after ``curl``; ``files`` are the bytes of those that ``@name`` reads, by name."""
    url, given, words = None, {}, iter(words)
    for word in words:
        if word in WITH_VALUE:
            given.setdefault(word, []).append(next(words))
        elif word not in ALONE:
            assert url is None and ADDRESS.match(word), f"{word} is nothing that this runner knows of curl"
            url = urlsplit(word if "//" in word else f"//{word}")
    headers = {name.lower(): value for name, value in (each.split(": ", 1) for each in given.get("-H", ()))}
    body = _body((given.get("-d") or given.get("--data-binary") or [None])[0], files or {})
    verb = given.get("-X", ["GET" if body is None else "POST"])[0]
    path = url.path + (f"?{url.query}" if url.query else "")
    return Curl(verb, path, headers, body, given.get("-w", [None])[0])


def _body(data, files):
    if data is None:
        return None
    return files[data[1:]] if data.startswith("@") else data.encode()


def printed(curl, answer):
    """Return what curl prints of an answer: its body, or what ``-w`` says."""
    if curl.printed is None:
        return answer.body.decode()
    values = {"http_code": answer.status, "size_download": len(answer.body), **answer.headers}
    named = re.sub(
        r"%\{(\w+)\}",
        lambda found: str(values[found[1].replace("content_type", "content-type")]),
        curl.printed,
    )
    return named.removesuffix("\\n")


def shown_answer(text):
    """Return the answer that stands in comments behind a command, None for none."""
    return " ".join(re.findall(r"^# *(.*)", text, flags=re.MULTILINE)) or None


def differences(shown, answer):
    """Return what is shown and not so, by its place; an object that is shown with ``…`` has members beside those."""
    try:
        wanted, found = json.loads(shown.replace("…", '"…": null')), json.loads(answer)
    except ValueError:
        return [] if shown == answer else [("", shown, answer)]
    return list(_differences("", wanted, found))


def _differences(place, wanted, found):
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = {*wanted} - {"…"} if "…" in wanted else {*wanted, *found}
        for name in sorted(names):
            yield from _differences(f"{place}.{name}", wanted.get(name, MISSING), found.get(name, MISSING))
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from _differences(f"{place}[{index}]", one, other)
    elif wanted != found:
        yield place, wanted, found
