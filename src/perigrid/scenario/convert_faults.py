"""Faults and recovery from the schema to the model."""

from __future__ import annotations

from perigrid.base.units import S_PER_HOUR
from perigrid.scenario.faults import Faults, Recovery
from perigrid.scenario.schema.faults import FaultsSpec, RecoverySpec

_S_PER_MINUTE = 60.0


def to_faults(spec: FaultsSpec | None) -> Faults | None:
    """Convert the section of faults.

    Parameters
    ----------
    spec : FaultsSpec or None
        Valid.

    Returns
    -------
    Faults or None
        In SI units; None if nothing is said of faults.
    """
    if spec is None:
        return None
    return Faults(
        from_radiation=spec.from_radiation,
        crash_between_s=spec.crash_every_hours * S_PER_HOUR,
        crash_repair_s=spec.crash_minutes * _S_PER_MINUTE,
        corruption_between_s=spec.corruption_every_hours * S_PER_HOUR,
        detected_share=spec.detected_share,
        loss_between_s=spec.loss_every_hours * S_PER_HOUR,
        station_between_s=spec.station_every_hours * S_PER_HOUR,
        station_repair_s=spec.station_minutes * _S_PER_MINUTE,
        weather_between_s=spec.weather_every_hours * S_PER_HOUR,
        weather_lasts_s=spec.weather_minutes * _S_PER_MINUTE,
        acquisition_failure_share=spec.acquisition_failure_share,
    )


def to_recovery(spec: RecoverySpec | None) -> Recovery:
    """Convert the section of recovery.

    Parameters
    ----------
    spec : RecoverySpec or None
        Valid.

    Returns
    -------
    Recovery
        In SI units; the defaults if nothing is said.
    """
    if spec is None:
        return Recovery()
    return Recovery(
        on_failure=spec.on_failure,
        on_suspicion=spec.on_suspicion,
        retries=spec.retries,
        quarantine_after=spec.quarantine_after,
        quarantine_s=spec.quarantine_hours * S_PER_HOUR,
        checkpoints=spec.checkpoints,
        checkpoint_every_s=spec.checkpoint_every_s,
        save_s=spec.save_s,
    )
