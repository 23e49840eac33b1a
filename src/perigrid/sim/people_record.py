"""What people say and are asked in a compiled flight: into the record, and into the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from perigrid.base.messages import (
    Action,
    ApprovalAnswered,
    AskApproval,
    AuthorityExpired,
    EnvelopeAnswered,
    Event,
    Ordered,
    Verdict,
)
from perigrid.control.core.authority import People
from perigrid.control.core.plug_in import PlugIn
from perigrid.control.policy.approval.authority import Lender
from perigrid.engine.state import Clock, Filled, World
from perigrid.engine.tables import Rows
from perigrid.ledger.record import RecordWriter
from perigrid.sim import world as sim
from perigrid.sim.frozen import Catalogue, world_parts
from perigrid.sim.oversight import Oversight

_FIXED = frozenset({"_world", "_mesh"})
"""What of the people is built again from the scenario."""


class Said(Protocol):
    """A decision with its verdict."""

    @property
    def action(self) -> Action:
        """What is wanted."""

    @property
    def verdict(self) -> Verdict:
        """What was said of it."""


class PeopleRecord:
    """Stands between who decides and who records, where people are concerned.

    Parameters
    ----------
    world : World
        Scenario and contacts.

    Attributes
    ----------
    opening : sequence of EnvelopeAnswered or Ordered
        Events that are certain from the start.
    host : People or None
        Who answers for people; None where nobody is asked.
    plug_in : PlugIn or None
        A scheduler of somebody else; None if the mission has none.
    """

    def __init__(self, world: sim.World) -> None:
        self._world = world
        self._oversight = Oversight(world)
        self.opening: Sequence[EnvelopeAnswered | Ordered] = self._oversight.opening()
        self.host: People | None = None
        self.plug_in: PlugIn | None = None
        self._record: RecordWriter | None = None
        self._flown: World | None = None

    @property
    def lender(self) -> Lender | None:
        """Grants between operators; None where all nodes are one operator's."""
        return None if self.host is None else self.host.authority.lender

    def write_to(self, record: RecordWriter) -> None:
        """Say where messages are entered.

        Parameters
        ----------
        record : RecordWriter
            Of the run.
        """
        self._record = record

    def see(self, w: World) -> None:
        """Take note of the arrays that the loop works on.

        Parameters
        ----------
        w : World
            Of the run; its arrays may have been replaced.
        """
        self._flown = w

    # ------------------------------------------------------------------ what happens

    def ask(self, t_s: float, asked: AskApproval) -> ApprovalAnswered:
        """Put a request to the people; as :meth:`perigrid.sim.oversight.Oversight.ask`."""
        return self._oversight.ask(t_s, asked)

    def heard(self, event: Event) -> None:
        """Enter an event of people before it is decided on.

        Parameters
        ----------
        event : ApprovalAnswered, EnvelopeAnswered, Ordered or AuthorityExpired
            Of the last, the table of events holds all there is.
        """
        if isinstance(event, AuthorityExpired):
            return
        record, log = self._writer, self._world_flown.log
        self.begun(log.begun[: log.filled[Filled.BEGUN]])  # they were before this
        log.filled[Filled.BEGUN] = 0
        if isinstance(event, ApprovalAnswered):
            self._oversight.answered(event)
        elif isinstance(event, Ordered):
            record.side.keep(self._oversight.ordered(event))
        record.events(event.t_s, [event])

    def wanted(self, decision: Said) -> None:
        """Enter a request, or a note of what people said, before it is carried out.

        Parameters
        ----------
        decision : Authorized or Refused
            Of an AskApproval or an Acknowledge.
        """
        t_s = float(self._world_flown.clock[Clock.NOW])
        self._writer.actions(t_s, [(decision.action, decision.verdict)])

    def begun(self, rows: Rows) -> None:
        """Count acts that were begun, for the age of the approvals behind them.

        Parameters
        ----------
        rows : structured array
            Columns of :data:`perigrid.engine.columns.BEGUN`, in order.
        """
        for job, t_s in rows.tolist():
            self._oversight.begins(job, t_s)

    def figures(self) -> dict[str, Any]:
        """Sum up; as :meth:`perigrid.sim.oversight.Oversight.figures`."""
        return self._oversight.figures()

    # ------------------------------------------------------------------ checkpoints

    @property
    def catalogue(self) -> Catalogue:
        """Names of what a state does not hold."""
        parts, jobs, plug_in = world_parts(self._world), self._world.jobs, self.plug_in
        if plug_in is None:
            return Catalogue(parts, jobs)
        return Catalogue(parts | plug_in.fixed_parts, jobs, type(plug_in.scheduler))

    def state(self) -> dict[str, Any]:
        """Show what a checkpoint needs.

        Returns
        -------
        dict
            Plain objects.
        """
        people = {key: one for key, one in vars(self._oversight).items() if key not in _FIXED}
        return {
            "people": people,
            "host": None if self.host is None else self.host.state(),
            "plug_in": None if self.plug_in is None else self.plug_in.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a checkpoint.

        Parameters
        ----------
        state : mapping
            From :meth:`state`.
        """
        vars(self._oversight).update(state["people"])
        if self.host is not None:
            self.host.restore(state["host"])
        if self.plug_in is not None:
            self.plug_in.restore(state["plug_in"])

    @property
    def _writer(self) -> RecordWriter:
        assert self._record is not None  # noqa: S101  a flight records
        return self._record

    @property
    def _world_flown(self) -> World:
        assert self._flown is not None  # noqa: S101  nothing is asked before the loop runs
        return self._flown
