"""A flight's folder: whole, resumed after a kill, refused."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flight_cases import SMALL, STORM, small

from folder_mutants import mutate
from mutants import in_time
from perigrid.base.errors import PerigridError, RunFolderError
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.disk import file_digest
from perigrid.ledger.leaf import RECORD
from perigrid.ledger.record import BATCH, PART, read_record
from perigrid.ledger.source import open_source
from perigrid.physics.chunks import limited_threads
from perigrid.sim import run as staged
from perigrid.sim.flight import run
from perigrid.sim.flight.run import Options, fly
from perigrid.sim.run_files import RUN, strangers

ROOT = Path(__file__).parents[3]
CASE = (*STORM, "hours=0.8", "jobs.count=600")
OPTIONS = Options(telemetry_s=60.0, checkpoint_s=600.0)

CHILD = """
import os, signal, sys
from pathlib import Path
from perigrid.scenario.load import load_scenario
from perigrid.sim.flight import run
from perigrid.sim.flight.run import Options, fly

run.SHARE = float("inf")  # every checkpoint that is due
stop_s, where = float(sys.argv[2]), sys.argv[3]
scenario = load_scenario("mega-constellation", overrides=tuple(sys.argv[5:]))

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def watch(world, t_s):
    if where == "step" and t_s >= stop_s:
        die()

if where == "checkpoint":
    run.save = die  # parts are written, the state is not
if where == "part":
    real, seen = run.PartWriter._add, []
    def part(*given):
        seen.append(0)
        # The file is there, its record is not.
        die() if len(seen) > 4 else real(*given)
    run.PartWriter._add = part
fly(scenario, Path(sys.argv[1]), resume=sys.argv[4] == "resume",
    options=Options(60.0, 600.0), watch=watch, command="perigrid fly")
