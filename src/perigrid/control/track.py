"""Where a job stands, as far as the controller knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from perigrid.base.jobs import Job
from perigrid.base.messages import Action, AskApproval
from perigrid.control.act_facts import evidence_of
from perigrid.control.recovery import FaultHistory


@dataclass(slots=True)
class Track:
    """One job on its way.

    Parameters
    ----------
    job : Job
        The observation.
    holder : int
        Fleet row that holds its pixels; -1 if nobody does.
    results : dict of str to float or None
        Stages that are done, in order, with their outcomes [1].
    answer_at : int or None
        Data centre that has the answer.
    doing : Action or None
        What was last wanted for it.
    history : FaultHistory
        What faults did to it.
    asked : AskApproval or None
        What people were last asked.
    requests : int
        How often they were.
    """

    job: Job
    holder: int
    results: dict[str, float | None] = field(default_factory=dict)
    answer_at: int | None = None
    doing: Action | None = None
    history: FaultHistory = field(default_factory=FaultHistory)
    asked: AskApproval | None = None
    requests: int = 0
    _shown: tuple[tuple[Job, dict[str, float | None]], str] | None = None

    def evidence(self) -> str:
        """Digest what is known of the job now.

        Returns
        -------
        str
            From :func:`evidence_of`; worked out anew when any of it has changed.
        """
        known = (self.job, self.results)
        if self._shown is None or self._shown[0] != known:
            self._shown = ((self.job, dict(self.results)), evidence_of(*known))
        return self._shown[1]

    @property
    def is_unplaced(self) -> bool:
        """Whether a scheduler has yet to say where it is computed."""
        at_home = not self.results and self.holder == self.job.origin
        return at_home and not self.history.stay
