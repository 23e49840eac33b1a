"""When a link can carry data: after it opens, the terminals turn to each other and lock first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class LinkIntervals:
    """Stretches in which pairs can exchange data, by pair, then by time.

    Parameters
    ----------
    pair : (n,) int array
        Row of the pair list.
    first, stop : (n,) int array
        The link is open from snapshot ``first`` to snapshot ``stop``, both included.
    turn_rad : (n,) float array
        How far the terminal that turns farther has to turn before [rad].
    t_start_s, t_end_s : (n,) float array
        From the first bit to the last [s].
    """

    pair: Ints
    first: Ints
    stop: Ints
    turn_rad: Floats
    t_start_s: Floats
    t_end_s: Floats


def usable_intervals(
    link_open: npt.NDArray[np.bool_],
    t_s: Floats,
    *,
    acquisition_s: float,
    slew_rate_rad_s: float = np.inf,
    pairs: Ints | None = None,
    position_m: Floats | None = None,
    velocity_m_s: Floats | None = None,
) -> LinkIntervals:
    """Find the stretches in which each pair can exchange data.

    Parameters
    ----------
    link_open : (n_pairs, n_times) bool array
        Whether a pair may be linked at each snapshot, as from
        :func:`perigrid.physics.crosslinks.links_open`.
    t_s : (n_times,) float array
        Snapshot times [s].
    acquisition_s : float
        From pointing to the first bit [s].
    slew_rate_rad_s : float
        How fast a terminal turns to another direction; infinite for no time at all [rad/s].
    pairs : (n_pairs, 2) int array, optional
        Rows of both ends; needed with a slew rate, as are the next two.
    position_m, velocity_m_s : (3, n_satellites, n_times) float array, optional
        In one inertial frame [m], [m/s].

    Returns
    -------
    LinkIntervals
        Stretches that end before the first bit are left out.

    Raises
    ------
    ValueError
        If a slew rate is given without pairs, positions and velocities.

    Notes
    -----
    Between two snapshots a link is open if it is at both. Before the first bit both ends slew, at
    the same time, from where they pointed last, in their own orbital frames, then acquire; see
    :func:`turns_before_rad`.
    """
    pair, first, stop = _runs(link_open)
    turn = np.zeros(len(pair))
    if np.isfinite(slew_rate_rad_s):
        if pairs is None or position_m is None or velocity_m_s is None:
            raise ValueError("a slew rate needs pairs, positions and velocities")
        turn = turns_before_rad(pair, first, stop, pairs, position_m, velocity_m_s)
    start_s = t_s[first] + turn / slew_rate_rad_s + acquisition_s
    end_s = t_s[stop]
    lasting = end_s > start_s
    return LinkIntervals(
        pair[lasting], first[lasting], stop[lasting], turn[lasting], start_s[lasting],
        end_s[lasting],
    )  # fmt: skip


def pointing_direction(
    position_a_m: Floats, velocity_a_m_s: Floats, position_b_m: Floats
) -> Floats:
    """Direction to another satellite in a satellite's own orbital frame.

    Parameters
    ----------
    position_a_m, velocity_a_m_s : (3, ...) float array
        Of the satellite that looks, in an inertial frame [m], [m/s].
    position_b_m : (3, ...) float array
        Of the one that is looked at [m].

    Returns
    -------
    (3, ...) float array
        Unit vector: radial (up), along the flight in the local horizontal, along the orbit's
        angular momentum.
    """
    up = position_a_m / np.linalg.norm(position_a_m, axis=0)
    across = np.cross(position_a_m, velocity_a_m_s, axis=0)
    across /= np.linalg.norm(across, axis=0)
    ahead = np.cross(across, up, axis=0)
    line = position_b_m - position_a_m
    line /= np.linalg.norm(line, axis=0)
    return np.stack([np.sum(axis * line, axis=0) for axis in (up, ahead, across)])


def turns_before_rad(
    pair: Ints, first: Ints, stop: Ints, pairs: Ints, position_m: Floats, velocity_m_s: Floats
) -> Floats:
    """How far terminals turn before each stretch of a link, from where they were left.

    Parameters
    ----------
    pair, first, stop : (n,) int array
        Stretches by pair, then by time: row of the pair list, first and last snapshot.
    pairs : (n_pairs, 2) int array
        Rows of both ends.
    position_m, velocity_m_s : (3, n_satellites, n_times) float array
        In one inertial frame [m], [m/s].

    Returns
    -------
    (n,) float array
        Of the end that turns farther [rad].

    Notes
    -----
    A terminal rests where its link to this partner was lost; before its first link it looks ahead
    along its flight. Turning towards a third satellite meanwhile is not considered.
    """
    largest = np.zeros(len(pair))
    for here, there in ((0, 1), (1, 0)):
        own, other = pairs[pair, here], pairs[pair, there]

        def look(at: Ints, own: Ints = own, other: Ints = other) -> Floats:
            return pointing_direction(
                position_m[:, own, at], velocity_m_s[:, own, at], position_m[:, other, at]
            )

        opens, closed = look(first), look(stop)
        rest = np.roll(closed, 1, axis=1)
        fresh = np.concatenate([[True], pair[1:] != pair[:-1]])[: len(pair)]
        rest[:, fresh] = np.array([[0.0], [1.0], [0.0]])
        sine = np.linalg.norm(np.cross(rest, opens, axis=0), axis=0)
        angle = np.arctan2(sine, np.sum(rest * opens, axis=0))
        largest = np.maximum(largest, angle)
    return largest


def _runs(link_open: npt.NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Pair, first and last snapshot of every stretch of at least two open snapshots."""
    both = link_open[:, 1:] & link_open[:, :-1]
    shut = np.zeros((len(both), 1), dtype=np.bool_)
    padded = np.concatenate([shut, both, shut], axis=1)
    pair, edge = np.nonzero(padded[:, 1:] != padded[:, :-1])
    # Edges of a row come in turns: opening, closing.
    return pair[::2].astype(np.int64), edge[::2].astype(np.int64), edge[1::2].astype(np.int64)
