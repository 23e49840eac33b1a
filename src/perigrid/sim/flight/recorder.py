"""Decisions into the record: the root of each step's, then requests to people, then tables."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from perigrid.base.withheld import simulated_salts
from perigrid.control.approver_model import cards_of, roster_of
from perigrid.control.dispatch.codes import NAMES
from perigrid.engine.parts import Kept, PartWriter
from perigrid.ledger.batches import batch_content, pinned_people
from perigrid.ledger.comparison import Compared
from perigrid.ledger.personal import PEOPLE
from perigrid.ledger.pins import flight_pins
from perigrid.ledger.record import BATCH
from perigrid.ledger.row_hash import root_of
from perigrid.ledger.rows import pinned_words
from perigrid.ledger.seal import withheld
from perigrid.sim.flight.build import Flight
from perigrid.sim.flight.people import FlightPeople, envelope_keys
from perigrid.sim.flight.result import ARCHITECTURE
from perigrid.sim.flight.tables import actions_frame
from perigrid.sim.flight.world import Count


class Recorder:
    """The record and the tables of a flight under way, and the people who are asked.

    Parameters
    ----------
    flight : Flight
        Whose log of decisions is written.
    folder : Path
        Run folder.
    part : Compared, optional
        Of which comparison the flight is, if of any.
    kept : Kept, optional
        What is written already.
    """

    def __init__(
        self, flight: Flight, folder: Path, part: Compared | None, kept: Kept | None
    ) -> None:
        self._flight = flight
        scenario = flight.scenario
        told, behind = withheld(cards_of(scenario), simulated_salts(scenario.seed))
        pins = flight_pins(scenario, flight.fleet, ARCHITECTURE, len(flight.world.jobs))
        pins |= ({} if part is None else part.pins()) | _own_pins(flight)
        pins |= {PEOPLE: behind} if behind else {}
        self.parts = PartWriter(folder, pins, kept, told=told)
        before = () if kept is None else kept.entries
        self._people = FlightPeople(flight, self.parts.record, before)
        self._asked = 0  # rows of the log that people were asked about, if they had to be
        self.t_s = 0.0

    @property
    def next_s(self) -> float:
        """When people answer next; inf for never [s]."""
        return self._people.next_s if self._people.next_s < self._flight.end_s else math.inf

    def hear(self, t_s: float) -> None:
        """Enter what was decided until now, then what people answer.

        Parameters
        ----------
        t_s : float
            Now [s].
        """
        self.commit(t_s)
        self._people.hear(t_s)

    def end_step(self, t_s: float) -> None:
        """Enter what was decided in a step, and ask people about what they have to allow.

        Parameters
        ----------
        t_s : float
            Now [s].
        """
        self.commit(t_s)
        logged = int(self._flight.world.counts[Count.LOGGED])
        if logged > self._asked:
            self._people.ask(self.t_s, self._asked, logged)
        self._asked = logged

    def commit(self, t_s: float) -> None:
        """Enter the root of all decisions since the last one.

        Parameters
        ----------
        t_s : float
            Now [s].
        """
        self.t_s = max(self.t_s, t_s)
        world = self._flight.world
        first, stop = (int(world.counts[one]) for one in (Count.COMMITTED, Count.LOGGED))
        if first == stop:
            return
        root = root_of(world.leaves[first:stop])
        content = batch_content(int(world.counts[Count.ROWS]), stop - first, root)
        self.parts.record.enter(self.t_s, BATCH, content)
        world.counts[Count.COMMITTED] = stop
        world.counts[Count.ROWS] += stop - first

    def write_decisions(self) -> None:
        """Write the log into the table of decisions, and empty it."""
        world = self._flight.world
        logged = int(world.counts[Count.LOGGED])
        if logged:
            self.end_step(float(world.log["t_s"][logged - 1]))
        frame = actions_frame(self._flight, self.parts.next_record)
        self.parts.write("actions", frame, self.t_s)
        world.counts[Count.LOGGED] = world.counts[Count.COMMITTED] = self._asked = 0


def _own_pins(flight: Flight) -> dict[str, Any]:
    """Say what the numbers in rows mean, and whose signatures count."""
    roster, fleet = roster_of(flight.scenario), flight.fleet
    keys = [key for person in roster.people for key in person.keys]
    words = pinned_words(flight.rules.names, NAMES, fleet.n_satellites, min(fleet.stations))
    return words | pinned_people(keys, envelope_keys(flight))
