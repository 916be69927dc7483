"""The subcommands of the core, by name."""

COMMANDS = {
    "serve": "Serve the plant.",
    "check": "Tell everything that is wrong with configuration, database and migrations.",
    "migrate": "Bring the database's tables up to the plugins.",
    "import": "Create or update what a plant file says.",
    "plugins": "List the plugins, enabled and installed.",
    "token": "Create, list and revoke tokens.",
    "audit": "Export the record of who changed what.",
}
