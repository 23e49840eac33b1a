"""Replays from nothing but the folder; and whatever is not the same is named."""

import json
import shutil

import polars as pl
import pytest

from forging import forge
from governed import comparison, of_messages, study
from perigrid.base.architecture import ORBITAL
from perigrid.base.codec import canonical_json
from perigrid.base.errors import RunFolderError
from perigrid.ledger.audit import verify_run
from perigrid.ledger.disk import file_digest
from perigrid.ledger.leaf import GENESIS, HASH, PREVIOUS, write_line
from perigrid.ledger.source import Source, open_source
from perigrid.scenario.load import load_scenario
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores
from perigrid.sim.run import simulate, write_json
from perigrid.sim.world import build_world
from storms import storm
from tests.flight_cases import served, small


def run(name="orbital"):
    return open_source(comparison()).inside(name)


@pytest.mark.parametrize("name", ["onboard", "orbital", "without-rules/orbital"])
def test_rules_people_and_grants_replay_from_the_folder_alone(name):
    found = replay(run(name), Cores())
    assert found.ok
    assert found.doubts() == []
    assert "every record, figure and table comes out the same" in found.shown[1]


def test_faults_replay_too(tmp_path):
    faults = "faults={crash_every_hours: 0.7, crash_minutes: 4}"
    study(faults, "hours=0.5").run("orbital", tmp_path / "run")
    source = open_source(tmp_path / "run")
    assert "NodeFailed" in pl.read_parquet(tmp_path / "run" / "events" / "*.parquet")["kind"]
    assert replay(source, Cores()).ok


def test_a_storm_recorded_by_tables_replays_too(tmp_path):
    simulate(build_world(storm("hours=2")), ORBITAL, tmp_path)
    source = open_source(tmp_path)
    kinds = pl.read_parquet(tmp_path / "events" / "*.parquet")["kind"].unique().to_list()
    assert {"NodeFailed", "NodeRepaired", "TaskLost"} <= set(kinds)
    assert replay(source, Cores()).ok
    assert verify_run(source).doubts == []


def test_a_bundle_replays():
    source = run()
    contents = {name: source.read(name) for name in source.names()}
    assert replay(Source("bundle", None, contents), Cores()).ok


@pytest.fixture
def folder(tmp_path):
    """A copy to tamper with."""
    return shutil.copytree(run().folder, tmp_path / "run")


def doubted(folder):
    """Doubts of a replay, about a run folder that its ledger alone vouches for."""
    source = open_source(folder)
    assert verify_run(source).ok, verify_run(source).doubts
    return replay(source, Cores()).doubts()


def half(bodies):
    kept = len(bodies) // 2
    return [*bodies[:kept], bodies[-1]]


def without_its_last_decision(bodies):
    last = max(k for k, one in enumerate(bodies) if one["kind"] == "actions")
    return [*bodies[:last], *bodies[last + 1 :]]


def cloudier(bodies):
    """What happened, not what was decided."""
    event = next(
        event for one in bodies if one["kind"] == "events" for event in one["events"]
        if event["type"] == "Computed" and event["stage"] == "screen" and event["outcome"] < 0.5
    )  # fmt: skip
    event["outcome"] += 0.001
    return bodies


def test_a_live_run_follows_from_its_events():
    found = replay(open_source(of_messages() / "orbital"), Cores())
    assert found.doubts() == []
    assert "of a live run" in found.notes[0]


@pytest.mark.parametrize("change", [without_its_last_decision, cloudier])
def test_a_live_record_that_was_cut_or_invented_is_named(tmp_path, change):
    """Every event in it must lead to what was decided, however it was signed."""
    folder = shutil.copytree(of_messages() / "orbital", tmp_path / "run")
    (where, what), *_ = doubted(forge(folder, change))
    assert where == "replay"
    assert "is not what its events lead to" in what


@pytest.mark.parametrize("change", [half, without_its_last_decision])
def test_a_record_that_was_cut_is_not_that_of_its_tables(folder, change):
    source = open_source(forge(folder, change))
    doubts = verify_run(source).doubts
    assert doubts
    assert {one.where.split("/")[0] for one in doubts} <= {"actions", "events", "ledger"}


