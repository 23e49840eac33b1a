"""No command that reads a run folder ends in a traceback or waits for ever, whatever is there."""

import random
import shutil
from collections import Counter

import pytest

import perigrid
from folder_mutants import mutate
from governed import comparison
from mutants import in_time
from perigrid.base.errors import PerigridError
from perigrid.ledger.audit_folder import export, verify
from perigrid.ledger.source import open_source
from perigrid.ledger.verdict import worst_first
from perigrid.report.decision_diff import diff
from perigrid.report.decision_view import of_job, show
from perigrid.report.explain import explain
from perigrid.report.html import html_report
from perigrid.report.remade import check_report
from perigrid.sim.audit_replay import replay
from perigrid.sim.cores import Cores
from perigrid.web.server import pages
from tests.flight_cases import served as serve
from tests.flight_cases import small

KEYS = (
    b"simulated/operator+2a1b3c4d+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAh\n",
    b"# who is trusted\r\n\r\n",
)


@pytest.fixture(scope="session")
def flown(tmp_path_factory):
    """A small run with a rule, a person who is asked, a stop and telemetry."""
    folder = tmp_path_factory.mktemp("mutants") / "run"
    overrides = (
        *("hours=0.5", "step_s=60", "pipeline.executed_scenes=4"),
        "rules=[{id: hand, form: approve, action: compute}]",
        "approvers=[{name: ada, role: flight-director, delay_minutes: 3}]",
        "orders=[{kind: stop, by: ada, at_hours: 0.3, for_hours: 0.1, reason: smoke}]",
    )
    perigrid.load("three-body", overrides=overrides).run("orbital", folder)
    return folder


def verified(run, other):
    source = open_source(run)
    verdicts = verify(source)
    for one in verdicts:
        check_report(one, source)
    worst_first(verdicts)


def replayed(run, other):
    source = open_source(run)
    if verify(source)[0].ok:
        replay(source, Cores())


def shown(run, other):
    source = open_source(run)
    for row in of_job(source, 3)[:2]:
        show(source, row["decision"])


READERS = (
    *(verified, replayed, shown),
    lambda run, other: html_report(run),
    lambda run, other: explain(run, 3).text(),
    lambda run, other: diff(open_source(run), open_source(other)).text(),
    lambda run, other: export(open_source(run)),
    lambda run, other: pages(run),
)


OF_WHOLES = (verified, *READERS[3:4], *READERS[-2:])
"""What reads a comparison too."""


def storm(flown, scratch, count, seed, readers=READERS):
    """Mutate the folder again and again, and read each mutant by one reader."""
    draw, ends = random.Random(seed), Counter()
    for number in range(count):
        run = scratch / f"{number}"
        shutil.copytree(flown, run)
        said = mutate(run, draw)
        reader = readers[number % len(readers)]
        try:
            with in_time():
                reader(run, flown)
            ends["read"] += 1
        except PerigridError:
            ends["refused"] += 1
        except BaseException as error:
            raise AssertionError(f"mutant {number} of seed {seed}: {said}: {error!r}") from error
        shutil.rmtree(run)
    return ends


def test_mutants_of_run_folders_are_read_or_refused(flown, tmp_path):
    ends = storm(flown, tmp_path, 48, 1)
    assert min(ends["read"], ends["refused"]) > 5, ends


def test_mutants_of_comparisons_are_read_or_refused(tmp_path):
    ends = storm(comparison(), tmp_path, 12, 2, OF_WHOLES)
    assert sum(ends.values()) == 12


OF_FLIGHTS = (*READERS, lambda run, other: serve(small(*SHORT), run, resume=True))
SHORT = ("hours=0.1", "jobs.count=20")


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """A small flight."""
    folder = tmp_path_factory.mktemp("mutants") / "flight"
    serve(small(*SHORT), folder)
    return folder


def test_mutants_of_flights_are_read_or_refused(served, tmp_path):
    ends = storm(served, tmp_path, 36, 4, OF_FLIGHTS)
    assert min(ends["read"], ends["refused"]) > 3, ends


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_many_mutants_of_flights_are_read_or_refused(served, tmp_path, seed):
    storm(served, tmp_path, 250, 300 + seed, OF_FLIGHTS)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_many_mutants_of_comparisons_are_read_or_refused(tmp_path, seed):
    storm(comparison(), tmp_path, 250, 200 + seed, OF_WHOLES)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_many_mutants_of_run_folders_are_read_or_refused(flown, tmp_path, seed):
    storm(flown, tmp_path, 250, 100 + seed)
