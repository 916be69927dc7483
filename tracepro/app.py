"""The app of a site: every path it serves, with the parts it is made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from falcon.asgi import App

from tracepro import pages
from tracepro.http.edge import Edge
from tracepro.http.errors import add_handlers
from tracepro.http.page_routes import PageFiles, PageResource
from tracepro.http.pool import THREADS, CallPool
from tracepro.http.resources import Alive, Guarded, Home, Ready, encoded
from tracepro.http.routes import RouteResource, add_routes
from tracepro.http.rpc import JsonRpc
from tracepro.http.throttle import Throttle
from tracepro.layout import renderer_of
from tracepro.measured import Measured, codes_of
from tracepro.metrics import CONTENT_TYPE, Metrics
from tracepro.metrics.declared import CALLS_UNDER_WAY, READY
from tracepro.plugin.contributions import Registered
from tracepro.readiness import known_trouble, readiness
from tracepro.rest.openapi import document
from tracepro.rest.page import page_route
from tracepro.rest.plant import plant_route
from tracepro.rest.route import BoundRoute, endpoint_name
from tracepro.rpc.dispatcher import Dispatcher
from tracepro.site import Site
from tracepro_hookspecs import Renderer, Route
from tracepro_hookspecs.pages import ROOT as PAGES


def create_app(
    site: Site,
    *,
    threads: int = THREADS,
    dispatcher: Dispatcher | None = None,
    bounds: Sequence[BoundRoute] | None = None,
) -> Edge:
    """Return the ASGI app of a site; its threads and its database start with the lifespan, after the fork.

    ``bounds`` are its routes where they are bound already.
    """
    bounds, renderer = bounds or bound_routes(site), renderer_of(site, checked=site.strict)
    shown = [] if renderer is None else bound_pages(site, renderer)
    counted = [*site.methods, "rpc.discover", *(bound.endpoint.name for bound in (*bounds, *shown))]
    site.metrics = counters = Metrics(counted, codes_of(site))
    dispatcher = dispatcher or Dispatcher(site)
    dispatcher.metrics = counters
    pool = CallPool(threads, counters, site.store.floor)
    _measure(site, pool)
    app = App()
    app.req_options.strip_url_path_trailing_slash = True
    add_handlers(app, renderer)
    _add_core(app, site, pool, dispatcher, bounds, lead=None if renderer is None else PAGES)
    served = [RouteResource(bound, site, dispatcher.execution, pool) for bound in bounds]
    if renderer is not None:
        app.add_route("/ui/files/{version}/{name:path}", PageFiles(renderer))
        served += [PageResource(bound, site, dispatcher.execution, pool, renderer) for bound in shown]
    add_routes(app, served)
    edge = Edge(
        app,
        pool,
        counters,
        start=site.start,
        close=partial(_close, site),
        read_seconds=site.parameter("api", "read_seconds"),
        bytes_in_flight=site.parameter("api", "bytes_in_flight"),
        throttle=Throttle(site.parameter("api", "calls_per_second")),
    )
    edge.site = site
    return edge


def _measure(site: Site, pool: CallPool) -> None:
    """Have what the parts of a site know told to its metrics at every tick, and when somebody reads them."""
    measured, counters = Measured(site), pool.metrics

    def tell_of_calls(metrics: Metrics) -> None:
        metrics.set(CALLS_UNDER_WAY, len(pool.calls))
        metrics.set(READY, known_trouble(site, pool.trouble) is None)

    counters.sources += [measured.tell, tell_of_calls]
    counters.asked.append(measured.ask)
    site.watchdog.jobs += [measured.try_to_write, counters.count]


def _close(site: Site) -> None:
    """Close the site, but let go of the database's writer first: the next server must not wait for notifications."""
    site.store.hand_over()
    site.close()


def bound_routes(
    site: Site, bound_before: Mapping[str, BoundRoute] = MappingProxyType({})
) -> list[BoundRoute]:
    """Return the routes of the core and of the plugins, ready to be served.

    ``bound_before`` are routes of another site by their endpoint's name; those that are the same declarations are taken from there.
    """
    plant = BoundRoute(plant_route(site), "core", {})
    return [plant, *(_bound(each, site.fragments, bound_before) for each in site.routes.values())]


def _bound(
    registered: Registered[Route],
    fragments: Mapping[str, Mapping[str, Any]],
    bound_before: Mapping[str, BoundRoute],
) -> BoundRoute:
    route = registered.declaration
    before = bound_before.get(endpoint_name(route))
    if before is not None and before.route is route:
        return before
    return BoundRoute(route, registered.plugin, fragments.get(registered.plugin, {}))


def bound_pages(site: Site, renderer: Renderer) -> list[BoundRoute]:
    """Return the pages of the plugins as routes, ready to be served."""
    pages = site.contributions.pages.values()
    return [
        BoundRoute(page_route(registered.declaration, renderer), registered.plugin, {})
        for registered in pages
    ]


def _add_core(
    app: App,
    site: Site,
    pool: CallPool,
    dispatcher: Dispatcher,
    bounds: Iterable[BoundRoute],
    *,
    lead: str | None,
) -> None:
    guarded = partial(Guarded, site.policy, pool)
    app.add_route("/api", JsonRpc(site.policy, dispatcher, pool, site.parameter("api", "max_body_bytes")))
    app.add_route("/healthz", Alive())
    app.add_route("/readyz", Ready(encoded(partial(readiness, site, pool.trouble))))
    app.add_route("/", Home(site, pool, lead))
    app.add_route("/plugins", guarded(encoded(partial(pages.plugins, site))))
    app.add_route("/metrics", guarded(pool.metrics.text, CONTENT_TYPE))
    # What pages alone ask, below their own paths, is no API.
    api = [bound for bound in bounds if not bound.path.startswith(f"{PAGES}/")]
    openapi = partial(document, api, site.anonymous.open_scopes)
    app.add_route("/api/openapi.json", guarded(cache(encoded(openapi))))
