"""Lets a worker be logged in at several workplaces of a line at once."""


def migrate(schema):
    """Make a login unique by worker and workplace, no longer by worker alone."""
    schema.define("DROP INDEX workers_login_worker_id")
    schema.define("CREATE UNIQUE INDEX workers_login_worker_id_wp_id ON workers_login (worker_id, wp_id)")
