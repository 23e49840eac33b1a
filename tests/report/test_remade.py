"""A report that was written later is believed only if the folder leads to the same bytes."""

import shutil

import pytest

from governed import comparison
from perigrid.ledger.audit_folder import verify
from perigrid.ledger.source import open_source
from perigrid.report.html import write_report
from perigrid.report.remade import check_report


@pytest.fixture
def run(tmp_path):
    return shutil.copytree(comparison() / "onboard", tmp_path / "run")


def checked(run):
    source = open_source(run)
    (verdict,) = verify(source)
    check_report(verdict, source)
    return verdict


def test_a_report_written_later_is_made_anew_and_compared(run):
    assert checked(run).shown == []
    place = write_report(run, run / "report.html")
    verdict = checked(run)
    assert verdict.ok
    assert verdict.uncovered == []
    assert verdict.shown == ["report.html is, byte for byte, what the files beside it lead to"]
    place.write_text(place.read_text().replace("insights", "insight", 1))
    verdict = checked(run)
    assert verdict.doubts[0].where == "report.html"
    assert verdict.doubts[0].what.startswith("it is not what the files beside it lead to")


def test_what_is_in_doubt_says_nothing_of_its_report(run):
    write_report(run, run / "report.html")
    (run / "summary.json").write_text("{}")
    verdict = checked(run)
    assert verdict.uncovered == ["report.html"]
    assert [one.where for one in verdict.doubts] == ["summary.json"]
