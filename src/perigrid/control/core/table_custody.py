"""What a gate knows of observations whose jobs the compiled core keeps."""

from __future__ import annotations

from collections.abc import Sequence

from perigrid.base.jobs import Product
from perigrid.base.messages import Action, Event
from perigrid.control.core.messages import Table
from perigrid.control.core.rule_table import Cases
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.request import DERIVED, RAW, Scene


class TableCustody(Custody):
    """Sees exactly what the core's table of answers was asked about.

    Parameters
    ----------
    cases : Cases
        Of what the gate was asked.
    jobs : structured array
        The core's: what is known of each scene, and who held it.
    """

    def __init__(self, cases: Cases, jobs: Table) -> None:
        self._cases, self._jobs = cases, jobs
        self.locate, self.policies = cases.custody.locate, cases.custody.policies

    def learn(self, events: Sequence[Event]) -> None:
        """Learn nothing: the core keeps what was heard."""

    def note(self, action: Action) -> None:
        """Note nothing: the core keeps who holds what."""

    def level(self, job_id: int, product: Product) -> str:  # noqa: ARG002  as the table has it
        """Raw or derived: the core lets no stage begin that is not allowed, so answers are derived.

        Parameters
        ----------
        job_id, product
            As of :class:`Custody`.

        Returns
        -------
        str
            ``raw`` or ``derived``.
        """
        return DERIVED if product is Product.ANSWER else RAW

    def scene(self, job_id: int, level: str, held: frozenset[int] = frozenset()) -> Scene | None:
        """Gather what is known of an observation.

        Parameters
        ----------
        job_id, level, held
            As of :class:`Custody`.

        Returns
        -------
        Scene or None
            Of the job of which the same is known, and which the table was made of.
        """
        cases, me = self._cases, self._jobs[job_id]
        bits = int(me["held_by"])
        holders = {row for bit, row in enumerate(cases.holders) if bits >> bit & 1}
        return cases.custody.scene(cases.jobs[int(me["facts"])], level, held | holders)
