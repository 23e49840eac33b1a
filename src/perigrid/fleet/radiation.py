"""Dose, time in the South Atlantic Anomaly and faults of each satellite of a group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import J2000_JD
from perigrid.base.time import Epoch
from perigrid.physics.radiation.anomaly import anomaly_share, in_anomaly, time_mean
from perigrid.physics.radiation.checkpoints import daly_interval_s
from perigrid.physics.radiation.devices import Device, FaultClass, device_named
from perigrid.physics.radiation.dose import SECONDS_PER_YEAR, Exposure, exposure
from perigrid.physics.radiation.faults import fault_rates
from perigrid.physics.radiation.flux_grid import FIELD_YEAR
from perigrid.scenario.model import SatelliteGroup

Floats = npt.NDArray[np.float64]

ENDS_A_JOB: Final = (FaultClass.UNCORRECTABLE, FaultClass.INTERRUPT, FaultClass.LATCH_UP)
"""Faults that are noticed and take a job back to its last checkpoint."""

_DAYS_PER_YEAR: Final = 365.25


class Track(Protocol):
    """Where satellites are over time: an outlook, or a track of its own."""

    @property
    def t_s(self) -> Floats:
        """Times, ``(n_times,)`` [s]."""

    @property
    def latitude_rad(self) -> Floats:
        """Geodetic latitude, ``(n, n_times)`` [rad]."""

    @property
    def longitude_rad(self) -> Floats:
        """Longitude, ``(n, n_times)`` [rad]."""

    @property
    def altitude_m(self) -> Floats:
        """Geodetic height, ``(n, n_times)`` [m]."""


@dataclass(frozen=True, slots=True)
class GroupRadiation:
    """What radiation does to each satellite of a group, over the time of the track.

    Parameters
    ----------
    device : Device
        Whose sensitivities were taken.
    shield_m : float
        Aluminium around it [m].
    dose_gy_per_year, proton_gy_per_year : (n,) float array
        Dose in silicon behind the shield, and that of protons alone [Gy/year].
    anomaly_share : (n,) float array
        Share of time in the South Atlantic Anomaly.
    rate_s : (5, n) float array
        Mean rate by fault class [1/s].
    low_rate_s, high_rate_s : (5, n) float array
        The same at the ends of the range of the sensitivities; the flux adds a factor of two
        [1/s].
    checkpoint_interval_s : (n,) float array
        Best compute time between two checkpoints of a job on one satellite; infinite without
        faults [s].
    tolerated_years : (n,) float array
        Time until the dose that the device was shown to survive [years].
    """

    device: Device
    shield_m: float
    dose_gy_per_year: Floats
    proton_gy_per_year: Floats
    anomaly_share: Floats
    rate_s: Floats
    low_rate_s: Floats
    high_rate_s: Floats
    checkpoint_interval_s: Floats
    tolerated_years: Floats


def group_radiation(
    group: SatelliteGroup, track: Track, rows: slice, start: Epoch | None = None
) -> GroupRadiation | None:
    """Work out dose and faults of a group of satellites.

    Parameters
    ----------
    group : SatelliteGroup
        Shield, device and time of a checkpoint.
    track : Track
        Where the satellites are; best whole days of it, so that the Earth turns under them.
    rows : slice
        Those of the group in it, from :meth:`perigrid.fleet.model.Fleet.spans`.
    start : Epoch, optional
        Instant of ``t_s = 0``, for the drift of the Anomaly; without it the Anomaly stands where
        it did in 1960, which hardly changes the mean of a day.

    Returns
    -------
    GroupRadiation or None
        One entry per satellite. None if the group says nothing of radiation, carries no computer,
        or the track has no step.

    Notes
    -----
    AP8 at solar minimum and AE8 at solar maximum, the worse of each. Solar particle events and
    cosmic rays are left out.
    """
    exposed = group_exposure(group, track, rows, start)
    if exposed is None or group.radiation is None or len(track.t_s) < 2:
        return None
    device = device_named(group.radiation.device)
    # Rates are linear in dose and flux: those of the mean are the mean of those.
    mean = _time_mean(exposed, track.t_s)
    rate = fault_rates(device, mean)[..., 0]
    dose = mean.dose_gy_s[..., 0] * SECONDS_PER_YEAR
    with np.errstate(divide="ignore"):
        between = 1.0 / rate[list(ENDS_A_JOB)].sum(axis=0)
        tolerated = device.tolerated_gy / dose
    return GroupRadiation(
        device=device,
        shield_m=group.radiation.shield_m,
        dose_gy_per_year=dose,
        proton_gy_per_year=mean.proton_gy_s[..., 0] * SECONDS_PER_YEAR,
        anomaly_share=anomaly_share(in_anomaly(exposed.outside_flux_m2_s), track.t_s),
        rate_s=rate,
        low_rate_s=fault_rates(device, mean, "low")[..., 0],
        high_rate_s=fault_rates(device, mean, "high")[..., 0],
        checkpoint_interval_s=daly_interval_s(group.radiation.checkpoint_s, between),
        tolerated_years=tolerated,
    )


def group_exposure(
    group: SatelliteGroup, track: Track, rows: slice, start: Epoch | None = None
) -> Exposure | None:
    """Dose rate and flux at the computers over time, for fault rates and for the Anomaly's passes.

    Parameters
    ----------
    group : SatelliteGroup
        Shield.
    track : Track
        Where the satellites are.
    rows : slice
        Those of the group in it.
    start : Epoch, optional
        Instant of ``t_s = 0``, for the drift of the Anomaly.

    Returns
    -------
    Exposure or None
        ``(n, n_times)`` each, for
        :func:`perigrid.physics.radiation.faults.fault_rates` and
        :func:`perigrid.physics.radiation.anomaly.anomaly_passes`. None if the group says
        nothing of radiation or carries no computer.
    """
    if group.radiation is None or group.computer is None:
        return None
    return exposure(
        track.latitude_rad[rows],
        track.longitude_rad[rows],
        track.altitude_m[rows],
        shield_m=group.radiation.shield_m,
        year=FIELD_YEAR if start is None else year_of(start),
    )


def year_of(start: Epoch) -> float:
    """Calendar year with its fraction.

    Parameters
    ----------
    start : Epoch
        An instant.

    Returns
    -------
    float
        Julian year, 2000.0 at J2000.
    """
    return 2000.0 + (start.jd_midnight - J2000_JD) / _DAYS_PER_YEAR


def _time_mean(exposed: Exposure, t_s: Floats) -> Exposure:
    """Mean over the time grid, with one instant left."""
    return Exposure(
        *(
            time_mean(series, t_s)[:, None]
            for series in (
                exposed.proton_gy_s,
                exposed.electron_gy_s,
                exposed.proton_flux_m2_s,
                exposed.outside_flux_m2_s,
            )
        )
    )
