"""A run's ledger from its first record to its signed checkpoint."""

import json
from dataclasses import replace

import pytest
from tests.ledger.test_pins import world  # noqa: F401  the same small world

from ledger import independent_verifier, small_run
from perigrid.base.errors import RunFolderError
from perigrid.base.messages import Computed
from perigrid.base.signing import SigningKey
from perigrid.ledger.audit import verify_run
from perigrid.ledger.note import parse_checkpoint, parse_note
from perigrid.ledger.record import read_record
from perigrid.ledger.seal import RunLedger, Signers, demand_kept, file_digests
from perigrid.ledger.side_store import SideStore
from perigrid.ledger.source import Source


def fly(ledger: RunLedger, begin: int, end: int) -> None:
    for k in range(begin, end):
        t_s = 300.0 * k
        ledger.record.events(t_s, [Computed(t_s, k, k % 3, "screen", 0.5)])


def finish(folder, ledger):
    (folder / "jobs.parquet").write_bytes(b"rows")
    return ledger.seal(7200.0)


def test_a_sealed_run_is_believed(world, tmp_path):  # noqa: F811
    ledger = RunLedger(world, "onboard", tmp_path)
    fly(ledger, 0, 20)
    checkpoint = finish(tmp_path, ledger)
    note = parse_note((tmp_path / "ledger" / "checkpoint").read_bytes())
    assert parse_checkpoint(note.text) == checkpoint
    assert checkpoint.origin.startswith(f"perigrid/{world.scenario.name}/onboard/")
    verdict = verify_run(Source("run", tmp_path))
    assert verdict.ok, verdict.doubts
    seconds = verdict.signed_by[1].t_unix_s
    assert world.scenario.start.plus(7200.0).iso() == small_time(seconds)
    assert next(read_record(tmp_path / "ledger"))["kind"] == "pins"


def small_time(t_unix_s):
    from datetime import UTC, datetime

    return datetime.fromtimestamp(t_unix_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_same_run_has_the_same_bytes_and_another_seed_other_keys(world, tmp_path):  # noqa: F811
    for name in "ab":
        ledger = RunLedger(world, "onboard", tmp_path / name)
        fly(ledger, 0, 5)
        finish(tmp_path / name, ledger)
    files = ("record.jsonl", "checkpoint", "keys")
    one, two = ([(tmp_path / n / "ledger" / f).read_bytes() for f in files] for n in "ab")
    assert one == two
    assert Signers.simulated(1).operator.seed != Signers.simulated(2).operator.seed


def test_a_run_goes_on_where_it_was_broken_off(world, tmp_path):  # noqa: F811
    whole = RunLedger(world, "onboard", tmp_path / "whole")
    fly(whole, 0, 20)
    finish(tmp_path / "whole", whole)
    part = RunLedger(world, "onboard", tmp_path / "part")
    fly(part, 0, 12)
    mark = part.record.sync()
    part.close()
    again = RunLedger(world, "onboard", tmp_path / "part", after=mark)
    fly(again, 12, 20)
    finish(tmp_path / "part", again)
    for name in ("record.jsonl", "checkpoint"):
        whole_bytes = (tmp_path / "whole" / "ledger" / name).read_bytes()
        assert (tmp_path / "part" / "ledger" / name).read_bytes() == whole_bytes


def test_a_run_does_not_go_on_under_another_mission(world, tmp_path):  # noqa: F811
    ledger = RunLedger(world, "onboard", tmp_path)
    mark = ledger.record.sync()
    ledger.close()
    other = replace(world, scenario=replace(world.scenario, scheduler="edf"))
    with pytest.raises(RunFolderError, match="began with another scheduler"):
        RunLedger(other, "onboard", tmp_path, after=mark)


def test_live_runs_of_one_mission_are_different_logs(world, tmp_path):  # noqa: F811
    origins = []
    for name in "ab":
        ledger = RunLedger(world, "onboard", tmp_path / name, live=True)
        origins.append(finish(tmp_path / name, ledger).origin)
    assert origins[0] != origins[1]


def test_an_operator_of_flesh_and_blood_signs_in_place_of_the_simulated(world, tmp_path):  # noqa: F811
    operator = SigningKey("operator.example", bytes(32))
    signers = replace(Signers.simulated(7), operator=operator)
    ledger = RunLedger(world, "onboard", tmp_path, signers=signers)
    finish(tmp_path, ledger)
    assert verify_run(Source("run", tmp_path), [operator.verify_key]).ok


def test_digests_are_of_everything_beside_the_ledger(tmp_path):
    run = small_run.write_run(tmp_path / "run")
    (run / "more").mkdir()
    (run / "more" / "table.csv").write_text("a\n")
    seal = list(read_record(run / "ledger"))[-1]
    digests = file_digests(run)
    assert digests.pop("more/table.csv").startswith("87428fc5")
    assert digests == seal["files"]
    assert independent_verifier.holds(run)
    assert json.loads((run / "manifest.json").read_text()) == small_run.MANIFEST


PEOPLE = (
    {"name": "ada", "roles": ["pilot"], "keys": ["aa", "bb"]},
    {"name": "bob", "roles": [], "keys": ["cc"]},
)


def test_people_stand_in_the_side_store_and_in_the_pins_by_key(world, tmp_path):  # noqa: F811
    for name, live in (("one", False), ("same", False), ("live", True)):
        RunLedger(world, "onboard", tmp_path / name, live=live, people=PEOPLE).close()
    kept = {name: (tmp_path / name / "ledger" / "side.jsonl").read_bytes()
            for name in ("one", "same", "live")}  # fmt: skip
    assert kept["one"] == kept["same"] != kept["live"]
    (pinned,) = [json.loads((tmp_path / "one" / "ledger" / "record.jsonl").read_bytes())]
    behind = pinned["pins"]["people"]
    assert behind.keys() == {"aa", "bb", "cc"}
    assert behind["aa"] == behind["bb"] != behind["cc"]
    assert b"ada" not in (tmp_path / "one" / "ledger" / "record.jsonl").read_bytes()


def test_going_on_puts_nobody_twice_and_brings_nobody_back(world, tmp_path):  # noqa: F811
    ledger = RunLedger(world, "onboard", tmp_path, people=PEOPLE)
    mark = ledger.record.sync()
    ledger.close()
    place = tmp_path / "ledger" / "side.jsonl"
    before = place.read_bytes()
    RunLedger(world, "onboard", tmp_path, after=mark, people=PEOPLE).close()
    assert place.read_bytes() == before
    SideStore(tmp_path / "ledger").erase(json.loads(before.splitlines()[0])["commitment"])
    RunLedger(world, "onboard", tmp_path, after=mark, people=PEOPLE).close()
    assert b"ada" not in place.read_bytes()
    with pytest.raises(RunFolderError, match="another people"):
        RunLedger(world, "onboard", tmp_path, after=mark, people=PEOPLE[:1])


def test_going_on_without_what_is_told_of_people_is_refused(world, tmp_path):  # noqa: F811
    ledger = RunLedger(world, "onboard", tmp_path, people=PEOPLE)
    mark = ledger.record.sync()
    ledger.close()
    demand_kept(tmp_path)
    place = tmp_path / "ledger" / "side.jsonl"
    place.write_bytes(place.read_bytes().splitlines(keepends=True)[0])
    for gone in (False, True):
        if gone:
            place.unlink()
        with pytest.raises(RunFolderError, match="removed, not erased"):
            RunLedger(world, "onboard", tmp_path, after=mark, people=PEOPLE)
        with pytest.raises(RunFolderError, match="removed, not erased"):
            demand_kept(tmp_path)
