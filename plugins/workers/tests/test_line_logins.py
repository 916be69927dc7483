"""A login at several workplaces of one line at once, as setlinelogin makes it, on both databases."""

import pytest
from tracepro_workers import api
from tracepro_workers.models import LogEntry
from tracepro_workplaces import api as workplaces_api

from tracepro_hookspecs import CallError, Reason, hookimpl
from tracepro_schemas import defs

LINES = [
    {"name": "L1", "machines": [{"name": f"M{wp_id}", "wp_id": wp_id} for wp_id in (100, 101, 102)]},
    {"name": "L2", "machines": [{"name": "M200", "wp_id": 200}]},
]
PLANT = {
    "acts": [{"id": 1, "name": "PLACE"}],
    "workplaces": [
        {"id": wp_id, "name": f"WP{wp_id}", "acts": [1], "esd": wp_id == 101}
        for wp_id in (100, 101, 102, 200, 300)
    ],
    "workers": [
        {"id": 31, "name": "Trainer", "skills": [{"act": 1, "level": "O"}]},
        {"id": 32, "name": "J. Novak", "card": "04A1B2", "skills": [{"act": 1, "level": "I"}]},
        {"id": 42, "name": "O. Fiala", "active": False},
    ],
    "lines": LINES,
}


class Watch:
    """A plugin that refuses logins at one workplace, and notes which logins it was asked about."""

    def __init__(self):
        self.asked = []

    @hookimpl
    def tracepro_check_login(self, worker, workplace):
        self.asked.append((worker.id, workplace.id))
        return [Reason("no-helmet", f"{worker.name} has no helmet.")] if workplace.id == 102 else []


@pytest.fixture
def make_line(make_plant, database):
    """Makes plants with two lines; the arguments are options of the plugin."""

    def make(extra=None, **options):
        plugins = ("workplaces", "workers", "orders", "items", "lines", *(extra or {}))
        return make_plant(plugins, PLANT, options={"workers": options}, database=database, extra=extra)

    return make


def log_in(plant, wp_ids=(100, 101, 102), worker_ids=(32,)):
    def work(call):
        api.log_in_workers(call, list(worker_ids), workplaces_api.workplaces(call, wp_ids))

    plant.write(work)


def where(plant, *wp_ids):
    """Return the ids of the workers who are logged in at each of the workplaces."""
    at = plant.read(lambda call: api.logged_in(call, wp_ids or (100, 101, 102, 200)))
    return {wp_id: [worker.id for worker in each] for wp_id, each in at.items() if each}


def log_of(plant):
    query = LogEntry.select(LogEntry.worker_id, LogEntry.wp_id, LogEntry.action).order_by(LogEntry.id)
    return plant.read(lambda call: call.db.rows(query))


def test_a_worker_logs_in_at_several_workplaces_of_one_line(make_line, reasons_against):
    plant = make_line(login_required=True)
    log_in(plant, worker_ids=(32, 31))
    assert where(plant) == {100: [31, 32], 101: [31, 32], 102: [31, 32]}
    assert [reasons_against(plant, [32], wp_id, ()) for wp_id in (100, 101, 102)] == [[]] * 3
    assert reasons_against(plant, [32], 200, ()) == [("login-missing", None)]
    assert log_of(plant)[:3] == [(32, wp_id, defs.WWL_LOGIN) for wp_id in (100, 101, 102)]


@pytest.mark.parametrize("wp_ids", [(100, 200), (100, 300), (300, 200)])
def test_workplaces_of_several_lines_are_a_wrong_parameter(make_line, wp_ids):
    plant = make_line()
    with pytest.raises(CallError, match="one line only") as refused:
        log_in(plant, wp_ids)
    assert refused.value.number == -32602
    assert where(plant) == {}


