"""Laser windows among the mission's satellites: who holds which terminal when."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.fleet.model import ContactKind, Contacts
from perigrid.fleet.terminal_assignment import TerminalAssignment
from perigrid.fleet.terminals import Terminals
from perigrid.fleet.windows import contact_rows, merge_contacts, no_contacts
from perigrid.physics.crosslinks import range_m
from perigrid.physics.link_intervals import turns_before_rad
from perigrid.physics.links import light_time_s

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def crosslink_windows(
    lasers: Terminals,
    position_m: Floats,
    t_s: Floats,
    motion: tuple[Floats, Floats] | None = None,
) -> Contacts:
    """Plan the lasers between the mission's satellites.

    Parameters
    ----------
    lasers : Terminals
        Of each satellite.
    position_m : (3, n_satellites, n_times) float array
        Positions at the snapshots, in any one frame [m].
    t_s : (n_times,) float array
        Snapshot times [s].
    motion : pair of (3, n_satellites, n_times) float array, optional
        Positions and velocities in an inertial frame; needed for terminals with a slew rate [m],
        [m/s].

    Returns
    -------
    Contacts
        One row per window and direction; satellites are fleet rows. The rate is the lowest in
        the window, so that a booking never outruns the link.

    Notes
    -----
    Which pairs are linked is said in :mod:`perigrid.fleet.terminal_assignment`. Unlike terminals do
    what both can: the shorter range, the lower rate, the higher grazing altitude, the slower turn
    and acquisition. A new link spends the time of slew and acquisition before it carries data, also
    at the start of the run.
    """
    if len(lasers.carried) < 2 or len(t_s) < 2:
        return no_contacts()
    pairs, first, stop = _runs(list(TerminalAssignment(lasers, position_m).intervals()))
    start_s = t_s[first] + lasers.column(lambda one: one.acquisition_s)[pairs].max(axis=1)
    start_s = start_s + _slew_s(lasers, pairs, first, stop, motion)
    lasting = t_s[stop] > start_s
    pairs, first, stop, start_s = pairs[lasting], first[lasting], stop[lasting], start_s[lasting]
    rate_bps, middle_m = _along(lasers, pairs, first, stop, start_s, position_m, t_s)
    return merge_contacts([no_contacts(), contact_rows(
        ContactKind.CROSSLINK,
        source=pairs.T.ravel(),
        target=pairs[:, ::-1].T.ravel(),
        t_start_s=np.tile(start_s, 2),
        t_end_s=np.tile(t_s[stop], 2),
        rate_bps=np.tile(rate_bps, 2),
        light_time_s=np.tile(light_time_s(middle_m), 2),
    )])  # fmt: skip


def _runs(linked: list[Ints]) -> tuple[Ints, Ints, Ints]:
    """Windows by pair, then by time: the pair, and the first and last snapshot."""
    pair: Ints = np.concatenate(linked)
    interval = np.repeat(np.arange(len(linked)), [len(one) for one in linked])
    order = np.lexsort((interval, pair[:, 1], pair[:, 0]))
    pair, interval = pair[order], interval[order]
    fresh = np.ones(len(pair), dtype=np.bool_)
    fresh[1:] = (pair[1:] != pair[:-1]).any(axis=1) | (interval[1:] != interval[:-1] + 1)
    head = np.flatnonzero(fresh)
    tail = np.append(head[1:], len(pair)) - 1 if len(head) else head
    return pair[head], interval[head], interval[tail] + 1


def _slew_s(
    lasers: Terminals, pairs: Ints, first: Ints, stop: Ints, motion: tuple[Floats, Floats] | None
) -> Floats:
    """Time to turn before each window; 0 where the acquisition includes it."""
    rate = lasers.column(lambda one: one.slew_rate_rad_s)[pairs]
    slowest_rad_s = np.where(rate > 0.0, rate, np.inf).min(axis=1)
    if motion is None or not np.isfinite(slowest_rad_s).any():
        return np.zeros(len(pairs))
    fresh = np.ones(len(pairs), dtype=np.bool_)
    fresh[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    turn_rad = turns_before_rad(np.cumsum(fresh) - 1, first, stop, pairs[fresh], *motion)
    slew_s: Floats = turn_rad / slowest_rad_s
    return slew_s


def _along(
    lasers: Terminals,
    pairs: Ints,
    first: Ints,
    stop: Ints,
    start_s: Floats,
    position_m: Floats,
    t_s: Floats,
) -> tuple[Floats, Floats]:
    """Lowest rate of each window, and the range in its middle."""
    count = stop - first + 1
    begin = np.cumsum(count) - count
    row = np.repeat(np.arange(len(count)), count)
    at = np.arange(len(row)) - begin[row] + first[row]
    a, b = pairs[row, 0], pairs[row, 1]
    length_m = range_m(position_m[:, a, at], position_m[:, b, at])
    rate_bps = lasers.pair_rate_bps(a, b, length_m)
    lowest = np.minimum.reduceat(rate_bps, begin) if len(begin) else rate_bps
    middle_s = 0.5 * (start_s + t_s[stop])
    before = np.clip(np.searchsorted(t_s, middle_s, side="right") - 1, first, stop - 1)
    here, ahead = length_m[begin + before - first], length_m[begin + before - first + 1]
    slope_m_s = (ahead - here) / (t_s[before + 1] - t_s[before])
    return lowest, slope_m_s * (middle_s - t_s[before]) + here