def unasked(bodies):
    """An answer that people did not give."""
    for one in bodies:
        for event in one.get("events", ()):
            if event["type"] == "ApprovalAnswered" and not event["granted"]:
                event["granted"] = True
                return bodies
    raise AssertionError("nobody refused anything")


def test_an_answer_that_nobody_gave_is_named(folder):
    (where, what), *_ = doubted(forge(folder, unasked))
    assert where == "replay"
    assert "is not what its events lead to" in what


def resealed(folder):
    """What the record says of parts is what they are now."""

    def change(bodies):
        for one in bodies:
            if one["kind"] == "part":
                one["sha256"] = file_digest(folder / one["part"])
        return bodies

    return change


def test_a_forged_summary_is_named(folder):
    place = folder / "summary.json"
    keys = ("insights_delivered", "missed_by", "unserved_j", "ledger_head")
    write_json(place, json.loads(place.read_text()) | dict.fromkeys(keys, 7))
    assert set(doubted(forge(folder))) == {
        ("summary.json", f"{key} is not what comes out when the run is flown again") for key in keys
    }


@pytest.mark.parametrize(
    "columns",
    [
        {"jobs": "time_to_insight_s", "contacts": "booked_bytes"},
        {"jobs": "kept", "telemetry/part-00000": "battery_soc", "events/part-00000": "outcome"},
        {"jobs": "kept", "others/part-00000": "why"},
    ],
)
def test_a_forged_table_is_named_with_its_column(folder, columns):
    for name, column in columns.items():
        place = folder / f"{name}.parquet"
        table = pl.read_parquet(place)
        one = table[column]
        other = ~one if one.dtype == pl.Boolean else one + ("x" if one.dtype == pl.String else 1)
        table.with_columns(other).write_parquet(place)
    found = dict(doubted(forge(folder, resealed(folder))))
    in_record = found.keys() & {"replay", "summary.json"}  # parts are, and its end is told
    assert not in_record or any("part" in name for name in columns)
    assert found.keys() - in_record == {f"{name}.parquet" for name in columns}
    for name, column in columns.items():
        assert found[f"{name}.parquet"].startswith(column)


def test_rows_that_were_left_out_and_files_that_are_gone_are_named(folder):
    place = folder / "jobs.parquet"
    pl.read_parquet(place)[1:].write_parquet(place)
    (folder / "contacts.parquet").unlink()
    found = dict(doubted(forge(folder)))
    assert found["contacts.parquet"].startswith("the file is missing")
    assert "rows; flown again, the run has" in found["jobs.parquet"]


def test_other_scenes_than_the_pinned_ones_are_refused(folder):
    place = folder / "scenes.json"
    content = json.loads(place.read_text())
    content["cloud_truth"][0] = 0.123
    place.write_text(canonical_json(content))
    (found,) = doubted(forge(folder))
    what = "scenes.json is not what the run was pinned to in record 0"
    assert found == ("not replayed", what)


def test_a_manifest_that_says_something_else_is_named(folder):
    place = folder / "manifest.json"
    write_json(place, json.loads(place.read_text()) | {"title": "another", "command": "true"})
    what = "title is not what comes out when the run is flown again"
    assert doubted(forge(folder)) == [("manifest.json", what)]


def test_a_run_of_another_version_is_not_compared_and_says_so(folder):
    place = folder / "manifest.json"
    write_json(place, json.loads(place.read_text()) | {"perigrid": "0.0.1"})

    def of_another(bodies):
        bodies[0]["pins"]["perigrid"] = "0.0.1"
        return bodies

    (found,) = doubted(forge(folder, of_another))
    assert "it is of Perigrid 0.0.1" in found[1]


def forged(contents, change):
    """Write a record anew with one decision changed, every hash right again."""
    previous, out, first = GENESIS, [], None
    for raw in contents["ledger/record.jsonl"].splitlines():
        body = {key: v for key, v in json.loads(raw).items() if key not in {PREVIOUS, HASH}}
        if first is None and body["kind"] == "actions" and body["sequence"] > 60 and change(body):
            first = body["sequence"]
        line, hashed = write_line(body, previous)
        previous = hashed.hex()
        out.append(line)
    return {**contents, "ledger/record.jsonl": b"".join(out)}, first


