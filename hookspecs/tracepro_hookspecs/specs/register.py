"""Register hooks: what a plugin brings; asked once at start, site-wide; an exception stops the start."""

from __future__ import annotations

from peewee import Model

from tracepro_hookspecs.archive import Archive
from tracepro_hookspecs.declare import (
    BackupProbe,
    BasicData,
    Command,
    Method,
    Option,
    Parameter,
    PlantSection,
    Route,
)
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.pages import Layout, Page


@hookspec
def tracepro_register_requirements() -> list[str]:
    """Name the plugins this one needs on every line where it is enabled.

    Kind: register
    When: once at start, before anything else is asked; no transaction.
    Arguments: none.
    Returns: a list of plugin names.
    Errors: a line that has the plugin without one of these stops the start, naming both and the line.
    Lines: asked for the site, judged for each line.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_register_requirements():
            return ["items", "workers"]
    """


@hookspec
def tracepro_register_methods() -> list[Method]:
    """Declare JSON-RPC methods.

    Kind: register
    When: once at start; no transaction.
    Arguments: none.
    Returns: a list of ``Method``; each needs its entry in the plugin's ``schemas/<name>.json``.
    Errors: a method that two plugins bring, one without a schema, or a handler whose signature is not the
        schema's stops the start, naming the plugins.
    Lines: site-wide; a call for a line where the plugin is off answers 1004 ``plugin-off``.
    Since: 1.0
    Example::

        def oven_state(call, wp_id):
            return {"wp_id": wp_id, "celsius": None}


        @hookimpl
        def tracepro_register_methods():
            return [Method("ovenstate", oven_state, "read", line_from=("wp_id",))]
    """


@hookspec
def tracepro_register_routes() -> list[Route]:
    """Declare REST routes.

    Kind: register
    When: once at start; no transaction.
    Arguments: none.
    Returns: a list of ``Route``; a field of a path that is called ``id`` or ends in ``_id`` is a whole number.
    Errors: one verb and path from two plugins stops the start, naming both.
    Lines: site-wide; a request for a line where the plugin is off answers ``plugin-off``.
    Since: 1.0
    Example::

        def show_oven(call, request):
            return {"wp_id": request.path["id"]}


        @hookimpl
        def tracepro_register_routes():
            return [Route("GET", "/api/ovens/{id}", show_oven, "read", "One oven.")]
    """


@hookspec
def tracepro_register_models() -> list[type[Model]]:
    """Declare the peewee models whose tables this plugin owns.

    Kind: register
    When: once at start, before the database is opened; no transaction.
    Arguments: none.
    Returns: a list of model classes; each table's name begins with the plugin's name and an underscore.
    Errors: a table of two plugins stops the start, naming both.
    Lines: site-wide; tables are there whichever lines have the plugin.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_register_models():
            return []
    """


@hookspec
def tracepro_register_options() -> list[Option]:
    """Declare options of plugins.ini, which may differ by line.

    Kind: register
    When: once at start; no transaction.
    Arguments: none.
    Returns: a list of ``Option``; ``call.option(plugin, name)`` gives the value on the call's line.
    Errors: an option in plugins.ini that its plugin doesn't declare, or a value of another kind, stops the
        start with file, section and key.
    Lines: ``[plugin:<name>@<line>]`` falls back to ``[plugin:<name>]``, that to the default.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_register_options():
            return [Option("max_celsius", 255.0, "Above this the oven refuses, in °C.", float)]
    """


@hookspec
def tracepro_register_parameters() -> list[Parameter]:
    """Declare keys of parameters.ini.

    Kind: register
    When: once at start; no transaction.
    Arguments: none.
    Returns: a list of ``Parameter``; ``call.parameter(section, name)`` gives the parsed value.
    Errors: a key nobody declares, one that two plugins declare, or a value that ``parse`` refuses stops the
        start with file, section and key.
    Lines: one value for the whole plant; what may differ by line is an option.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_register_parameters():
            return [Parameter("ovens", "unit", "C", "Unit of the ovens' probes.", ("C", "F"), public=True)]
    """


@hookspec
def tracepro_register_plant_sections() -> list[PlantSection]:
    """Declare sections of the plant file.

    Kind: register
    When: once at start; the section's ``load`` runs once inside the import's one transaction, with all rows of the
        section in the order of the file.
    Arguments: none.
    Returns: a list of ``PlantSection``; a plugin's sections are loaded after those of the plugins it requires.
    Errors: a section of two plugins stops the start; a section of a plugin that is off is refused by name; two rows that
        share one of the section's ``keys`` are refused naming both.
    Lines: site-wide.
    Since: 1.0
    Example::

        def load_ovens(call, rows):
            for row in rows:
                call.changed(f"oven {row['wp_id']}", "celsius", None, row["celsius"])


        @hookimpl
        def tracepro_register_plant_sections():
            return [PlantSection("ovens", {"type": "object"}, load_ovens, keys=row_keys("id", "name"))]
    """


