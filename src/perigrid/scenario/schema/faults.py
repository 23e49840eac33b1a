"""Schema of faults and of what is done about them. Without the section nothing fails."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from perigrid.scenario.schema.fields import Origin, Section, number

_NEVER = Origin("design choice: nothing fails unless it is asked for")
_MOST_HOURS = 1.0e7


def _between(what: str) -> Any:  # noqa: ANN401  the field's own type
    """Mean time between faults of one kind."""
    return number("h", f"{what}; 0 for never.", 0.0, _NEVER, ge=0, le=_MOST_HOURS)


class FaultsSpec(Section):
    """How often things fail and for how long: exponential times with these means."""

    from_radiation: bool = Field(
        default=False,
        description="Draw crashes and corruption of each satellite's computer from the radiation "
        "along its orbit and the sensitivity of `radiation.device`, not from mean times.",
    )
    crash_every_hours: float = _between("Between crashes of one satellite's computer")
    crash_minutes: float = number(
        "min",
        "Until a crashed satellite works again; what it stores is kept.",
        5.0,
        Origin("typical of a watchdog reset with a reboot and checks"),
        gt=0,
        le=1e6,
    )
    corruption_every_hours: float = _between(
        "Between silent corruptions of one satellite's computer"
    )
    detected_share: float = number(
        "1",
        "Share of corrupted results that a check of the results finds.",
        0.9,
        Origin("checksums and plausibility checks; the rest goes out as a wrong answer"),
        ge=0,
        le=1,
    )
    loss_every_hours: float = _between("Until one satellite is lost for good, with what it stores")
    station_every_hours: float = _between("Between outages of one ground station")
    station_minutes: float = number(
        "min", "Until a ground station works again.", 60.0, Origin("a visit of its staff"),
        gt=0, le=1e6,
    )  # fmt: skip
    weather_every_hours: float = _between("Between closures of one ground station by weather")
    weather_minutes: float = number(
        "min", "Until the weather opens the station again.", 120.0,
        Origin("length of a convective storm"), gt=0, le=1e6,
    )  # fmt: skip
    acquisition_failure_share: float = number(
        "1", "Share of laser contacts that never lock.", 0.0, _NEVER, ge=0, le=1
    )


class RecoverySpec(Section):
    """What is done after a fault."""

    on_failure: Literal["retry-same", "elsewhere"] = Field(
        "elsewhere",
        description="Where a job goes on after its satellite crashed at work: there again once it "
        "is back, or wherever the scheduler finds best then.",
    )
    on_suspicion: Literal["recompute", "accept", "elsewhere"] = Field(
        "recompute",
        description="What becomes of a result that a check finds suspect: computed again there, "
        "taken all the same, or computed again on another satellite.",
    )
    retries: int = number(
        "1", "How often a stage of a job is begun again before it is given up.", 5,
        Origin("design choice"), ge=0, le=1000,
    )  # fmt: skip
    quarantine_after: int = number(
        "1", "Suspect results after which a satellite gets no more jobs; 0 for never.", 2,
        Origin("design choice"), ge=0, le=1000,
    )  # fmt: skip
    quarantine_hours: float = number(
        "h", "For how long it gets no more jobs.", 6.0, Origin("design choice"), gt=0, le=8784
    )
    checkpoints: Literal["none", "young", "daly", "fixed"] = Field(
        "none",
        description="When computers save their work: never, at the interval by Young or by Daly "
        "from their mean time between crashes, or every `checkpoint_every_s`.",
    )
    checkpoint_every_s: float = number(
        "s", "Work between two checkpoints, where fixed.", 60.0, Origin("design choice"),
        gt=0, le=1e6,
    )  # fmt: skip
    save_s: float = number(
        "s", "Work that saving one checkpoint takes.", 0.5,
        Origin("1 GB of a scene's state to flash at 2 GB/s"), gt=0, le=86_400,
    )  # fmt: skip


class WithFaults(Section):
    """What may fail in a mission."""

    faults: FaultsSpec | None = None
    recovery: RecoverySpec | None = None

    @model_validator(mode="after")
    def _recover(self) -> WithFaults:
        """Where things fail, say what is done about it."""
        if self.faults is not None and self.recovery is None:
            self.recovery = RecoverySpec.model_construct()
        return self
