"""What a scheduler sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from perigrid.base.jobs import Job, Product
from perigrid.base.messages import Alternative, StateReported
from perigrid.control.contact_plan import Bools, Open, Route
from perigrid.control.first_belief import Premises
from perigrid.fleet.model import Floats
from perigrid.fleet.storage import Storage


class Load(NamedTuple):
    """What a stage takes: time at full speed [s] and energy above an idle computer [J]."""

    work_s: float
    work_j: float

    @property
    def power_w(self) -> float:
        """Mean power above an idle computer [W]."""
        return self.work_j / self.work_s if self.work_s > 0.0 else 0.0


class OpenTo(Protocol):
    """Nodes that policy lets a product touch, in the plan's node order."""

    def __call__(self, job_id: int, product: Product) -> Open:
        """Nodes open to a product of a job, now or at times from now on."""
        ...

    def to_any(self, jobs: Sequence[Job], product: Product) -> Bools:
        """Nodes that are ever open to a product of at least one of the jobs."""
        ...


@dataclass(frozen=True, slots=True)
class Ready:
    """A stage of a job that waits for a satellite's computer.

    Parameters
    ----------
    job : Job
        The observation.
    node : int
        Fleet row of the satellite that holds its pixels.
    ahead : tuple of str
        Stages that may still run, the first of them next.
    why : str
        What is known of the job already, in words.
    here, may_leave : bool
        Whether the stage may be computed where the pixels are, and on another satellite.
    """

    job: Job
    node: int
    ahead: tuple[str, ...]
    why: str = ""
    here: bool = True
    may_leave: bool = True

    @property
    def stage(self) -> str:
        """To be computed next."""
        return self.ahead[0]


class Belief(Premises):
    """What the controller holds true about the fleet, from telemetry and its own commitments.

    Attributes
    ----------
    t_s : float
        Time of the batch being handled [s].
    storage : Storage
        What satellites hold and what is on its way to them, kept from events and own actions.
    telemetry : StateReported or None
        The last report; None before the first.
    busy_until_s : (n_satellites,) float array
        When each computer will have done what it was given [s].
    open_nodes : OpenTo
        Nodes that policy lets a product of a job touch, and when.
    screened, kept : int
        Outcomes that came, and those that led on to another stage.
    """

    t_s: float
    storage: Storage
    telemetry: StateReported | None
    busy_until_s: Floats
    open_nodes: OpenTo
    screened: int
    kept: int

    @property
    def given(self) -> dict[int, dict[int, float]]:
        """Stages that each computer has not done, by job, with their time [s]."""
        raise NotImplementedError

    @property
    def given_to(self) -> dict[int, int]:
        """Who has the stage of which job."""
        raise NotImplementedError

    @property
    def blocked_until_s(self) -> dict[int, float]:
        """When satellites that are away or in quarantine are believed to be back [s]."""
        raise NotImplementedError

    def load(self, ready: Ready, node: int) -> Load:
        """Say what the next stage of a job takes on a computer.

        Parameters
        ----------
        ready : Ready
            The job.
        node : int
            Fleet row of the satellite.

        Returns
        -------
        Load
            Time and energy.
        """
        work = self.work(node, ready.job)
        return Load(work.stage_s[ready.stage], work.stage_j[ready.stage])

    def left_s(self, ready: Ready, node: int) -> float:
        """Say how long the stages left of a job take, if it is not dropped on the way.

        Parameters
        ----------
        ready, node
            As for :meth:`load`.

        Returns
        -------
        float
            At full speed [s].
        """
        stage_s = self.work(node, ready.job).stage_s
        return sum(stage_s[name] for name in ready.ahead)

    def expected_s(self, ready: Ready, node: int) -> float:
        """Say how long the stages left of a job take in the mean.

        Parameters
        ----------
        ready, node
            As for :meth:`load`.

        Returns
        -------
        float
            At full speed, with the share of outcomes so far that led on [s].
        """
        work = self.work(node, ready.job)
        all_s = self.left_s(ready, node)
        if ready.stage not in work.sure:
            return all_s
        sure_s = sum(work.stage_s[name] for name in ready.ahead if name in work.sure)
        return sure_s + (all_s - sure_s) * (self.kept + 1) / (self.screened + 1)

    def is_free(self, node: int) -> bool:
        """Say whether a satellite's computer could begin a stage at once.

        Parameters
        ----------
        node : int
            Fleet row of the satellite.

        Returns
        -------
        bool
            True if it has nothing to do and is believed to be there.
        """
        return float(self.busy_until_s[node]) <= self.t_s

    def reached(self, job: Job, holder: int) -> dict[int, Route]:
        """Find the satellites with a computer to which a job's pixels can be sent.

        Parameters
        ----------
        job : Job
            The observation.
        holder : int
            Fleet row that has the pixels.

        Returns
        -------
        dict of int to Route
            By fleet row, ascending, without the holder itself.
        """
        nodes = self.open_nodes(job.job_id, Product.RAW)
        routes = self.plan.to_nodes(holder, self.t_s, job.raw_bytes, nodes)
        return {node: routes[node] for node in sorted(routes) if self.computes(node)}

    def ruled_out(self, job: Job) -> tuple[Alternative, ...]:
        """Satellites that rules close to a job's pixels.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        tuple of Alternative
            With the rule that says so.
        """
        raise NotImplementedError

    def delivery_nodes(self, job: Job) -> Open:
        """Nodes that policy lets touch what goes down after a job is computed.

        Parameters
        ----------
        job : Job
            The observation.

        Returns
        -------
        Open
            In the plan's node order.
        """
        product = Product.RAW if self.answer_bytes is None else Product.ANSWER
        return self.open_nodes(job.job_id, product)

    def commit(self, node: int, start_s: float, work_s: float) -> None:
        """Keep a satellite's time for a job that is on its way there.

        Parameters
        ----------
        node : int
            Fleet row of the satellite.
        start_s : float
            When it starts at the earliest [s].
        work_s : float
            What it takes there [s].
        """
        self.busy_until_s[node] = max(start_s, float(self.busy_until_s[node])) + work_s

    def give(self, job_id: int, node: int, work_s: float) -> None:
        """Note that a computer was given a stage.

        Parameters
        ----------
        job_id : int
            The job.
        node : int
            Fleet row of the satellite.
        work_s : float
            Time of the stage at full speed [s].
        """
        raise NotImplementedError

    def take_back(self, job_id: int) -> int | None:
        """Note that a stage ended, or was never begun.

        Parameters
        ----------
        job_id : int
            The job.

        Returns
        -------
        int or None
            Fleet row of the satellite that had it; None if none had.
        """
        raise NotImplementedError

    def settle(self, node: int) -> None:
        """Work out anew when a computer will be free: at full speed from now on.

        Parameters
        ----------
        node : int
            Fleet row of the satellite. Time kept for jobs that do not come is given back.
        """
        raise NotImplementedError

    def block(self, node: int, until_s: float) -> None:
        """Believe that a satellite begins nothing until a time.

        Parameters
        ----------
        node : int
            Fleet row.
        until_s : float
            Now or before if it is back [s].
        """
        raise NotImplementedError
