"""How often a mission's parts fail, and what is done about it: plain sections of the scenario."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Faults:
    """Mean times between faults and until they are over; a time between faults of 0 means never.

    Times between faults are exponential and so are the times they last.
    """

    from_radiation: bool = False  # crashes and corruption along the orbit, by the group's device
    crash_between_s: float = 0.0  # a computer resets
    crash_repair_s: float = 300.0
    corruption_between_s: float = 0.0  # a computer goes wrong without a sign
    detected_share: float = 0.9  # of corruptions, those that a check of the results finds
    loss_between_s: float = 0.0  # a satellite is gone for good
    station_between_s: float = 0.0  # a ground station is out of order
    station_repair_s: float = 3600.0
    weather_between_s: float = 0.0  # weather closes a ground station
    weather_lasts_s: float = 7200.0
    acquisition_failure_share: float = 0.0  # of laser contacts, those that never lock


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is done after a fault.

    ``on_failure`` is ``retry-same`` or ``elsewhere``; ``on_suspicion`` of a result is
    ``recompute``, ``accept`` or ``elsewhere``; ``checkpoints`` is ``none``, ``young``, ``daly`` or
    ``fixed``.
    """

    on_failure: str = "elsewhere"
    on_suspicion: str = "recompute"
    retries: int = 5  # of one stage, after which a job is given up
    quarantine_after: int = 2  # suspicions; 0 for never
    quarantine_s: float = 21_600.0
    checkpoints: str = "none"
    checkpoint_every_s: float = 60.0  # of work, where fixed
    save_s: float = 0.5  # of work that saving a checkpoint takes
