"""The belief that schedulers of others see: the core's own rows, read and written in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any

import numpy as np

from perigrid.base.architecture import Architecture
from perigrid.base.errors import WorkError
from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Alternative, StateReported
from perigrid.control.contact_plan import Open
from perigrid.control.core.belief import block, give, settle, take_back
from perigrid.control.core.messages import PRODUCTS, Table
from perigrid.control.core.rules import facts_of, opens_s
from perigrid.control.core.state import Bools, Core
from perigrid.control.core.words import Words
from perigrid.control.first_belief import Premises
from perigrid.control.scheduling.base import Belief
from perigrid.fleet.model import ContactKind
from perigrid.fleet.storage import Storage

_MEND = "mend the plug-in, or choose another scheduler"
_OWN = frozenset({"given", "given_to", "blocked_until_s"})


class CoreBelief(Belief):
    """What the core holds true; what is given and kept room for here is so in the core.

    Parameters
    ----------
    first : Premises
        Of the same mission; its plan is told of bookings.
    core : Core
        Its rows are shared.
    words : Words
        Of the core.
    architecture : Architecture
        Says which kinds of contact may carry what.
    masks : (n, n_active_nodes) bool array
        Nodes that rules leave open, by the core's number of the set.
    """

    def __init__(
        self, first: Premises, core: Core, words: Words, architecture: Architecture, masks: Bools
    ) -> None:
        for one in fields(first):
            setattr(self, one.name, getattr(first, one.name))
        self._core, self._words, self._reports = core, words, 0
        # Parts of the core run in Python on these; the fields of rows are attributes there.
        names = ("con", "jobs", "satellites", "facts", "heard")
        self._rows: Any = core._replace(
            **{name: getattr(core, name).view(np.recarray) for name in names}
        )
        self.busy_until_s = core.satellites["busy_s"]
        self.storage = _Recorders(core)
        self.open_nodes = _OpenNodes(self, core.facts, architecture, masks)
        self.telemetry = None
        self.look(core)

    def look(self, core: Core) -> None:
        """Take over what changed: time, the last report, what is booked and away.

        Parameters
        ----------
        core : Core
            The same one; it may have grown.
        """
        con = core.con[0]
        self.t_s = float(con["t_s"])
        self.screened, self.kept = int(con["screened"]), int(con["kept"])
        if con["reports"] != self._reports:
            self._reports = int(con["reports"])
            columns = (tuple(column.tolist()) for column in core.told)
            self.telemetry = StateReported(float(con["told_s"]), *columns)
        closed = (core.contacts["excluded"] > 0, core.nodes["away_s"]) if con["troubled"] else None
        self.plan.follow(core.booked, closed)

    def told(self) -> tuple[int, StateReported | None]:
        """Give the last report with its number: schedulers may tell reports apart as objects."""
        return self._reports, self.telemetry

    def restore(self, told: tuple[int, StateReported | None]) -> None:
        """Go on from what :meth:`told` gave."""
        self._reports, self.telemetry = told

    def facts(self, job_id: int, product: Product) -> int:
        """Give the core's row of what rules leave open to a product of a job now."""
        return facts_of(self._rows, job_id, PRODUCTS.index(product))

    def opens_s(self, facts: int, node: int, t_s: float) -> float:
        """Say when rules first let a product be sent to a fleet row, given their row [s]."""
        return opens_s(self._rows, facts, int(self._core.nodes["index"][node]), t_s)

    def ruled_out(self, job: Job) -> tuple[Alternative, ...]:
        """Satellites that rules close to a job's pixels, with the rule that says so."""
        facts = self._core.facts[self.facts(job.job_id, Product.RAW)]
        rows = {"first_other": facts["first_satellite"], "others": facts["satellites"]}
        return self._words.alternatives(rows, self._core.closed)

    # ------------------------------------------------------------------ computers

    @property
    def given(self) -> dict[int, dict[int, float]]:
        """Stages that each computer has not done, by job, with their time [s]."""
        jobs = self._core.jobs
        found: dict[int, dict[int, float]] = {}
        for node in np.flatnonzero(self._core.satellites["given_first"] >= 0).tolist():
            found[node], job = {}, int(self._core.satellites["given_first"][node])
            while job >= 0:
                found[node][job] = float(jobs["given_s"][job])
                job = int(jobs["given_next"][job])
        return found

    @property
    def given_to(self) -> dict[int, int]:
        """Who has the stage of which job."""
        nodes = self._core.jobs["given_to"]
        return {job: int(nodes[job]) for job in np.flatnonzero(nodes >= 0).tolist()}

    @property
    def blocked_until_s(self) -> dict[int, float]:
        """When satellites that are away or in quarantine are believed to be back [s]."""
        until_s = self._core.satellites["blocked_s"]
        return {node: float(until_s[node]) for node in np.flatnonzero(until_s > -np.inf).tolist()}

    def give(self, job_id: int, node: int, work_s: float) -> None:
        """Note that a computer was given a stage; one that has it already has it longer."""
        jobs = self._core.jobs
        if jobs["given_to"][job_id] == node:
            jobs["given_s"][job_id] = work_s
            self.commit(node, self.t_s, work_s)
            return
        if jobs["given_to"][job_id] >= 0:
            message = (
                f"the scheduler gives job {job_id} to a second computer before it takes it back"
            )
            raise WorkError(f"{message}: {_MEND}")
        give(self._rows, job_id, node, work_s)

    def take_back(self, job_id: int) -> int | None:
        """Note that a stage ended, or was never begun; who had it, if anybody did."""
        node = take_back(self._rows, job_id)
        return node if node >= 0 else None

    def settle(self, node: int) -> None:
        """Work out anew when a computer will be free."""
        settle(self._rows, node)

    def block(self, node: int, until_s: float) -> None:
        """Believe that a satellite begins nothing until a time."""
        block(self._rows, node, until_s)


