"""Which relay satellite a user satellite is linked to: each relay has one terminal for users."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from perigrid.base.constants import EARTH_EQUATORIAL_RADIUS_M
from perigrid.fleet.terminals import Terminals
from perigrid.physics.chunks import over_ranges
from perigrid.physics.compiled import kernel, part
from perigrid.physics.crosslinks import lowest_squared
from perigrid.scenario.model import Laser

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def user_ranges_m(lasers: Terminals, relay_laser: Laser, user_m: Floats, relay_m: Floats) -> Floats:
    """Ranges from user satellites to relay satellites; inf where no laser reaches.

    Parameters
    ----------
    lasers : Terminals
        Of each user; one without any reaches nobody.
    relay_laser : Laser
        Terminals of the relays; the shorter range and the higher grazing altitude count.
    user_m : (..., 3, n_users) float array
        Positions, of one snapshot or many [m].
    relay_m : (..., 3, n_relays) float array
        Positions in the same frame [m].

    Returns
    -------
    (..., n_users, n_relays) float array
        Ranges [m].
    """
    users = np.ascontiguousarray(user_m).reshape(-1, *user_m.shape[-2:])
    relays = np.ascontiguousarray(relay_m).reshape(-1, *relay_m.shape[-2:])
    ranges = np.empty((len(users), users.shape[2], relays.shape[2]))
    reach_m = np.minimum(lasers.column(lambda one: one.max_range_m), relay_laser.max_range_m)
    floor_m = EARTH_EQUATORIAL_RADIUS_M + np.maximum(
        lasers.column(lambda one: one.grazing_altitude_m), relay_laser.grazing_altitude_m
    )
    over_ranges(
        lambda first, stop: _measure_users(users, relays, reach_m, floor_m, first, stop, ranges),
        len(users),
    )
    return ranges.reshape(*user_m.shape[:-2], *ranges.shape[1:])


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
    chosen, wish = np.full((2, len(here_m)), -1, dtype=np.int64)
    taken = np.zeros(here_m.shape[1], dtype=np.bool_)
    _choose(here_m, ahead_m, chosen if current is None else current, chosen, wish, taken)
    return chosen


@kernel
def _measure_users(
    user: Floats,
    relay: Floats,
    reach_m: Floats,
    floor_m: Floats,
    first: int,
    stop: int,
    ranges: Floats,
) -> None:
    """Fill snapshots ``first`` to ``stop`` of the users' ranges."""
    for k in range(first, stop):
        for u in range(user.shape[2]):
            ux, uy, uz = user[k, 0, u], user[k, 1, u], user[k, 2, u]
            for r in range(relay.shape[2]):
                dx, dy, dz = relay[k, 0, r] - ux, relay[k, 1, r] - uy, relay[k, 2, r] - uz
                squared = dx * dx + dy * dy + dz * dz
                clear = lowest_squared(ux, uy, uz, dx, dy, dz) >= floor_m[u] * floor_m[u]
                near = squared <= reach_m[u] * reach_m[u]
                ranges[k, u, r] = np.sqrt(squared) if near & clear else np.inf


@kernel
def _choose(
    here: Floats, ahead: Floats, current: Ints, chosen: Ints, wish: Ints, taken: Bools
) -> None:
    """Keep what holds; then serve, again and again, whoever is nearest to a free relay."""
    for u in range(len(chosen)):
        held = current[u]
        if held >= 0 and here[u, held] < np.inf and ahead[u, held] < np.inf:
            chosen[u] = held
            taken[held] = True
    for u in range(len(chosen)):
        if chosen[u] < 0:
            wish[u] = _nearest_free(here, ahead, u, taken)
    served = _first_served(here, wish)
    while served >= 0:
        chosen[served] = wish[served]
        taken[wish[served]] = True
        wish[served] = -1
        for u in range(len(wish)):
            if wish[u] == chosen[served]:
                wish[u] = _nearest_free(here, ahead, u, taken)
        served = _first_served(here, wish)


@part
def _first_served(here: Floats, wish: Ints) -> int:
    """Who is nearest to the relay it wishes for; -1 if nobody wishes."""
    served = -1
    least_m = np.inf
    for u in range(len(wish)):
        if wish[u] >= 0 and here[u, wish[u]] < least_m:
            served, least_m = u, here[u, wish[u]]
    return served


@part
def _nearest_free(here: Floats, ahead: Floats, u: int, taken: Bools) -> int:
    """Nearest relay that is free and stays in view; -1 if there is none."""
    nearest = -1
    least_m = np.inf
    for r in range(len(taken)):
        if here[u, r] < least_m and ahead[u, r] < np.inf and not taken[r]:
            nearest, least_m = r, here[u, r]
    return nearest
