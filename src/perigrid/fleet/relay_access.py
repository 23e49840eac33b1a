"""Which relay satellite a user satellite is linked to: each relay has one terminal for users."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.physics.crosslinks import line_of_sight
from perigrid.scenario.model import Laser

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def user_ranges_m(laser: Laser, relay_laser: Laser, user_m: Floats, relay_m: Floats) -> Floats:
    """Ranges from user satellites to relay satellites; inf where no laser reaches.

    Parameters
    ----------
    laser, relay_laser : Laser
        Terminals of the users and of the relays; the shorter range and the higher grazing
        altitude count.
    user_m : (3, n_users) float array
        Positions [m].
    relay_m : (3, n_relays) float array
        Positions in the same frame [m].

    Returns
    -------
    (n_users, n_relays) float array
        Ranges [m].
    """
    squared = (
        np.sum(user_m**2, axis=0)[:, None] - 2.0 * (user_m.T @ relay_m) + np.sum(relay_m**2, axis=0)
    )
    reach_m = min(laser.max_range_m, relay_laser.max_range_m)
    user, relay = np.nonzero(squared <= reach_m**2)
    grazing_m = max(laser.grazing_altitude_m, relay_laser.grazing_altitude_m)
    clear = line_of_sight(user_m[:, user], relay_m[:, relay], grazing_m)
    user, relay = user[clear], relay[clear]
    ranges = np.full(squared.shape, np.inf)
    ranges[user, relay] = np.sqrt(np.maximum(squared[user, relay], 0.0))
    return ranges


def choose_relays(here_m: Floats, ahead_m: Floats, current: Ints | None) -> Ints:
    """Pick each user's relay satellite for an interval: the current one, else the nearest free one.

    Parameters
    ----------
    here_m, ahead_m : (n_users, n_relays) float array
        Ranges at the interval's ends, inf where there is no link [m].
    current : (n_users,) int array or None
        Relay satellites of the interval before; -1 for none.

    Returns
    -------
    (n_users,) int array
        Relay satellites, none of them twice; -1 where none can be reached.

    Notes
    -----
    The other terminals of a relay satellite point along its mesh, so one is left for users. Those
    who keep theirs come first; of the others, whoever is nearest to a free relay is served first.
    """
    usable = np.where(np.isfinite(ahead_m), here_m, np.inf)
    users = np.arange(len(usable))
    chosen = np.full(len(usable), -1, dtype=np.int64)
    if current is not None:
        keeps = (current >= 0) & np.isfinite(usable[users, current])
        chosen[keeps] = current[keeps]
    usable[:, chosen[chosen >= 0]] = np.inf
    usable[chosen >= 0] = np.inf
    while np.isfinite(usable).any():
        user, relay = np.unravel_index(np.argmin(usable), usable.shape)
        chosen[user] = relay
        usable[user] = np.inf
        usable[:, relay] = np.inf
    return chosen