class _Recorders(Storage):
    """What satellites hold, and have room kept for, in the core's rows."""

    def __init__(self, core: Core) -> None:
        super().__init__(core.satellites["room_bytes"], core.satellites["held_bytes"])
        self._places: Any = _Pixels(core.jobs, "stored_at")
        self._reserved: Any = _Pixels(core.jobs, "room_at")


class _Pixels:
    """Satellites that have pixels, or keep room for them, and how many bytes those are."""

    def __init__(self, jobs: Table, name: str) -> None:
        self._node, self._nbytes = jobs[name], jobs["raw_bytes"]

    def __setitem__(self, job_id: int, place: tuple[int, float]) -> None:
        node, nbytes = place
        if nbytes != self._nbytes[job_id]:
            message = f"the scheduler keeps room for {nbytes} bytes of job {job_id}, not its pixels"
            raise WorkError(f"{message}: {_MEND}")
        self._node[job_id] = node

    def pop(self, job_id: int, otherwise: None) -> tuple[int, float] | None:
        node, self._node[job_id] = int(self._node[job_id]), -1
        return (node, float(self._nbytes[job_id])) if node >= 0 else otherwise


class _OpenNodes:
    """Nodes that rules leave open, from the core's table of rules."""

    def __init__(
        self, belief: CoreBelief, facts: Table, architecture: Architecture, masks: Bools
    ) -> None:
        self._belief, self._facts, self._masks = belief, facts, masks
        self._known = {
            product: [replace(opened, mask=mask) for mask in masks]
            for product in Product
            for opened in [
                belief.plan.allowed_nodes(
                    frozenset(), None, ContactKind.of(architecture.links(product))
                )
            ]
        }

    def __call__(self, job_id: int, product: Product) -> Open:
        """Say where a product of a job may go now, or later and from when on."""
        row = self._belief.facts(job_id, product)
        opened = self._known[product][int(self._facts["open"][row])]
        if row == self._facts["last"][row]:
            return opened
        return replace(opened, opens_s=partial(self._belief.opens_s, row))

    def to_any(self, jobs: Sequence[Job], product: Product) -> Bools:
        """Say where a product of at least one job may go; everywhere if rules read the clock."""
        if (self._facts["from_s"] > 0.0).any():
            return np.asarray(self._masks[0])
        rows = {int(self._facts["open"][self._belief.facts(job.job_id, product)]) for job in jobs}
        return np.asarray(self._masks[sorted(rows)].any(axis=0))
