"""Decisions of a run by tables, found, counted and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from flights import table
from governed import of_messages
from missions import SCENARIO
from perigrid.base.architecture import RELAY
from perigrid.base.errors import InputError
from perigrid.ledger.merkle import verify_inclusion
from perigrid.ledger.source import open_source
from perigrid.report.run_book import RunBook, is_by_tables, open_book
from perigrid.sim.run import simulate
from perigrid.sim.world import build_world


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mission by tables."""
    folder = tmp_path_factory.mktemp("tables")
    simulate(build_world(SCENARIO), RELAY, folder)
    return folder


def test_runs_say_how_they_are_recorded(flown: Path) -> None:
    messages, tables = open_source(of_messages() / "onboard"), open_source(flown)
    assert (is_by_tables(messages), is_by_tables(tables)) == (False, True)
    assert not isinstance(open_book(messages), RunBook)
    assert isinstance(open_book(tables), RunBook)


def test_a_decision_is_found_by_part_and_row(flown: Path) -> None:
    book = open_book(open_source(flown))
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


def test_what_a_job_went_through_is_told_as_messages(flown: Path) -> None:
    book = open_book(open_source(flown))
    told = sorted(book.messages_of(3), key=lambda one: one[0])
    kinds = [message["type"] for _, message, _ in told]
    decided = table(flown, "actions").filter(job_id=3)["kind"].to_list()
    assert [kind.lower() for kind in kinds if kind != "Computed"] == decided
    assert kinds.count("Computed") == kinds.count("Compute") > 0
    assert all(verdict["decision"] == "allow" for _, message, verdict in told if verdict)
