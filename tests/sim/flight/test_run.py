"""A flight's folder: whole, resumed after a kill, refused."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flight_cases import SMALL, STORM, small

from perigrid.base.errors import RunFolderError
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.disk import file_digest
from perigrid.ledger.record import read_record
from perigrid.ledger.source import open_source
from perigrid.physics.chunks import limited_threads
from perigrid.sim.flight.parts import RECORD
from perigrid.sim.flight.run import Options, fly

ROOT = Path(__file__).parents[3]
CASE = (*STORM, "hours=0.8", "jobs.count=600")
OPTIONS = Options(telemetry_s=60.0, checkpoint_s=600.0)

CHILD = """
import os, signal, sys
from pathlib import Path
from perigrid.scenario.load import load_scenario
from perigrid.sim.flight import run
from perigrid.sim.flight.run import Options, fly

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
    options=Options(60.0, 600.0), watch=watch)
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
    pins, *parts, seal = read_record(folder / "ledger")
    assert pins["pins"]["scenario"]["digest"] == manifest["digest"]
    assert pins["pins"]["jobs"] == result.summary["jobs"]
    assert {"summary.json", "manifest.json"} < seal["files"].keys()
    assert not any("checkpoint" in name for name in seal["files"])
    assert manifest["architecture"] == "fly"
    assert {one["part"].split("/")[0] for one in parts} == {"telemetry", "decisions", "jobs"}
    assert sum(one["rows"] for one in parts if one["part"].startswith("telemetry")) == 48 * 48
    assert not list(folder.parent.glob("*.partial"))
    assert set(result.stages_s) >= {"steps", "events"}


def test_a_flight_is_verified_like_any_run(whole, tmp_path):
    folder = tmp_path / "flight"
    shutil.copytree(whole[0], folder)
    (verdict,) = verify(open_source(folder))
    assert verdict.ok, verdict.doubts
    assert verdict.records == 2 + len(list(folder.glob("*/part-*")))
    assert verdict.checkpoint.origin.startswith("perigrid/mega-constellation/fly/")
    bundle = tmp_path / "flight.zip"
    bundle.write_bytes(export(open_source(folder)))
    assert all(one.ok for one in verify(open_source(bundle)))
    part = folder / "decisions/part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    (verdict,) = verify(open_source(folder))
    assert [doubt.where for doubt in verdict.doubts] == ["decisions/part-00000.parquet"]


STOPS = {
    "once": [(700.0, "step")],
    "twice": [(1210.0, "step"), (2870.0, "step")],
    "while saving": [(1300.0, "step"), (0.0, "checkpoint")],
    "between part and record": [(900.0, "step"), (0.0, "part")],
}


@pytest.mark.parametrize("stops", STOPS.values(), ids=STOPS.keys())
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


def test_nothing_is_destroyed_unasked(tmp_path):
    scenario = small("hours=0.5")

    class StopError(Exception):
        pass

    def stop(world, t_s):
        if t_s > 700.0:
            raise StopError

    with pytest.raises(StopError):
        fly(scenario, tmp_path / "a", options=OPTIONS, watch=stop)
    with pytest.raises(RunFolderError, match="unfinished"):
        fly(scenario, tmp_path / "a")
    with pytest.raises(RunFolderError, match="another scenario"):
        fly(small("hours=0.5", "seed=9"), tmp_path / "a", resume=True)
    with pytest.raises(RunFolderError, match="no unfinished flight"):
        fly(scenario, tmp_path / "b", resume=True)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "thesis.txt").write_text("mine")
    with pytest.raises(RunFolderError, match="not a run folder"):
        fly(scenario, tmp_path / "c")
    assert (tmp_path / "c" / "thesis.txt").read_text() == "mine"
    part = next((tmp_path / "a.partial" / "decisions").glob("part-*"))
    part.write_bytes(b"x")
    with pytest.raises(RunFolderError, match="altered"):
        fly(scenario, tmp_path / "a", resume=True)
    (tmp_path / "a.partial" / RECORD).unlink()
    with pytest.raises(RunFolderError, match="record cannot be read"):
        fly(scenario, tmp_path / "a", resume=True)
    assert part.exists()