def test_a_login_elsewhere_ends_it_at_all_workplaces(make_line):
    plant = make_line()
    log_in(plant)
    plant.call("loginwp", 32, 200)
    assert where(plant) == {200: [32]}
    assert log_of(plant)[3:] == [
        *((32, wp_id, defs.WWL_LOGOUT) for wp_id in (100, 101, 102)),
        (32, 200, defs.WWL_LOGIN),
    ]
    log_in(plant, (100, 101))
    plant.call("loginwp", 32, 100)
    assert where(plant) == {100: [32]}


def test_a_logout_at_one_workplace_ends_it_at_all(make_line):
    plant = make_line()
    log_in(plant)
    plant.call("addwlaction", 32, 200, defs.WWL_LOGOUT)
    assert where(plant) == {100: [32], 101: [32], 102: [32]}
    plant.call("addwlaction", 32, 101, defs.WWL_LOGOUT)
    assert where(plant) == {}
    assert sorted(wp_id for _, wp_id, action in log_of(plant)[4:] if action == defs.WWL_LOGOUT) == [
        100,
        101,
        102,
    ]


def test_the_end_of_the_shift_ends_it_at_all_and_is_not_logged(make_line):
    plant = make_line()
    plant.clock.set("2026-11-20T13:59:59Z")
    log_in(plant)
    assert where(plant, 100) == {100: [32]}
    plant.clock.set("2026-11-20T14:00:00Z")
    assert where(plant) == {}
    plant.call("loginwp", 32, 200)
    assert [action for *_, action in log_of(plant)] == [defs.WWL_LOGIN] * 4


def test_every_workplace_is_checked_and_all_log_in_or_none(make_line):
    watch = Watch()
    plant = make_line({"watch": watch}, esd_check=True)
    with pytest.raises(CallError) as refused:
        log_in(plant, worker_ids=(31, 32))
    codes = [reason.code for reason in refused.value.reasons]
    assert codes == ["esd-expired", "no-helmet"] * 2
    assert watch.asked == [(worker_id, wp_id) for worker_id in (31, 32) for wp_id in (100, 101, 102)]
    assert where(plant) == {}


def test_a_learner_is_logged_in_beside_the_trainer_of_the_same_call(make_line):
    plant = make_line(iluo_check=True, iluo_supervised=True)
    with pytest.raises(CallError):
        log_in(plant, worker_ids=(32,))
    log_in(plant, worker_ids=(32, 31))
    assert where(plant, 102) == {102: [31, 32]}


@pytest.mark.parametrize(
    ("worker_ids", "code"), [((32, 99), "worker-not-found"), ((42, 32), "worker-inactive")]
)
def test_unknown_and_inactive_workers_are_refused(make_line, worker_ids, code):
    plant = make_line()
    with pytest.raises(CallError) as refused:
        log_in(plant, worker_ids=worker_ids)
    assert refused.value.code == code
    assert where(plant) == {}


def test_a_supervisor_of_a_line_supervises_at_each_of_its_workplaces_until_leaving(
    make_line, reasons_against
):
    plant = make_line(iluo_check=True, iluo_supervised=True)
    log_in(plant, (100, 101), worker_ids=(31,))
    against = {wp_id: reasons_against(plant, [32], wp_id) for wp_id in (100, 101, 102)}
    assert against == {100: [], 101: [], 102: [("iluo-insufficient", 10)]}
    plant.call("loginwp", 31, 100)
    against = {wp_id: reasons_against(plant, [32], wp_id) for wp_id in (100, 101)}
    assert against == {100: [], 101: [("iluo-insufficient", 10)]}


def test_refused_logins_are_logged_for_each_workplace(make_line):
    plant = make_line()

    def work(call):
        with pytest.raises(CallError):
            api.log_in_workers(call, [31, 42], workplaces_api.workplaces(call, (100, 101)))
        for write in call.refusals:
            write(call)

    plant.write(work)
    assert log_of(plant) == [(42, wp_id, defs.WWL_LOGIN_REFUSED) for wp_id in (100, 101)]
