"""What a worker reports in its pipe is told apart, in whatever order it came."""

from tracepro.plugin.out_of_service import Outage
from tracepro.server.pipe import Report

OUTAGE = Outage("slow", "tracepro_check_login", "ran for more than 10 s", 1_700_000_000_000_000)


def test_a_worker_serves_records_and_blames():
    report = Report()
    assert not report.is_ready() and not report.has_recorded()
    report.recorded()
    report.ready()
    assert report.is_ready() and report.has_recorded() and report.sentence() is None
    assert report.blamed() is None
    report.blame(OUTAGE, "its stack")
    assert report.blamed() == (OUTAGE, "its stack")
    report.close()


def test_a_worker_that_can_not_start_says_why():
    report = Report()
    report.failed("The port is in use.")
    assert report.sentence() == "The port is in use." and report.blamed() is None
    report.close()