def no_longer_denied(body):
    for row in body["decisions"]:
        if row["verdict"]["decision"] == "deny":
            row["verdict"]["decision"] = "allow"
            return True
    return False


def other_words(body):
    body["decisions"][0]["explained"] = "0" * 16
    return True


@pytest.mark.parametrize("change", [no_longer_denied, other_words])
def test_the_first_forged_record_is_named(change):
    source = run()
    contents = {name: source.read(name) for name in source.names()}
    contents, first = forged(contents, change)
    found = replay(Source("forged", None, contents), Cores())
    assert not found.ok
    assert found.first == first is not None


def test_another_scenario_is_refused_with_both_digests():
    other = study("rules=[{id: hand, form: approve, action: move}]").scenario
    found = replay(run(), Cores(other))
    assert not found.ok
    assert found.first is None
    assert [one.split(":")[0] for one in found.differs] == ["the scenario", "the rules"]
    assert other.digest[:16] in found.differs[0]
    found = replay(run(), Cores(load_scenario("dawn-dusk-demo")))
    assert "the orbital elements" in " ".join(found.differs)


def test_another_pack_is_refused():
    source = run()
    contents = {name: source.read(name) for name in source.names()}
    manifest = json.loads(contents["manifest.json"])
    manifest["policy"]["policies"] = "0" * 64
    contents["manifest.json"] = json.dumps(manifest).encode()
    found = replay(Source("other", None, contents), Cores())
    assert found.differs[0].startswith("the policies of policy: the run has 0000")


def test_without_its_scenario_a_run_needs_one_given(tmp_path):
    folder = shutil.copytree(run().folder, tmp_path / "run")
    (folder / "scenario.json").unlink()
    source = open_source(folder)
    with pytest.raises(RunFolderError, match=r"holds no scenario\.json"):
        replay(source, Cores())
    assert replay(source, Cores(study().scenario)).ok


@pytest.fixture(scope="module")
def flown(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flights") / "flight"
    served(small("hours=0.1", "jobs.count=30"), folder)
    return folder


def flight_doubts(folder):
    return replay(open_source(folder), Cores()).doubts()


def test_a_flight_is_flown_again_as_it_was_recorded(flown):
    found = replay(open_source(flown), Cores())
    assert found.doubts() == []
    assert found.shown[-1] == (
        "flown again: every record, figure and table comes out the same, over the whole length"
    )
    assert "scenes.json" not in " ".join(found.notes)


def test_forged_figures_and_tables_of_a_flight_are_named(flown, tmp_path):
    folder = shutil.copytree(flown, tmp_path / "flight")
    write_json(
        folder / "summary.json", json.loads((folder / "summary.json").read_text()) | {"value": 1}
    )
    place = folder / "jobs.parquet"
    pl.read_parquet(place).with_columns(pl.col("time_to_insight_s") / 2).write_parquet(place)
    assert verify_run(open_source(forge(folder))).ok
    found = dict(flight_doubts(folder))
    assert found.keys() == {"jobs.parquet", "summary.json"}
    assert found["jobs.parquet"].startswith("time_to_insight_s: not what comes out")
    assert found["summary.json"].startswith("value is not what comes out")


def test_a_flight_of_another_mission_or_version_is_not_believed(flown, tmp_path):
    other = Cores(small("hours=0.1", "jobs.count=31"))
    (found,) = replay(open_source(flown), other).doubts()
    assert found[0] == "not replayed"
    assert found[1].startswith("the scenario: the run has")
    folder = shutil.copytree(flown, tmp_path / "flight")

    def older(bodies):
        bodies[0]["pins"]["perigrid"] = "0.0.1"
        return bodies

    (found,) = flight_doubts(forge(folder, older))
    assert "it is of Perigrid 0.0.1" in found[1]


def test_a_record_without_pins_is_refused():
    contents = {"ledger/record.jsonl": b"nonsense\n"}
    with pytest.raises(RunFolderError, match="does not begin"):
        replay(Source("broken", None, contents), Cores())
