"""The same observations with the rules and without, and what the rules cost."""

import json
import shutil

import polars as pl
import pytest

from flights import table
from governed import comparison, study
from perigrid.base.errors import RunFolderError, ScenarioError
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.source import open_source
from perigrid.sim.impact import GOVERNANCE, world_without_rules
from perigrid.sim.run_files import WITHOUT
from perigrid.sim.world import build_world

ARCHITECTURES = ("onboard", "orbital")


@pytest.fixture(scope="module")
def costs():
    return json.loads((comparison() / "comparison.json").read_text())[GOVERNANCE]


def tables(name):
    return [
        pl.read_parquet(folder / name / "jobs.parquet").sort("job_id")
        for folder in (comparison(), comparison() / WITHOUT)
    ]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_both_flights_see_the_same_observations(name):
    ruled, free = tables(name)
    columns = ["job_id", "satellite", "t_capture_s", "scene", "cloud_truth", "kept", "raw_bytes"]
    assert ruled.height > 50
    assert ruled.select(columns).equals(free.select(columns))


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_insights_lost_and_gained_add_up(costs, name):
    cost = costs[name]
    ruled, free = tables(name)
    came = [set(t.filter(pl.col("outcome") == "delivered")["job_id"]) for t in (ruled, free)]
    assert (cost["with"]["delivered"], cost["without"]["delivered"]) == tuple(map(len, came))
    assert cost["lost"] == len(came[1] - came[0]) == sum(cost["lost_by"].values()) > 0
    assert cost["gained"] == len(came[0] - came[1])
    assert cost["added_s"]["n"] == len(came[0] & came[1])
    assert cost["without"]["delivered"] - cost["with"]["delivered"] == cost["lost"] - cost["gained"]


def test_people_take_time_and_refuse(costs):
    cost = costs["onboard"]
    approvals = cost["approvals"]
    assert approvals["asked"] > approvals["refused"] > 0
    assert approvals["asked"] >= sum(approvals[key] for key in ("granted", "refused", "expired"))
    # Waiting for people may hide behind waiting for a station; the wait itself does not.
    assert approvals["answer_s"]["p50"] > 60.0
    assert cost["with"]["waited_for_rules_s"] > 60.0 * approvals["granted"]
    assert cost["with"]["missed_by_rule"] >= cost["lost_by"]["rule"] > 0  # clouds are no loss
    assert cost["with"]["waited_for_rules_s"] > cost["without"]["waited_for_rules_s"] == 0.0
    assert cost["asked"] == {"hand": approvals["asked"]}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_without_the_rules_nothing_is_denied_or_asked(name):
    summary = json.loads((comparison() / WITHOUT / name / "summary.json").read_text())
    assert summary["approvals"]["asked"] == 0
    verdicts = table(comparison() / WITHOUT / name, "actions")["verdict"]
    assert set(verdicts) == {"allow"}


def test_the_whole_is_verified_with_its_inner_comparison():
    source = open_source(comparison())
    verdicts = verify(source)
    assert len(verdicts) == 6
    assert all(one.ok for one in verdicts)
    assert len(verify(open_source(comparison() / WITHOUT))) == 3
    bundle = export(source)
    assert bundle.count(b"without-rules/orbital/ledger/record.jsonl") >= 1


def test_the_figures_of_the_inner_comparison_are_not_taken_on_trust(tmp_path):
    bundle = tmp_path / "bundle.tar"
    bundle.write_bytes(export(open_source(comparison())))
    assert all(one.ok for one in verify(open_source(bundle)))
    source = open_source(bundle)
    source.contents["without-rules/comparison.json"] = b"{}"
    assert any("without-rules" in one.run and not one.ok for one in verify(source))


def test_resuming_what_is_complete_gives_the_same(tmp_path):
    told = []
    again = study().compare(ARCHITECTURES, comparison(), both=True, resume=True, notice=told.append)
    assert GOVERNANCE in again.result
    assert told == ["this run is complete already: nothing to do"]


def test_a_scenario_without_rules_costs_no_work(tmp_path):
    plain = study("rules=[]", "approvers=[]", "approval={}", "jurisdiction=[]")
    plain = plain.without_rules()
    with pytest.raises(ScenarioError, match="no rules"):
        plain.compare(ARCHITECTURES, tmp_path / "none", both=True)
    assert list(tmp_path.iterdir()) == []


def test_owners_of_single_satellites_go_with_the_rules():
    world = build_world(study("hours=0.1").scenario)
    free = world_without_rules(world)
    assert "North" in world.fleet.operators[:12]
    assert "North" not in free.fleet.operators[:12]
    assert free.jobs is world.jobs
    assert free.outlook is world.outlook


def test_a_comparison_whose_people_were_removed_is_not_called_complete(tmp_path):
    folder = shutil.copytree(comparison(), tmp_path / "governed")
    again = {"both": True, "resume": True, "notice": (told := []).append}
    study().compare(ARCHITECTURES, folder, **again)
    assert told == ["this run is complete already: nothing to do"]
    (folder / "orbital" / "ledger" / "side.jsonl").unlink()
    with pytest.raises(RunFolderError, match="complete and does not verify"):
        study().compare(ARCHITECTURES, folder, **again)


@pytest.mark.parametrize(
    "name", ["comparison.json", "orbital/summary.json", "orbital/jobs.parquet"]
)
def test_what_was_altered_is_not_called_complete(tmp_path, name):
    folder = shutil.copytree(comparison(), tmp_path / "governed")
    (folder / name).write_text("{}")
    with pytest.raises(RunFolderError, match="complete and does not verify"):
        study().compare(ARCHITECTURES, folder, both=True, resume=True)
