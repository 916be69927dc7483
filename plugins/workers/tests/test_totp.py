"""Codes of an authenticator app: a worker's id and six digits, a step good once; wrong ones are counted for the worker."""

import pyotp
import pytest
from tracepro_workers import totp, workers

SECRET = "JBSWY3DPEHPK3PXP"
OTHER = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NOBODY = (1001, "worker-not-found")


@pytest.fixture
def plant(plant):
    plant.load({"workers": [{"id": 32, "name": "J. Novak", "totp_secret": SECRET}]})
    return plant


class Totp(pyotp.TOTP):
    """An app that takes secrets of 80 bits."""

    min_secret_length_bits = 80


def code_at(plant, seconds=0, secret=SECRET):
    return Totp(secret).at(plant.clock() // 1_000_000 + seconds)


def error(plant, *args):
    refused = plant.error("loginwp", *args)
    return refused["code"], refused["data"]["code"]


def test_a_worker_logs_in_with_id_and_code_and_a_step_is_good_once(plant, is_logged_in):
    text = f"32:{code_at(plant)}"
    assert plant.call("loginwp", text, 100)["id"] == 32
    assert is_logged_in(plant)
    assert error(plant, text, 100) == NOBODY
    plant.clock.advance(seconds=30)
    assert error(plant, text, 100) == NOBODY
    assert plant.call("loginwp", f"32:{code_at(plant)}", 100)["id"] == 32


@pytest.mark.parametrize(("seconds", "good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(plant, seconds, good):
    text = f"32:{code_at(plant, seconds)}"
    if good:
        assert plant.call("login", text)["id"] == 32
        assert plant.error("login", text)["data"]["code"] == "worker-not-found"
    else:
        assert plant.error("login", text)["data"]["code"] == "worker-not-found"


def test_a_step_before_the_one_that_was_used_is_not_good_any_more(plant):
    before = f"32:{code_at(plant, -30)}"
    plant.call("login", f"32:{code_at(plant)}")
    assert plant.error("login", before)["data"]["code"] == "worker-not-found"


@pytest.mark.parametrize(
    "text", ["33:{}", "032:{}", "99:{}", "32:{}0", "32: {}", "32:", "9223372036854775808:{}"]
)
def test_what_is_not_the_workers_own_code_means_nobody(plant, text):
    assert error(plant, text.format(code_at(plant)), 100) == NOBODY


def test_a_login_that_is_refused_uses_no_step_up(plant):
    plant.load({"workers": [{"id": 32, "name": "J. Novak", "active": False}]})
    text = f"32:{code_at(plant)}"
    assert error(plant, text, 100) == (1000, "worker-inactive")
    plant.load({"workers": [{"id": 32, "name": "J. Novak", "active": True}]})
    assert plant.call("loginwp", text, 100)["id"] == 32


def test_after_ten_wrong_codes_the_account_waits_and_the_card_still_works(plant):
    plant.load({"workers": [{"id": 33, "name": "M. Kovacs", "totp_secret": OTHER}]})
    wrong = f"32:{'000000' if code_at(plant) != '000000' else '000001'}"
    for _ in range(10):
        assert error(plant, wrong, 100) == NOBODY
    assert error(plant, f"32:{code_at(plant)}", 100) == (-32003, "throttled")
    for ident in ("04A1B2", "JN32", "32", 32):
        assert plant.call("loginwp", ident, 100)["id"] == 32
    assert plant.call("loginwp", f"33:{code_at(plant, secret=OTHER)}", 100)["id"] == 33
    plant.clock.advance(minutes=5)
    assert plant.call("loginwp", f"32:{code_at(plant)}", 100)["id"] == 32


def test_the_same_secret_again_revives_no_code_and_another_one_counts_at_once(plant):
    text = f"32:{code_at(plant)}"
    plant.call("login", text)
    plant.load({"workers": [{"id": 32, "name": "J. Novak", "totp_secret": "jbsw y3dp ehpk 3pxp"}]})
    assert plant.error("login", text)["data"]["code"] == "worker-not-found"
    plant.load({"workers": [{"id": 32, "name": "J. Novak", "totp_secret": OTHER}]})
    assert plant.call("login", f"32:{code_at(plant, secret=OTHER)}")["id"] == 32
    plant.load({"workers": [{"id": 32, "name": "J. Novak", "totp_secret": None}]})
    plant.clock.advance(seconds=30)
    assert plant.error("login", f"32:{code_at(plant, secret=OTHER)}")["data"]["code"] == "worker-not-found"


@pytest.mark.parametrize(
    "secret", ["JBSWY3DPEHPK3PX1", "JBSWY3DP", "0" * 32, "A" * 255, "ÄÖÜ" * 8, "=", "A B C"]
)
def test_a_secret_that_is_not_base32_is_refused_and_not_repeated(plant, secret):
    with pytest.raises(Exception, match="totp_secret must be base32") as refused:
        plant.load({"workers": [{"id": 32, "name": "J. Novak", "totp_secret": secret}]})
    assert len(secret) < 4 or secret not in str(refused.value)
    assert plant.call("login", f"32:{code_at(plant)}")["id"] == 32


def test_a_secret_is_never_answered_and_not_in_the_audit(plant):
    def change(call):
        totp.set_secret(call, 32, OTHER)
        return call.changes

    change = plant.write(change)
    assert change == [{"what": "worker 32", "field": "totp_secret", "before": True, "after": True}]
    listed = plant.read(workers.list_workers)
    assert OTHER not in f"{listed} {plant.call('getworkerbycard', '04A1B2')}"


def test_the_time_of_a_wrong_code_does_not_tell_who_has_a_secret(plant, monkeypatch):
    compared = []
    monkeypatch.setattr(totp, "equal", lambda left, right: compared.append(left) or False)
    for ident in ("32:123456", "33:123456", "99:123456"):
        plant.error("login", ident)
    assert len(compared) == 3 * (2 * totp.DRIFT + 1)
