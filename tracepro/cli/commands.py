"""The subcommands of the core, by name."""

COMMANDS = {
    "serve": "Serve the plant.",
    "check": "Report everything that is wrong with configuration, database and migrations.",
    "migrate": "Bring the database's tables up to date with the plugins.",
    "import": "Create or update what a plant file lists.",
    "plugins": "List the plugins, enabled and installed.",
    "token": "Create, list and revoke tokens.",
    "audit": "Export the record of who changed what.",
}
