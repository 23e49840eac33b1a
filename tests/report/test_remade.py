"""A report that was written later is believed only if the folder leads to the same bytes."""

import json
import shutil

import pytest

from governed import comparison
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.comparison import seal_folder
from perigrid.ledger.seal import Signers
from perigrid.ledger.source import open_source
from perigrid.report.html import write_report
from perigrid.report.remade import check_report, check_whole
from perigrid.sim.run import write_json

SAME = "report.html is, byte for byte, what the files beside it lead to"


@pytest.fixture
def run(tmp_path):
    return shutil.copytree(comparison() / "onboard", tmp_path / "run")


def checked(run):
    source = open_source(run)
    (verdict,) = verify(source)
    check_report(verdict, source)
    return verdict


def test_a_report_written_later_is_made_anew_and_compared(run):
    shown = checked(run).shown
    place = write_report(run, run / "report.html")
    verdict = checked(run)
    assert verdict.ok
    assert verdict.uncovered == []
    assert verdict.shown == [*shown, SAME]
    place.write_text(place.read_text().replace("insights", "insight", 1))
    verdict = checked(run)
    assert verdict.doubts[0].where == "report.html"
    assert verdict.doubts[0].what.startswith("it is not what the files beside it lead to")


def whole_checked(folder, bundled=False):
    source = open_source(folder)
    if bundled:
        bundle = folder.with_name("bundle.tar")
        bundle.write_bytes(export(source))
        source = open_source(bundle)
    verdict = verify(source)[0]
    assert verdict.ok, verdict.doubts
    check_whole(verdict, source)
    return [(doubt.where, doubt.what.partition(" ")[0]) for doubt in verdict.doubts], verdict


def reseal(folder):
    """Sign a comparison anew as it stands, as everybody can with the simulated keys."""
    first, *_, last = (folder / "ledger" / "record.jsonl").read_text().splitlines()
    pins, t_s = json.loads(first)["pins"], json.loads(last)["t_s"]
    inner = ("onboard", "orbital", "without-rules")
    seal_folder(folder, pins, inner, Signers.simulated(pins["seed"]), t_s, 1_800_000_000)


def test_what_a_comparison_forwards_is_worked_out_anew_however_it_is_signed(tmp_path):
    folder = shutil.copytree(comparison(), tmp_path / "governed")
    write_report(folder, folder / "report.html")
    reseal(folder)
    for bundled in (False, True):
        found, verdict = whole_checked(folder, bundled)
        assert found == []
        assert verdict.shown == [SAME]
    page, figures = folder / "report.html", folder / "comparison.json"
    page.write_text(page.read_text().replace("insights", "insight", 1))
    reseal(folder)
    assert whole_checked(folder)[0] == whole_checked(folder, True)[0] == [("report.html", "it")]
    stated = json.loads(figures.read_text())
    stated["governance"]["orbital"]["lost"] += 1
    write_json(figures, stated)
    write_report(folder, page)
    reseal(folder)
    assert whole_checked(folder)[0] == [("comparison.json", "governance")]


def test_a_comparison_flown_one_way_has_no_cost_of_rules(tmp_path):
    folder = shutil.copytree(comparison() / "without-rules", tmp_path / "alone")
    (folder / "without-rules").mkdir()
    assert whole_checked(folder)[0] == []


def test_what_is_in_doubt_says_nothing_of_its_report(run):
    write_report(run, run / "report.html")
    (run / "summary.json").write_text("{}")
    verdict = checked(run)
    assert verdict.uncovered == ["report.html"]
    assert [one.where for one in verdict.doubts] == ["summary.json"]
