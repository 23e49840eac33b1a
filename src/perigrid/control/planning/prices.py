"""Prices of energy, time, downlink, heat and memory, and the bound that they prove.

A price on every shared thing lets each job choose for itself; what the jobs then gain, and what the
things are worth, is more than any schedule can be worth (weak duality).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from perigrid.control.planning.instance import Bools, Instance
from perigrid.control.planning.starts import Starts, possible_starts
from perigrid.fleet.model import Floats, Ints
from perigrid.physics.compiled import compiled

TIME, ENERGY, DOWNLINK, HEAT, MEMORY = range(5)

_MEMORY_OF_STEPS: Final = 0.95
_PATIENCE: Final = 20
"""Rounds without a better bound after which steps are cut."""

_CUT: Final = 0.9
_FIRST_HOPE: Final = 0.02
"""Share by which the next bound is hoped to be lower; it sets the first steps' length."""


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices, and the bound that they prove.

    Parameters
    ----------
    bound : float
        No schedule is worth more.
    price : (5, n_satellites, n_slots) float array
        Of a slot of computing, of energy [1/J], of sending [1/B], of a kelvin at the end of a slot
        [1/K] and of memory [1/B], in the instance's unit of value.
    rounds : int
        How often the prices were changed.
    """

    bound: float
    price: Floats
    rounds: int

    def heat_per_j(self, instance: Instance) -> Floats:
        """Price of the warmth that a joule brings, in its slot and in those after it.

        Parameters
        ----------
        instance : Instance
            The instance priced.

        Returns
        -------
        (n_satellites, n_slots) float array
            Price [1/J].
        """
        sky = instance.satellites
        return _later(self.price[HEAT], sky.kept_share) * sky.warming_k_per_j


@compiled()
def _later(price_k: Floats, kept: float) -> Floats:
    """Price of a kelvin put in during a slot: it fades, and counts at every later slot's end."""
    total = price_k.copy()
    for t in range(price_k.shape[1] - 2, -1, -1):
        total[:, t] += kept * total[:, t + 1]
    return total


@compiled()
def _summed(price: Floats, joule: Floats) -> Floats:
    """Prices of computing, energy and memory from slot 0 to before each slot."""
    _, count, slots = price.shape
    summed = np.zeros((3, count, slots + 1))
    for s in range(count):
        for t in range(slots):
            summed[0, s, t + 1] = summed[0, s, t] + price[0, s, t]
            summed[1, s, t + 1] = summed[1, s, t] + joule[s, t]
            summed[2, s, t + 1] = summed[2, s, t] + price[4, s, t]
    return summed


@compiled()
def _cheapest_sends(
    s: int, end: int, deadline: int, size: float, downlink: Floats, price: Floats, summed: Floats,
    send: Floats, send_at: Ints,
) -> None:  # fmt: skip
    """Least cost per byte to keep and send an output from each slot on, and where it is met."""
    send[deadline + 1] = np.inf
    for q in range(deadline, end - 1, -1):
        send[q], send_at[q] = send[q + 1], send_at[q + 1]
        if downlink[s, q] >= size:
            cost = price[2, s, q] + summed[2, s, q + 1]
            if cost < send[q]:
                send[q], send_at[q] = cost, q