@hookspec
def tracepro_register_basic_data() -> list[BasicData]:
    """Declare kinds of basic data.

    Kind: register
    When: once at start; ``rows`` runs in the snapshot of getbasicdata, ``set`` in setbasicdata's transaction.
    Arguments: none.
    Returns: a list of ``BasicData``; objects are JSON and show no secrets, for whoever may read sees them.
    Errors: a kind that two plugins bring stops the start, naming both. A CallError of a function ends its call, any other
        exception, or objects that are not JSON, with ``plugin-failed``.
    Lines: site-wide.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_register_basic_data():
            return [BasicData("Oven", lambda call: [{"wp_id": 4, "celsius": 245.0}])]
    """


@hookspec
def tracepro_register_archives() -> list[Archive]:
    """Declare which rows of the plugin's tables a site may move into files once they are old.

    Kind: register
    When: once at start; ``tracepro archive`` then reads and deletes the rows in small transactions of its own.
    Arguments: none.
    Returns: a list of ``Archive``, at most one for each table; what genealogy is made of and what a rule or a count reads
        stays out of it.
    Errors: a table that isn't the plugin's own, or declared twice, stops the start, naming it.
    Lines: site-wide.
    Since: 1.0
    Example::

        from tracepro.database import Instant, Integer, Key, Model


        class Reading(Model):
            id = Key()
            celsius = Integer()
            tm = Instant()

            class Meta:
                table_name = "ovens_reading"


        @hookimpl
        def tracepro_register_archives():
            return [Archive(Reading, Reading.tm, "Temperatures of ovens.", min_days=30)]
    """


@hookspec
def tracepro_register_commands() -> list[Command]:
    """Declare subcommands of ``tracepro``.

    Kind: register
    When: once, when the command line is read; ``run`` gets an open site and makes its own transactions.
    Arguments: none.
    Returns: a list of ``Command``; ``run`` returns the exit code.
    Errors: a name of the core's or of another plugin's command stops the command line, naming both.
    Lines: site-wide.
    Since: 1.0
    Example::

        def list_ovens(site, arguments):
            print("no ovens")
            return 0


        @hookimpl
        def tracepro_register_commands():
            return [Command("ovens", "List the ovens.", lambda parser: None, list_ovens)]
    """


@hookspec
def tracepro_register_pages() -> list[Page]:
    """Declare pages that people look at; they are shown where a plugin brings a layout for them.

    Kind: register
    When: once at start; no transaction.
    Arguments: none.
    Returns: a list of ``Page``; its template lies in the folder ``templates`` of the plugin's package.
    Errors: two pages of one name or path, or a template that isn't there, stop the start; one that can't be compiled fails
        ``tracepro check``, a reload and the start of a strict server.
    Lines: site-wide; a page for a line where the plugin is off answers ``plugin-off``.
    Since: 1.0
    Example::

        def all_ovens(call, request):
            return {"ovens": [{"name": "SMT-1 oven", "celsius": 245}]}


        @hookimpl
        def tracepro_register_pages():
            return [Page("ovens", "/ui/ovens", "Ovens", "ovens/ovens.html", all_ovens, menu="Ovens")]
    """


@hookspec
def tracepro_register_layouts() -> list[Layout]:
    """Declare the layout that makes HTML of all pages; a site has one or none.

    Kind: register
    When: once at start, by a server; no transaction.
    Arguments: none.
    Returns: a list of one ``Layout``.
    Errors: a second layout, or one that can't be built, stops the start.
    Lines: site-wide.
    Since: 1.0
    Example::

        class PlainText:
            files = {}
            headers = {}

            def page(self, call, page, request, values):
                return f"<!doctype html><title>{page.title}</title>"

            def refusal(self, status, sentence):
                return f"<!doctype html><title>{status}</title>{sentence}"

            def login(self, back):
                return "/ui/login"


        @hookimpl
        def tracepro_register_layouts():
            return [Layout("plain", lambda site, pages, folders: PlainText())]
    """


@hookspec
def tracepro_register_backup_probes() -> list[BackupProbe]:
    """Declare what a backup is tried with: some objects, read from the database and from its copy, must look the same.

    Kind: register
    When: once at start; ``pick`` and ``read`` run in the snapshot of ``tracepro backup`` and in ``tracepro restore``, ``read``
        in the copy too.
    Arguments: none.
    Returns: a list of ``BackupProbe``.
    Errors: a probe that two plugins bring stops the start, naming both. An exception of a function fails the backup with its
        plugin's name, and so do two answers that differ.
    Lines: site-wide.
    Since: 1.0
    Example::

        def pick_ovens(call, count):
            return [4]


        @hookimpl
        def tracepro_register_backup_probes():
            return [BackupProbe("ovens", pick_ovens, lambda call, wp_id: {"wp_id": wp_id, "celsius": 245.0})]
    """
