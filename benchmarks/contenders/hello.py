"""The least that a Falcon app on the same gunicorn can do with a call: read it, and answer always the same."""

from __future__ import annotations

from falcon.asgi import App, Request, Response

ANSWER = b'{"jsonrpc":"2.0","result":{"op_id":1},"id":1}'


class Hello:
    """The one resource."""

    async def on_post(self, req: Request, resp: Response) -> None:
        """Read a call and answer."""
        await req.stream.read()
        resp.content_type = "application/json"
        resp.data = ANSWER


app = App()
app.req_options.strip_url_path_trailing_slash = True
app.add_route("/api", Hello())
