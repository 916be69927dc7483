"""The names that the core itself answers to, which no plugin may take."""

from __future__ import annotations

METHODS = ("rpc.discover",)
ROUTES = (
    ("GET", "/"),
    ("GET", "/api/openapi.json"),
    ("GET", "/ui/files"),
    ("GET", "/healthz"),
    ("GET", "/metrics"),
    ("GET", "/plugins"),
    ("GET", "/readyz"),
    ("POST", "/api"),
    ("POST", "/api/plant"),
)
COMMANDS = {
    "serve": "Serve the plant.",
    "check": "Report everything that is wrong with configuration, database and migrations.",
    "migrate": "Bring the database's tables up to date with the plugins.",
    "import": "Create or update what a plant file lists.",
    "plugins": "List the plugins, enabled and installed.",
    "new-plugin": "Write a plugin that works as it is, to go on from.",
    "backup": "Copy the database into a file while it is used, and prove the copy.",
    "restore": "Put a backup in the place of the database, all or nothing, and prove it.",
    "token": "Create, list, renew and revoke tokens.",
    "archive": "Move what is old out of the database into files, and find it there.",
    "audit": "Export the record of who changed what.",
}
"""The subcommands of ``tracepro`` with what its help says of them."""
ACTIONS = {"audit export": "Print the record as JSON lines, oldest first."}
"""The core's own actions of the commands that plugins may add actions to."""
FIRST_PARTY = (
    "workplaces",
    "workers",
    "orders",
    "items",
    "material",
    "labels",
    "lines",
    "smdcarts",
    "boxes",
    "counters",
    "alerts",
    "documents",
    "sitedata",
    "erp",
    "auth",
    "tooling",
    "pages",
    "seal",
)
"""The plugins that are published with the core, each after those it requires."""
PACKAGES = ("core", "hookspecs", "schemas")
"""What else is called ``tracepro_…``, or speaks of the core where a plugin's name stands."""
