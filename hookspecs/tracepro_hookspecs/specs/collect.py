"""Collect hooks: every plugin returns a dict, the dicts are merged; a crash leaves that part out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracepro_hookspecs.call import Call
from tracepro_hookspecs.markers import hookspec
from tracepro_hookspecs.records import Item, OpMat, Order, Step, Worker, Workplace


@hookspec
def tracepro_op_info(
    call: Call, order: Order, steps: Sequence[Step], workplace: Workplace, workers: Sequence[Worker]
) -> dict[str, dict[str, Any] | list[dict[str, Any]]]:
    """Return what checkproc shows about steps, by the step's number as text.

    Kind: collect
    When: in the snapshot of checkproc.
    Arguments:
        call: the call.
        order: the ``Order``.
        steps: a tuple of ``Step``, those asked about.
        workplace: the ``Workplace``.
        workers: a tuple of ``Worker``.
    Returns: ``{"20": {"_tp": …, "_name": …, "_status": …}}``; other keys are free, those with an underscore
        are what terminals show. An entry may be a list of such objects; ``entries`` in the answer of checkproc has
        them all, beside the keys of the first.
    Errors: an exception, or an answer that is not JSON, is logged and that plugin's part left out.
    Lines: plugins enabled on the line of the workplace.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_op_info(steps, workplace):
            return {str(step.op): {"_tp": "oven", "_name": workplace.name, "_status": "245 °C"} for step in steps}
    """


@hookspec
def tracepro_site_findings(call: Call) -> dict[str, str]:
    """Find what is wrong with the site, though the server can run with it, for ``tracepro check``.

    What must stop the start is refused by the ``parse`` of an option or parameter.

    Kind: collect
    When: in ``tracepro check``, in snapshots, once what stops the start is in order: once for the site, and once for
        each line that plugins.ini has a section for; it may read files, and no watchdog looks on.
    Arguments:
        call: the call; it stands on ``call.line``, None for the site, whose options it has.
    Returns: ``{"[stddocs] PI10": "the file …; put it there."}``, what is wrong by what it concerns: a sentence that says
        where and what to do. Each becomes a warning, the same ones of several lines become one.
    Errors: an exception, or an answer of another form, is itself a finding; it fails the check.
    Lines: the set of the line, the site's for the site.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_site_findings(call):
            if call.option("ovens", "max_celsius") <= 300:
                return {}
            return {"[plugin:ovens] max_celsius": "no board lives through more than 300 °C; lower it."}
    """


@hookspec
def tracepro_item_extra(call: Call, item: Item) -> dict[str, Any]:
    """Return what a plugin knows about a unit, for getitemextra.

    Kind: collect
    When: in the snapshot of getitemextra.
    Arguments:
        call: the call.
        item: the ``Item``.
    Returns: a dict of JSON values; it stands under the plugin's name in the answer.
    Errors: an exception, or an answer that is not JSON, is logged and that plugin left out.
    Lines: the site's set: a unit belongs to no line.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_item_extra(item):
            return {"code_length": len(item.barcode)}
    """


@hookspec
def tracepro_item_whereabouts(call: Call, item_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Tell where units are, by unit id.

    Kind: collect
    When: in the snapshot of whereused, for a page of units at once.
    Arguments:
        call: the call.
        item_ids: a tuple of unit ids.
    Returns: ``{item_id: {"box": …}}``; units the plugin knows nothing of are left out.
    Errors: an exception, or an answer that is not JSON, is logged and that plugin's part left out.
    Lines: the site's set.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_item_whereabouts(item_ids):
            return {item_id: {"shelf": "A1"} for item_id in item_ids}
    """


@hookspec
def tracepro_operation_material(call: Call, op_ids: Sequence[int]) -> dict[int, list[OpMat]]:
    """Return the material that operations consumed, by operation id.

    Kind: collect
    When: in the snapshot or transaction of every call that answers Operations, for all of them at once.
    Arguments:
        call: the call.
        op_ids: a tuple of operation ids.
    Returns: ``{op_id: [OpMat, …]}``; operations without material are left out.
    Errors: a list longer than ``[api] list_rows`` (``tracepro.database.list_rows``) refuses the call. Any other exception, or an
        answer that is not JSON, is logged and that plugin's part left out.
    Lines: the site's set: history is shown whole wherever it is asked.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_operation_material(op_ids):
            return {}
    """


@hookspec
def tracepro_order_progress(call: Call, orders: Sequence[Order]) -> dict[int, int]:
    """Tell how much of orders is done, by order id.

    Kind: collect
    When: in the snapshot of pages that show orders, for all of them at once.
    Arguments:
        call: the call.
        orders: a tuple of ``Order``.
    Returns: ``{order_id: 120}``: how many units are through the last step that all of them need; orders the plugin knows
        nothing of are left out.
    Errors: an exception, or an answer that is not JSON, is logged and that plugin's part left out.
    Lines: the site's set.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_order_progress(orders):
            return {}
    """


@hookspec
def tracepro_page_panels(call: Call, page: str, subject: Any) -> dict[str, dict[str, Any]]:
    """Add panels to a page of another plugin.

    Kind: collect
    When: in the snapshot of a page that is about something.
    Arguments:
        call: the call.
        page: the page's name, such as ``unit``, ``order``, ``station`` or ``line``.
        subject: what it is about, as the plugin that brings the page says: ``unit`` an ``Item``, ``order`` an ``Order``,
            ``station`` a ``Workplace``, ``line`` a ``Line``, ``site`` nothing.
    Returns: ``{"ovens": {"title": "Oven", "template": "ovens/panel.html", "celsius": 245}}``: panels by a name of the
        plugin's own. The template shows the panel's values, as ``panel``.
    Errors: an exception, or an answer that is not JSON, is logged and that plugin's panels left out.
    Lines: plugins enabled on the line that the page is about; the site's set for what is on none.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_page_panels(page, subject):
            if page != "station":
                return {}
            return {"ovens": {"title": "Oven", "template": "ovens/panel.html", "celsius": 245}}
    """


@hookspec
def tracepro_pages_of_code(call: Call, code: str) -> dict[str, str]:
    """Find the pages of what bears a code, for the search field.

    Kind: collect
    When: in the snapshot of a search; the code is what somebody scanned or typed, without blanks at its ends.
    Arguments:
        call: the call.
        code: the code.
    Returns: ``{"/ui/unit/17": "Unit VP-1-0001"}``: paths with what they lead to; nothing where the code is unknown. Paths are
        percent-encoded.
    Errors: an exception, or an answer that is not JSON, is logged and that plugin's pages left out.
    Lines: the site's set.
    Since: 1.0
    Example::

        @hookimpl
        def tracepro_pages_of_code(code):
            return {"/ui/ovens": "Ovens"} if code == "OVENS" else {}
    """