@compiled()
def _jobs_gain(
    satellite: Ints, slot: Ints, first: Ints, duration: Ints, deadline: Ints, energy: Floats,
    memory: Floats, output: Floats, value: Floats,
    downlink: Floats, price: Floats, joule: Floats, load: Floats,
) -> float:  # fmt: skip
    """Let each job choose its best start and downlink; note in ``load`` what that takes up."""
    slots = downlink.shape[1]
    summed = _summed(price, joule)
    send = np.empty(slots + 1)
    send_at = np.empty(slots + 1, dtype=np.int64)
    total = 0.0
    load[:] = 0.0
    for j in range(len(duration)):
        gain, best, best_sent, seen = 0.0, -1, -1, -1
        for i in range(first[j], first[j + 1]):
            s, t = satellite[i], slot[i]
            end = t + duration[j]
            if s != seen:
                seen = s
                _cheapest_sends(
                    s, end, deadline[j], output[j], downlink, price, summed, send, send_at
                )
            if end > deadline[j]:
                continue
            own = value[j] - (summed[0, s, end] - summed[0, s, t])
            own -= energy[j] * (summed[1, s, end] - summed[1, s, t])
            own -= memory[j] * (summed[2, s, end] - summed[2, s, t])
            own -= output[j] * (send[end] - summed[2, s, end])
            if own > gain:
                gain, best, best_sent = own, i, send_at[end]
        if best >= 0:
            total += gain
            s, t = satellite[best], slot[best]
            end = t + duration[j]
            load[0, s, t:end] += 1.0
            load[1, s, t:end] += energy[j]
            load[4, s, t:end] += memory[j]
            load[2, s, best_sent] += output[j]
            load[4, s, end : best_sent + 1] += output[j]
    return total


@compiled()
def _sky_worth(
    price: Floats, load: Floats, gain_j: Floats, start_j: Floats, floor_j: Floats,
    capacity_j: Floats, downlink: Floats, idle_k: Floats, limit_k: Floats, room: Floats,
    closed: Bools, kept: float, per_j: float, slack: Floats,
) -> float:  # fmt: skip
    """Worth of all that there is at these prices; ``slack`` is what is left of it."""
    count, slots = downlink.shape
    total = 0.0
    for s in range(count):
        before = start_j[s]
        warm = 0.0
        for t in range(slots):
            # The battery may stand anywhere between floor and capacity after a slot: it takes the
            # side that is worth more, since the price of energy in the next slot is known.
            ahead = price[1, s, t + 1] if t + 1 < slots else 0.0
            after = capacity_j[s] if ahead > price[1, s, t] else floor_j[s]
            given = gain_j[s, t] + before - after
            before = after
            warm = kept * warm + per_j * load[1, s, t]
            share = 0.0 if closed[s, t] else 1.0
            slack[0, s, t] = share - load[0, s, t]
            slack[1, s, t] = given - load[1, s, t]
            slack[2, s, t] = downlink[s, t] - load[2, s, t]
            total += (
                price[0, s, t] * share + price[1, s, t] * given + price[2, s, t] * downlink[s, t]
            )
            slack[3, s, t] = 0.0
            if limit_k[s] < np.inf:
                spare = limit_k[s] - idle_k[s, t + 1]
                slack[3, s, t] = spare - warm
                total += price[3, s, t] * spare
            slack[4, s, t] = 0.0
            if room[s, t] < np.inf:
                slack[4, s, t] = room[s, t] - load[4, s, t]
                total += price[4, s, t] * room[s, t]
    return total


