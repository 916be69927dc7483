"""The whole site, all plugins with some objects of each kind, called without a socket."""

import json

from tracepro.access import tokens
from tracepro.app import create_app
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.testing.asgi import AsgiClient

SCOPES = ("read", "write", "admin", "tooling:testing")
NOW = 1_795_168_800  # what the clock of the plant says
KEPT, SEEDED = 6, 12
"""How many objects of a kind nothing deletes, and how many there are at first."""
PLANT = {
    "acts": [{"id": 1, "name": "MILLING"}],
    "workplaces": [{"id": n, "name": f"Mill {n}", "acts": [1]} for n in range(1, KEPT + 1)],
    "workers": [{"id": 32, "name": "J. Novak"}],
    "lines": [{"name": f"L{n}", "machines": [{"name": "M", "wp_id": n}]} for n in (1, 2)],
}
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c636000000002000148afa4710000000049454e44ae426082"
)

RAW = {"image": (PNG, "image/png"), "import": (b"name,quantity\nN1,5\n", "text/csv")}
"""Right bodies of the routes that take bytes, with their types, by the end of the path."""


class WholeSite:
    """The whole site with some objects of each kind, called without a socket."""

    def __init__(self, make_plant, **api):
        plant = make_plant(plant=PLANT, parameters={"api": {"anonymous": "no", **api}})
        self.plant = plant
        self.site = plant.site
        self.app = create_app(plant.site, threads=2, dispatcher=Dispatcher(plant.site, inline=True))
        self.token = plant.write(lambda call: tokens.create(call, "fuzz", SCOPES, None, None, 1))
        self._send = AsgiClient(self.app)
        for n in range(1, SEEDED + 1):
            self._seed(n)

    def _seed(self, n):
        name = {"name": f"N{n}"}
        self.right("PUT", "processes/", {**name, "machine_id": 1 + n % KEPT})
        self.right("PUT", "programs/", {**name, "process_id": n, "item": "HOUSING"})
        self.right("PUT", "tools/assemblies/", {**name, "process_id": n, "shared": n % 2 == 0})
        self.right("PUT", "inventory/items/", name)
        self.right("PUT", "inventory/", {**name, "items": {str(n): 1000}})
        tool = {
            **name,
            "assembly_id": n,
            "inventory_item_id": n,
            "part_count": 3,
            "parts": {str(n): 2},
            "durable": True,
        }
        self.right("PUT", "tools/", tool)
        self.right("POST", f"tools/{n}/replace", {"notes": "worn", "inventory_point_id": n})

    def send(self, verb, path, body=None, **headers):
        """Send a request to a path below /api/, a body as JSON, bytes as they are."""
        chunks = [] if body is None else [body if isinstance(body, bytes) else json.dumps(body).encode()]
        given = {"authorization": f"Bearer {self.token}", "content-type": "application/json", **headers}
        return self._send(verb, "/api/" + path, chunks, **given)

    def right(self, verb, path, body=None, **headers):
        """Send a request that must be taken."""
        answer = self.send(verb, path, body, **headers)
        assert answer.status < 300, (verb, path, body, answer.body)
        return answer

    async def __call__(self, scope, receive, send):
        """Serve a request; the site has begun already, so there is no lifespan."""
        if scope["type"] == "lifespan":
            raise NotImplementedError
        await self.app(scope, receive, send)
