"""Storms of faults over governed flights: every invariant, every ledger, the same bytes resumed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.flight_cases import SMALL, STORM, check_invariants, small
from tests.sim.flight.test_people import CASE

from perigrid.ledger.audit_folder import verify
from perigrid.ledger.disk import file_digest
from perigrid.ledger.source import open_source
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores
from perigrid.sim.flight import run
from perigrid.sim.flight.run import Options, fly

ROOT = Path(__file__).parents[3]
GOVERNED = (*CASE, *STORM, "jobs.count=500", "hours=0.7")
HOURS = (
    "rules=[{id: hand, form: approve, action: compute},"
    "{id: quiet, form: close-area, area: {south_deg: 20, north_deg: 60, west_deg: -130,"
    ' east_deg: -60, closed_from: "2026-08-22T00:10:00Z", closed_until: "2026-08-22T00:20:00Z"}}]'
)
MEAN = (
    *CASE[1:2], *STORM, HOURS, "jobs.count=300", "hours=0.5",
    "envelopes=[{id: e, until_hours: 0.2, count: 60, sent_gb: 1000}]", "jobs.origin=satellites",
)  # fmt: skip
OPTIONS = Options(telemetry_s=120.0, checkpoint_s=600.0)

CHILD = """
import os, signal, sys
from pathlib import Path
from perigrid.scenario.load import load_scenario
from perigrid.sim.flight import run
from perigrid.sim.flight.run import Options, fly

run.SHARE = float("inf")  # every checkpoint that is due
stop_s = float(sys.argv[2])

def watch(world, t_s):
    if t_s >= stop_s:
        os.kill(os.getpid(), signal.SIGKILL)

scenario = load_scenario("mega-constellation", overrides=tuple(sys.argv[4:]))
fly(scenario, Path(sys.argv[1]), resume=sys.argv[3] == "resume",
    options=Options(120.0, 600.0), watch=watch, command="perigrid fly")
"""


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): file_digest(path)
        for path in folder.rglob("*") if path.is_file()
    }  # fmt: skip


def flown(scenario, folder):
    seen = []

    def watch(world, t_s):
        flight = seen[0] if seen else None
        if flight is not None and int(t_s) % 300 == 0:
            check_invariants(flight, t_s)

    real = run.build_flight
    run.build_flight = lambda one: seen.append(real(one)) or seen[0]
    try:
        fly(scenario, folder, options=OPTIONS, watch=watch, command="perigrid fly")
    finally:
        run.build_flight = real
    return seen[0]


@pytest.mark.parametrize(
    ("case", "seeds"),
    [
        (GOVERNED, range(2)),
        (MEAN, range(2)),
        pytest.param(GOVERNED, range(100, 600), marks=pytest.mark.slow),
        pytest.param(MEAN, range(100, 600), marks=pytest.mark.slow),
    ],
)
def test_storms_keep_every_promise(case, seeds, tmp_path):
    for seed in seeds:
        folder = tmp_path / f"{seed}"
        flight = flown(small(*case, f"seed={seed}"), folder)
        check_invariants(flight, flight.end_s)
        limits = flight.world.envelopes
        assert (limits["used_count"] <= limits["most_count"]).all()
        (verdict,) = verify(open_source(folder))
        assert verdict.ok, (seed, verdict.doubts)
        assert any("signatures of people hold" in line for line in verdict.shown)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "flight"
    fly(small(*GOVERNED), folder, options=OPTIONS, command="perigrid fly")
    return folder


def killed(folder, stop_s, resume):
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(stop_s), resume, *SMALL, *GOVERNED],
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}"}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.mark.parametrize(
    "stops_s",
    [
        pytest.param((730.0, 1900.0), id="twice"),
        *(pytest.param((t_s,), marks=pytest.mark.slow) for t_s in (610.0, 1230.0, 1250.0, 2400.0)),
    ],
)
def test_a_killed_flight_goes_on_to_the_same_bytes(whole, tmp_path, stops_s):
    folder = tmp_path / "flight"
    for number, stop_s in enumerate(stops_s):
        killed(folder, stop_s, "resume" if number else "start")
    fly(small(*GOVERNED), folder, resume=True, command="perigrid fly")
    assert digests(folder) == digests(whole)


def test_a_governed_flight_is_flown_again(whole):
    source = open_source(whole)
    found = replay(source, Cores(None))
    assert found.ok, found
