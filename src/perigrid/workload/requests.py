"""Compute jobs of a run, drawn from a seed: when, from where, how much work, by when."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.base.time import Epoch
from perigrid.base.units import S_PER_HOUR
from perigrid.scenario.jobs import ComputeJobs

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

_DAY_S: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class DrawnJobs:
    """Jobs in the order in which they are asked for.

    Parameters
    ----------
    source : (n,) int32 array
        Node: a satellite, or ground nodes from ``n_satellites`` on.
    release_s, deadline_s : (n,) float array
        When asked, and when the answer is worthless [s].
    size : (n,) float array
        Work relative to the median.
    input_bytes, output_bytes : (n,) float array
        Sizes [B].
    value : (n,) float array
        Of an answer in time.
    model : (n,) int32 array
        Which model.
    power_share : (n,) float array
        Of a slot's power above idle.
    model_bytes : (n_models,) float array
        Their sizes [B].
    """

    source: Ints
    release_s: Floats
    deadline_s: Floats
    size: Floats
    input_bytes: Floats
    output_bytes: Floats
    value: Floats
    model: Ints
    power_share: Floats
    model_bytes: Floats


def draw_jobs(
    asked: ComputeJobs,
    start: Epoch,
    duration_s: float,
    n_satellites: int,
    ground_longitude_rad: Floats,
    rng: np.random.Generator,
) -> DrawnJobs:
    """Draw the jobs of a run.

    Parameters
    ----------
    asked : ComputeJobs
        Distributions.
    start : Epoch
        Instant of 0, for the local time of day.
    duration_s : float
        Length of the run [s].
    n_satellites : int
        Satellites, which hold the data if the jobs' origin says so.
    ground_longitude_rad : (n_ground,) float array
        Where the users are [rad].
    rng : numpy.random.Generator
        Each quantity gets a stream of its own: changing one leaves the others as they were.

    Returns
    -------
    DrawnJobs
        ``asked.count`` jobs, all released before the end.

    Notes
    -----
    A Poisson process of given count is that many independent times. Over the local day the rate
    follows ``1 + swing cos(2 pi (hour - peak) / 24)``; times are thinned accordingly.
    """
    when, where, work, data, worth, which, power = rng.spawn(7)
    n = asked.count
    n_models, least = asked.models, asked.least_power_share
    if asked.origin == "satellites":
        source = where.integers(0, n_satellites, n)
        release_s = when.random(n) * duration_s
    else:
        place = where.integers(0, len(ground_longitude_rad), n)
        source = n_satellites + place
        local_s = start.day_s + ground_longitude_rad[place] / math.tau * _DAY_S
        release_s = _by_time_of_day(asked, local_s, duration_s, when)
    order = np.argsort(release_s, kind="stable")
    release_s, source = release_s[order], source[order]
    share = 1.0 / np.arange(1, n_models + 1) ** asked.popularity
    return DrawnJobs(
        source=source.astype(np.int32),
        release_s=release_s,
        deadline_s=release_s + asked.deadline_s,
        size=_spread(asked.work_spread, n, work),
        input_bytes=asked.input_bytes * _spread(asked.data_spread, n, data),
        output_bytes=asked.output_bytes * _spread(asked.data_spread, n, data),
        value=asked.value * _spread(asked.value_spread, n, worth),
        model=which.choice(n_models, n, p=share / share.sum()).astype(np.int32),
        power_share=least + (1.0 - least) * power.random(n),
        model_bytes=asked.model_bytes * _spread(asked.model_spread, n_models, which),
    )


def _by_time_of_day(
    asked: ComputeJobs, local_s: Floats, duration_s: float, rng: np.random.Generator
) -> Floats:
    """Draw times of release evenly, and again where the hour refuses them."""
    release_s = np.empty(len(local_s))
    left = np.arange(len(local_s))
    swing, peak_s = asked.day_swing_share, asked.peak_hours * S_PER_HOUR
    while len(left):
        tried_s = rng.random(len(left)) * duration_s
        angle = (local_s[left] + tried_s - peak_s) * (math.tau / _DAY_S)
        taken = rng.random(len(left)) * (1.0 + swing) < 1.0 + swing * np.cos(angle)
        release_s[left[taken]] = tried_s[taken]
        left = left[~taken]
    return release_s


def _spread(spread: float, count: int, rng: np.random.Generator) -> Floats:
    """Sizes about a median of 1."""
    return np.asarray(np.exp(spread * rng.standard_normal(count)), dtype=np.float64)