@compiled()
def _move_prices(
    price: Floats, slack: Floats, trend: Floats, unit: Floats, step: float, kept: float
) -> None:
    """Raise the price of what is short and lower that of what is left."""
    flat, left, slope = price.ravel(), slack.ravel(), trend.ravel()
    each = price.shape[1] * price.shape[2]
    square = 0.0
    for i in range(len(flat)):
        down = left[i] / unit[i // each]
        if flat[i] == 0.0 and down > 0.0:
            down = 0.0
        slope[i] = kept * slope[i] + (1.0 - kept) * down
        square += down**2
    if square == 0.0:
        return
    for i in range(len(flat)):
        flat[i] = max(0.0, flat[i] - step / square * slope[i] / unit[i // each])


def prove_bound(
    instance: Instance,
    rounds: int = 1000,
    starts: Starts | None = None,
    first_price: Floats | None = None,
) -> Prices:
    """Find prices whose bound is low.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    rounds : int
        How often prices are changed.
    starts : Starts, optional
        The possible starts, if they are known already.
    first_price : (5, n_satellites, n_slots) float array, optional
        Prices to begin with.

    Returns
    -------
    Prices
        Those with the lowest bound met.

    Notes
    -----
    Every shared thing's limit is taken out of the problem and priced: a slot of a computer, the
    energy balance of a slot, a slot's downlink, temperature and memory. What is left falls apart
    into one choice per job, ``max(0, value - prices of what it takes)``, and one interval per
    battery state. For prices that are not negative, every schedule that can be flown is a choice
    of the jobs, its batteries lie in their intervals, and what it leaves of each limit is not
    negative; so the sum of the best choices plus the worth of all limits is at least its value.
    The bound therefore holds for any number of rounds, and for any size of the instance; the rounds
    only make it tight. Steps follow Polyak's rule, towards a bound that is
    hoped for, along an averaged subgradient.

    References
    ----------
    M. Held, P. Wolfe and H. P. Crowder, "Validation of subgradient optimization", Mathematical
    Programming 6, 62-88, 1974, doi:10.1007/BF01580223.
    """
    starts = possible_starts(instance) if starts is None else starts
    shape = (5, instance.n_satellites, instance.n_slots)
    price = np.zeros(shape) if first_price is None else first_price.copy()
    best_price, load, slack, trend = (np.zeros(shape) for _ in range(4))
    unit = _units(instance)
    best, hoped_share, waited = np.inf, _FIRST_HOPE, 0
    for _ in range(rounds):
        bound = _evaluate(instance, starts, price, load, slack)
        waited += 1
        if bound < best * (1.0 - 1e-5):
            waited = 0
        if bound < best:
            best, best_price = bound, price.copy()
        if waited > _PATIENCE:
            hoped_share, waited = hoped_share * _CUT, 0
        step = bound - best * (1.0 - hoped_share)
        _move_prices(price, slack, trend, unit, step, _MEMORY_OF_STEPS)
    return Prices(float(best), best_price, rounds)


def evaluate(instance: Instance, starts: Starts, price: Floats) -> float:
    """Bound that given prices prove.

    Parameters
    ----------
    instance : Instance
        Satellites and jobs.
    starts : Starts
        Its possible starts.
    price : (5, n_satellites, n_slots) float array
        As in :class:`Prices`; none negative.

    Returns
    -------
    float
        No schedule is worth more.
    """
    load, slack = np.empty_like(price), np.empty_like(price)
    return _evaluate(instance, starts, price, load, slack)


def _evaluate(
    instance: Instance, starts: Starts, price: Floats, load: Floats, slack: Floats
) -> float:
    sky, work = instance.satellites, instance.work
    joule = price[ENERGY] + _later(price[HEAT], sky.kept_share) * sky.warming_k_per_j
    gained = _jobs_gain(
        starts.satellite, starts.slot, starts.first_of_job, work.duration,
        work.deadline, work.energy_j, work.memory_bytes, work.output_bytes, work.value,
        sky.downlink_bytes, price, joule, load,
    )  # fmt: skip
    worth = _sky_worth(
        price, load, sky.gain_j, sky.start_j, sky.floor_j, sky.capacity_j, sky.downlink_bytes,
        _idle_k(instance), sky.limit_k, sky.memory_bytes, sky.closed, sky.kept_share,
        sky.warming_k_per_j, slack,
    )  # fmt: skip
    return float(gained + worth)


def _idle_k(instance: Instance) -> Floats:
    """Temperature before each slot when nothing is computed."""
    sky = instance.satellites
    warm = np.empty((instance.n_satellites, instance.n_slots + 1))
    warm[:, 0] = sky.start_k
    for slot in range(instance.n_slots):
        warm[:, slot + 1] = sky.kept_share * warm[:, slot] + sky.warming_k[:, slot]
    return warm


def _units(instance: Instance) -> Floats:
    """Say what a job typically takes of each thing, to step all prices alike."""
    work = instance.work
    joule = float(work.energy_j.mean()) if instance.n_jobs else 1.0
    size = float(work.output_bytes.mean()) if instance.n_jobs else 1.0
    kelvin = joule * instance.satellites.warming_k_per_j or 1.0
    return np.array([1.0, joule, size or 1.0, kelvin, size or 1.0])
