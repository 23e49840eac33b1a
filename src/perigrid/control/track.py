"""Where a job stands, as far as the controller knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from perigrid.base.jobs import Job, StageName
from perigrid.base.messages import Action, AskApproval
from perigrid.control.act_facts import evidence_of
from perigrid.control.recovery import Scars


@dataclass(slots=True)
class Track:
    """One job on its way.

    Parameters
    ----------
    job : Job
        The observation.
    holder : int
        Fleet row that holds its pixels; -1 if nobody does.
    done : StageName or None
        The last stage that was computed.
    cloud_seen : float
        What the detector said; NaN before [1].
    answer_at : int or None
        Data centre that has the answer.
    doing : Action or None
        What was last wanted for it.
    scars : Scars
        What faults did to it.
    asked : AskApproval or None
        What people were last asked.
    requests : int
        How often they were.
    """

    job: Job
    holder: int
    done: StageName | None = None
    cloud_seen: float = float("nan")
    answer_at: int | None = None
    doing: Action | None = None
    scars: Scars = field(default_factory=Scars)
    asked: AskApproval | None = None
    requests: int = 0
    _shown: tuple[tuple[Job, StageName | None, float], str] | None = None

    def evidence(self) -> str:
        """Digest what is known of the job now.

        Returns
        -------
        str
            From :func:`evidence_of`; worked out anew when any of it has changed.
        """
        known = (self.job, self.done, self.cloud_seen)
        if self._shown is None or self._shown[0] != known:
            self._shown = (known, evidence_of(*known))
        return self._shown[1]

    @property
    def next_stage(self) -> StageName | None:
        """The stage that is due; None after the last."""
        if self.done is None:
            return StageName.SCREEN
        return StageName.CLASSIFY if self.done is StageName.SCREEN else None

    @property
    def is_unplaced(self) -> bool:
        """Whether nothing of it was begun and its pixels are where they were taken."""
        at_home = self.done is None and self.holder == self.job.origin
        return at_home and not self.scars.stay

    @property
    def seen(self) -> str:
        """What is known of it that makes it worth its next stage; nothing before the detector."""
        if self.done is not StageName.SCREEN:
            return ""
        return f"the detector saw {self.cloud_seen:.0%} cloud: worth classifying"

    def is_cloudy(self, drop_above_cloud: float) -> bool:
        """Say whether the detector saw too much cloud.

        Parameters
        ----------
        drop_above_cloud : float
            Cloud fraction above which a scene is dropped [1].

        Returns
        -------
        bool
            False before the detector ran.
        """
        return self.cloud_seen > drop_above_cloud