"""


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def killed(folder, stop_s, where, resume):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(stop_s), where, resume, *SMALL, *CASE],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "flight"
    result = fly(small(*CASE), folder, options=OPTIONS, command="perigrid fly")
    return folder, result


def test_a_flight_s_folder(whole):
    folder, result = whole
    assert json.loads((folder / "summary.json").read_text()) == result.summary
    manifest = json.loads((folder / "manifest.json").read_text())
    pins, *told, seal = read_record(folder / "ledger")
    parts = [one for one in told if one["kind"] == PART]
    batches = [one for one in told if one["kind"] == BATCH]
    assert len(parts) + len(batches) == len(told)
    assert sum(one["rows"] for one in batches) == sum(
        one["rows"] for one in parts if one["part"].startswith("actions")
    )
    assert all(one["t_s"] % 10.0 == 0.0 for one in batches)  # at the ends of steps
    assert pins["pins"]["scenario"]["digest"] == manifest["digest"]
    assert pins["pins"]["observations"] == result.summary["jobs"]
    assert {"summary.json", "manifest.json"} < seal["files"].keys()
    assert not any("checkpoint" in name for name in seal["files"])
    assert manifest["workload"] == pins["pins"]["workload"] == "batch"
    assert {one["part"].split("/")[0] for one in parts} == {"telemetry", "actions", "jobs"}
    assert sum(one["rows"] for one in parts if one["part"].startswith("telemetry")) == 48 * 48
    assert [path.name for path in folder.parent.iterdir()] == ["flight"]
    assert strangers(folder, RUN) == []
    assert set(result.stages_s) >= {"steps", "events"}


def test_a_flight_is_verified_like_any_run(whole, tmp_path):
    folder = tmp_path / "flight"
    shutil.copytree(whole[0], folder)
    (verdict,) = verify(open_source(folder))
    assert verdict.ok, verdict.doubts
    assert verdict.records > 2 + len(list(folder.glob("*/part-*")))
    assert any("decisions are leaves of" in line for line in verdict.shown)
    assert verdict.checkpoint.origin.startswith("perigrid/mega-constellation/orbital/")
    bundle = tmp_path / "flight.zip"
    bundle.write_bytes(export(open_source(folder)))
    assert all(one.ok for one in verify(open_source(bundle)))
    part = folder / "actions/part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    (verdict,) = verify(open_source(folder))
    assert [doubt.where for doubt in verdict.doubts] == ["actions/part-00000.parquet"]


STOPS = {
    "once": [(700.0, "step")],
    "twice": [(1210.0, "step"), (2870.0, "step")],
    "while saving": [(1300.0, "step"), (0.0, "checkpoint")],
    "between part and record": [(900.0, "step"), (0.0, "part")],
}


SAMPLE = "while saving"


@pytest.mark.parametrize("stops", [
    pytest.param(stops, id=name, marks=() if name == SAMPLE else pytest.mark.slow)
    for name, stops in STOPS.items()
])  # fmt: skip
def test_a_killed_flight_goes_on_to_the_same_bytes(whole, tmp_path, stops):
    folder = tmp_path / "flight"
    for number, (stop_s, where) in enumerate(stops):
        killed(folder, stop_s, where, "resume" if number else "start")
        assert not folder.exists()
    fly(small(*CASE), folder, resume=True, command="perigrid fly")
    assert digests(folder) == digests(whole[0])


def test_threads_do_not_change_a_byte(whole, tmp_path):
    with limited_threads(1):
        fly(small(*CASE), tmp_path / "flight", options=OPTIONS, command="perigrid fly")
    assert digests(tmp_path / "flight") == digests(whole[0])


class StopError(Exception):
    pass


def stop(world, t_s):
    if t_s > 700.0:
        raise StopError


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """A flight that was broken off after its first checkpoint."""
    monkeypatch.setattr(run, "SHARE", float("inf"))
    with pytest.raises(StopError):
        fly(small("hours=0.5"), tmp_path / "a", options=OPTIONS, watch=stop)
    return tmp_path / ".a.partial"


def test_a_flight_is_gone_on_with_by_the_same_program_only(broken, monkeypatch):
    target = broken.parent / "a"
    with pytest.raises(RunFolderError, match="digest, seed differ"):
        fly(small("hours=0.5", "seed=9"), target, resume=True)
    with monkeypatch.context() as patch:
        patch.setattr(staged, "source_digest", lambda: "another program")
        with pytest.raises(RunFolderError, match="program differ"):
            fly(small("hours=0.5"), target, resume=True)
    (broken / "run" / "thesis.txt").write_text("mine")
    with pytest.raises(RunFolderError, match=r"no run wrote it: run/thesis\.txt"):
        fly(small("hours=0.5"), target)
    assert (broken / "run" / "thesis.txt").read_text() == "mine"


def test_a_spoilt_flight_is_not_gone_on_with(broken):
    part = next((broken / "run" / "actions").glob("part-*"))
    content = part.read_bytes()
    part.write_bytes(b"x")
    with pytest.raises(RunFolderError, match="altered"):
        fly(small("hours=0.5"), broken.parent / "a", resume=True)
    part.write_bytes(content)
    (broken / "run" / RECORD).unlink()
    with pytest.raises(RunFolderError, match="cannot be read"):
        fly(small("hours=0.5"), broken.parent / "a", resume=True)
    assert part.exists()


@pytest.mark.parametrize(
    "seeds", [range(12), pytest.param(range(1000, 3000), marks=pytest.mark.slow)]
)
def test_mutants_of_a_broken_off_flight_end_as_the_flight_or_are_refused(broken, tmp_path, seeds):
    fly(small("hours=0.5"), tmp_path / "whole", options=OPTIONS)
    whole, ends = digests(tmp_path / "whole"), set()
    for seed in seeds:
        place = tmp_path / f"{seed}" / "a"
        shutil.copytree(broken, place.with_name(".a.partial"))
        said = mutate(place.with_name(".a.partial"), random.Random(seed))
        try:
            with in_time():
                fly(small("hours=0.5"), place, options=OPTIONS, resume=True)
            assert digests(place) == whole, f"seed {seed}: {said}"
            ends.add("the same")
        except PerigridError:
            ends.add("refused")
        shutil.rmtree(place.parent)
    assert ends == {"refused", "the same"}


def test_without_resume_a_flight_starts_afresh_with_a_word(broken):
    said = []

    def begun(world, t_s):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fly(small("hours=0.5"), broken.parent / "a", watch=begun, notice=said.append)
    assert said == ["removing an interrupted run (no command noted); "
                    "--resume would have gone on with it"]  # fmt: skip
    assert not list(broken.parent.iterdir())


def test_with_resume_and_nothing_there_it_starts_and_when_it_is_done_says_so(tmp_path):
    said = []
    scenario = small("hours=0.1", "jobs.count=20")
    result = fly(scenario, tmp_path / "a", resume=True, notice=said.append)
    again = fly(scenario, tmp_path / "a", resume=True, notice=said.append)
    assert again.summary == result.summary
    assert [text.split(":")[0] for text in said] == [
        "nothing to resume", "this run is complete already",
    ]  # fmt: skip
    for content in ("{", "{}", "[]"):
        (tmp_path / "a" / "summary.json").write_text(content)
        with pytest.raises(RunFolderError, match=r"does not verify: summary\.json: the file was"):
            fly(scenario, tmp_path / "a", resume=True)


def test_two_flights_into_one_folder_are_told_apart(tmp_path):
    scenario = small("hours=0.1", "jobs.count=20")

    def other(world, t_s):
        with pytest.raises(RunFolderError, match="another process"):
            fly(scenario, tmp_path / "a")
        raise StopError

    with pytest.raises(StopError):
        fly(scenario, tmp_path / "a", watch=other)


def test_what_is_no_flight_is_left_alone(tmp_path):
    (tmp_path / "a.partial").mkdir()  # a name that others may have for something
    (tmp_path / "a.partial" / "thesis.txt").write_text("mine")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "thesis.txt").write_text("mine")
    scenario = small("hours=0.1", "jobs.count=20")
    with pytest.raises(RunFolderError, match="not a run folder"):
        fly(scenario, tmp_path / "c")
    fly(scenario, tmp_path / "a")
    (tmp_path / "a" / "thesis.txt").write_text("mine")
    with pytest.raises(RunFolderError, match=r"no run wrote it: thesis\.txt"):
        fly(scenario, tmp_path / "a")
    for name in ("a", "a.partial", "c"):
        assert (tmp_path / name / "thesis.txt").read_text() == "mine"


def test_a_flight_without_a_place_for_the_key_is_flown(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    said = []
    scenario = small("hours=0.5", "jobs.count=20")
    fly(scenario, tmp_path / "a", options=OPTIONS, notice=said.append)
    assert len(said) == 1
    assert "cannot be resumed" in said[0]
    assert not (tmp_path / ".a.partial").exists()
