"""Decisions of a run by tables, found, counted and told; all are compared in tests/sim."""

from __future__ import annotations

from pathlib import Path

import pytest

from missions import SCENARIO
from perigrid.base.architecture import RELAY
from perigrid.base.errors import InputError
from perigrid.ledger.merkle import verify_inclusion
from perigrid.ledger.source import open_source
from perigrid.report.run_book import RunBook, is_by_tables, open_book
from perigrid.sim.compiled import fly_compiled
from perigrid.sim.kept_run import fly
from perigrid.sim.run import write_run
from perigrid.sim.world import build_world
from tests.engine.recorded import decider, record


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """One mission by messages and by tables."""
    world = build_world(SCENARIO)
    found = record(world, RELAY)
    folders = tmp_path_factory.mktemp("messages"), tmp_path_factory.mktemp("tables")
    write_run(fly(found.world, RELAY, folders[0]), found.world, RELAY, folders[0])
    flight = fly_compiled(found.world, RELAY, folders[1], lambda *_: decider(found))
    write_run(flight, found.world, RELAY, folders[1])
    return folders


def test_runs_say_how_they_are_recorded(runs: tuple[Path, Path]) -> None:
    messages, tables = map(open_source, runs)
    assert (is_by_tables(messages), is_by_tables(tables)) == (False, True)
    assert not isinstance(open_book(messages), RunBook)
    assert isinstance(open_book(tables), RunBook)


def test_a_decision_is_found_by_part_and_row(runs: tuple[Path, Path]) -> None:
    book = open_book(open_source(runs[1]))
    everything = list(book.decisions())
    for number in (0, 7, len(everything) - 1):
        found = book.find(everything[number].number)
        assert found == everything[number]
        assert book.number_of(found) == number
        proof = book.proof(found)
        batch = book.entries[proof.row.record]
        assert proof.holds
        assert (batch["kind"], batch["first"] + proof.row.index) == ("batch", number)
        path = [bytes.fromhex(one) for one in proof.row.path]
        leaf, root = (bytes.fromhex(one) for one in (proof.row.leaf, batch["root"]))
        assert verify_inclusion(proof.row.index, proof.row.size, leaf, path, root)
        assert not verify_inclusion(proof.row.index + 1, proof.row.size, leaf, path, root)
    with pytest.raises(InputError, match="holds no decisions"):
        book.find("0")


def test_what_a_job_went_through_is_told_as_messages(runs: tuple[Path, Path]) -> None:
    messages, tables = (open_book(open_source(folder)) for folder in runs)
    wanted = messages.of_job(3)
    told = sorted(tables.messages_of(3), key=lambda one: one[0])
    kinds = [message["type"] for _, message, _ in told]
    assert [kind for kind in kinds if kind != "Computed"] == [
        type(one.action).__name__ for one in wanted
    ]
    assert kinds.count("Computed") == kinds.count("Compute") > 0
    assert all(verdict["decision"] == "allow" for _, message, verdict in told if verdict)
