"""Newton's method for the heat balance of many satellites side by side."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import kernel, part

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]

LANES: Final = 64
"""Satellites solved side by side, so that the innermost loops fill vector registers."""

_STEPS: Final = 200
_HALVINGS: Final = 40
# Newton's error squares with each step: after a full step this small only rounding is left.
_TOLERANCE: Final = 1.0e-9
# Share of the predicted fall of the residual that a step must bring (Armijo's rule).
_FALL: Final = 1.0e-4
# Of a node's gross flow of heat.
_ROUNDING: Final = 4.0e-16
# Keeps the first Jacobian regular where a massless emitter starts from nothing.
_COLDEST_GUESS_K: Final = 1.0


@kernel
def solve_columns(
    first: int,
    stop: int,
    guess: Floats,
    start: Floats,
    heat: Floats,
    nodes: tuple[Floats, Floats],
    couplings: tuple[Floats, Floats, Bools],
    pipes: tuple[Ints, Floats],
    ended: Floats,
    converged: Bools,
) -> None:
    """Solve the heat balance of one implicit step for columns ``first`` to ``stop``.

    Parameters
    ----------
    first, stop : int
        Columns of the arrays to work on.
    guess : (n_nodes, n) float array
        Temperatures to begin from [K].
    start, heat : (n_nodes, n) float array
        Temperatures at the start [K] and heat put in [W].
    nodes : tuple of (n_nodes,) array
        Heat capacity over length of the step ``c`` [W/K], loss to space ``l`` [W/K4].
    couplings : tuple of (n_nodes, n_nodes) array
        ``w`` [W/K], ``r`` [W/K4], and where the factors of the Jacobian are not zero.
    pipes : tuple of array
        Ends, (n_pipes, 2), and conductance [W/K], drop at the limit [K] and conductance beyond it
        [W/K], (n_pipes, 3).
    ended : (n_nodes, n) float array
        Written: the temperatures [K].
    converged : (n,) bool array
        Written: whether the method came to an end.

    Notes
    -----
    ``c_i (T_i - start_i) + l_i T_i^4 + sum_j [w_ij (T_i - T_j) + r_ij (T_i^4 - T_j^4)] + pipes
    = heat_i``. Differences keep the digits of small flows through good conductors.

    ``T^4`` is continued as ``T |T|^3``, so that an iterate below zero does no harm. Off the
    diagonal of the Jacobian nothing is positive and no column sums to less than nothing, so
    elimination needs no pivoting and can do without cancellation [2]_, and the step falls along
    the sum of the absolute residuals, which the line search watches. A column's arithmetic does
    not depend on its neighbours.

    References
    ----------
    .. [1] J. M. Ortega, W. C. Rheinboldt, Iterative Solution of Nonlinear Equations in Several
       Variables (1970), sections 13.3 and 14.4, doi:10.1137/1.9780898719468.
    .. [2] W. K. Grassmann, M. I. Taksar, D. P. Heyman, Regenerative analysis and steady state
       distributions for Markov chains, Operations Research 33 (1985), doi:10.1287/opre.33.5.1107.
    """
    n_nodes = start.shape[0]
    now = np.empty((n_nodes, LANES))
    given = np.empty((2, n_nodes, LANES))
    trial = np.empty((n_nodes, LANES))
    residual = np.empty((n_nodes, LANES))
    change = np.empty((n_nodes, LANES))
    jacobian = np.empty((n_nodes, n_nodes, LANES))
    sums = np.empty((5, LANES))
    done = np.empty(LANES, dtype=np.bool_)
    for base in range(first, stop, LANES):
        for node in range(n_nodes):
            for lane in range(LANES):
                # The last block is filled up with its last column.
                column = min(base + lane, stop - 1)
                given[0, node, lane] = start[node, column]
                given[1, node, lane] = heat[node, column]
                now[node, lane] = max(guess[node, column], _COLDEST_GUESS_K)
        _newton(now, given, nodes, couplings, pipes, trial, residual, change, jacobian, sums, done)
        for lane in range(min(LANES, stop - base)):
            converged[base + lane] = done[lane]
            for node in range(n_nodes):
                ended[node, base + lane] = now[node, lane]


@part
def _newton(
    now: Floats,
    given: Floats,
    nodes: tuple[Floats, Floats],
    couplings: tuple[Floats, Floats, Bools],
    pipes: tuple[Ints, Floats],
    trial: Floats,
    residual: Floats,
    change: Floats,
    jacobian: Floats,
    sums: Floats,
    done: Bools,
) -> None:
    """Solve one block; ``now`` holds the guess, then the answer."""
    pattern = couplings[2]
    _residual(now, given, nodes, couplings, pipes, residual, sums[0])
    done[:] = False
    for _ in range(_STEPS):
        _jacobian(now, nodes, couplings, pipes, jacobian, sums[4])
        _copy_nodes(residual, change)
        _eliminate(jacobian, pattern, change)
        _search(now, given, nodes, couplings, pipes, change, trial, residual, sums, done)
        if np.all(done):
            return


@part
def _search(
    now: Floats,
    given: Floats,
    nodes: tuple[Floats, Floats],
    couplings: tuple[Floats, Floats, Bools],
    pipes: tuple[Ints, Floats],
    change: Floats,
    trial: Floats,
    residual: Floats,
    sums: Floats,
    done: Bools,
) -> None:
    """Step each lane that is not done, halving its step until its residual falls."""
    before, after, length = sums[0], sums[1], sums[2]
    far_off, noise = sums[3], sums[4]
    _mark_far_off(now, change, done, far_off)
    length[:] = 1.0
    for _ in range(_HALVINGS):
        for node in range(len(now)):
            _copy_lanes(now[node], trial[node])
            _subtract(trial[node], length, change[node])
        _residual(trial, given, nodes, couplings, pipes, residual, after)
        again = False
        for lane in range(LANES):
            allowed = (1.0 - _FALL * length[lane]) * before[lane] + noise[lane]
            if far_off[lane] > 0.0 and after[lane] > allowed:
                length[lane] *= 0.5
                again = True
        if not again:
            break
    _copy_nodes(trial, now)
    _copy_lanes(after, before)
    for lane in range(LANES):
        done[lane] |= far_off[lane] <= 0.0


@part
def _mark_far_off(now: Floats, change: Floats, done: Bools, far_off: Floats) -> None:
    """Hold the lanes that are done, and mark those whose step is not small."""
    far_off[:] = -1.0
    for node in range(len(now)):
        step, kept = change[node], now[node]
        for lane in range(LANES):
            step[lane] = 0.0 if done[lane] else step[lane]
            close = _TOLERANCE * max(abs(kept[lane]), _COLDEST_GUESS_K)
            # Also where the step is not a number.
            far_off[lane] = far_off[lane] if abs(step[lane]) <= close else 1.0


@part
def _copy_nodes(given: Floats, taken: Floats) -> None:
    """Copy values; assigning a slice would compile the text of a shape error for seconds."""
    for node in range(len(given)):
        _copy_lanes(given[node], taken[node])


@part
def _copy_lanes(given: Floats, taken: Floats) -> None:
    """Copy a value a lane."""
    for lane in range(LANES):
        taken[lane] = given[lane]


@part
def _residual(
    temperature: Floats,
    given: Floats,
    nodes: tuple[Floats, Floats],
    couplings: tuple[Floats, Floats, Bools],
    pipes: tuple[Ints, Floats],
    residual: Floats,
    total: Floats,
) -> None:
    """Heat that leaves each node less what it is given, and the sum of the absolute values."""
    n_nodes = len(temperature)
    for node in range(n_nodes):
        row, own = residual[node], temperature[node]
        start, heat = given[0, node], given[1, node]
        inertia, leak = nodes[0][node], nodes[1][node]
        for lane in range(LANES):
            t = own[lane]
            row[lane] = inertia * (t - start[lane]) - heat[lane] + leak * t * abs(t) * t * t
        for other in range(n_nodes):
            w, r = couplings[0][node, other], couplings[1][node, other]
            if w != 0.0 or r != 0.0:
                _add_flow(row, own, temperature[other], w, r)
    _add_pipe_flows(temperature, pipes, residual)
    total[:] = 0.0
    for node in range(n_nodes):
        row = residual[node]
        for lane in range(LANES):
            total[lane] += abs(row[lane])


@part
def _add_flow(row: Floats, own: Floats, met: Floats, w: float, r: float) -> None:
    """Add the heat that goes from a node to another by conduction, fluid and radiation."""
    if w != 0.0:
        for lane in range(LANES):
            row[lane] += w * (own[lane] - met[lane])
    if r != 0.0:
        for lane in range(LANES):
            t, o = own[lane], met[lane]
            row[lane] += r * (t * abs(t) * t * t - o * abs(o) * o * o)


@part
def _add_pipe_flows(temperature: Floats, pipes: tuple[Ints, Floats], residual: Floats) -> None:
    """Add what heat pipes carry: up to the limit by the full, beyond it by the dry conductance."""
    ends, settings = pipes
    for pipe in range(len(ends)):
        hot, cold = ends[pipe]
        conductance, widest, dry = settings[pipe]
        for lane in range(LANES):
            drop = temperature[hot, lane] - temperature[cold, lane]
            carried = min(max(drop, -widest), widest)
            flow = conductance * carried + dry * (drop - carried)
            residual[hot, lane] += flow
            residual[cold, lane] -= flow


@part
def _jacobian(
    temperature: Floats,
    nodes: tuple[Floats, Floats],
    couplings: tuple[Floats, Floats, Bools],
    pipes: tuple[Ints, Floats],
    jacobian: Floats,
    noise: Floats,
) -> None:
    """Differentiate the residual, and estimate how much of it is rounding.

    The diagonal holds the sums of the columns: what a warmer node stores and gives to space.
    """
    noise[:] = 0.0
    n_nodes = len(temperature)
    for node in range(n_nodes):
        own, diagonal = temperature[node], jacobian[node, node]
        _slope(own, nodes[0][node], 4.0 * nodes[1][node], diagonal)
        # Couplings have nothing on their diagonals.
        w, r = np.sum(couplings[0][node]), np.sum(couplings[1][node])
        for lane in range(LANES):
            t = abs(own[lane])
            noise[lane] += _ROUNDING * t * (diagonal[lane] + w + r * t * t * t)
        for other in range(n_nodes):
            if other != node and couplings[2][node, other]:
                w, r = couplings[0][node, other], 4.0 * couplings[1][node, other]
                _slope(temperature[other], -w, -r, jacobian[node, other])
    _add_pipe_slopes(temperature, pipes, jacobian)


@part
def _slope(temperature: Floats, w: float, r: float, cell: Floats) -> None:
    """Set ``w + r |T|^3``."""
    for lane in range(LANES):
        t = temperature[lane]
        cell[lane] = w + r * abs(t) * t * t


@part
def _add_pipe_slopes(temperature: Floats, pipes: tuple[Ints, Floats], jacobian: Floats) -> None:
    """Add the conductance at which heat pipes work."""
    ends, settings = pipes
    for pipe in range(len(ends)):
        hot, cold = ends[pipe]
        conductance, widest, dry = settings[pipe]
        for lane in range(LANES):
            drop = temperature[hot, lane] - temperature[cold, lane]
            slope = conductance if abs(drop) < widest else dry
            jacobian[hot, cold, lane] -= slope
            jacobian[cold, hot, lane] -= slope


@part
def _eliminate(jacobian: Floats, pattern: Bools, right: Floats) -> None:
    """Turn ``right`` into the solution, by elimination without pivoting and without cancellation.

    Pivots are the sum of a column less its other entries, none of which is positive; the sums are
    carried along instead of the diagonal (Grassmann, Taksar and Heyman's way).
    """
    n_nodes = len(right)
    factor = np.empty(LANES)
    for k in range(n_nodes):
        sums, pivot = jacobian[k, k], factor
        _copy_lanes(sums, pivot)
        for node in range(k + 1, n_nodes):
            if pattern[node, k]:
                _take(pivot, jacobian[node, k])
        for lane in range(LANES):
            pivot[lane] = 1.0 / pivot[lane]
            # What a column keeps of this node's sum, per entry above; then the inverse pivot.
            share = sums[lane] * pivot[lane]
            sums[lane] = pivot[lane]
            pivot[lane] = share
        for node in range(k + 1, n_nodes):
            if pattern[k, node]:
                _subtract(jacobian[node, node], pivot, jacobian[k, node])
        _clear_column(jacobian, pattern, right, k, factor)
    _substitute_back(jacobian, pattern, right)


@part
def _clear_column(jacobian: Floats, pattern: Bools, right: Floats, k: int, factor: Floats) -> None:
    """Take multiples of row ``k`` from the rows below it, leaving their diagonals alone."""
    n_nodes = len(right)
    for node in range(k + 1, n_nodes):
        if not pattern[node, k]:
            continue
        below, inverse = jacobian[node, k], jacobian[k, k]
        for lane in range(LANES):
            factor[lane] = below[lane] * inverse[lane]
        _subtract(right[node], factor, right[k])
        for column in range(k + 1, n_nodes):
            if column != node and pattern[k, column]:
                _subtract(jacobian[node, column], factor, jacobian[k, column])


@part
def _substitute_back(jacobian: Floats, pattern: Bools, right: Floats) -> None:
    """Solve for each node from the last to the first; the diagonal holds inverses."""
    n_nodes = len(right)
    for back in range(n_nodes):
        k = n_nodes - 1 - back
        row, pivot = right[k], jacobian[k, k]
        for other in range(k + 1, n_nodes):
            if pattern[k, other]:
                _subtract(row, jacobian[k, other], right[other])
        for lane in range(LANES):
            row[lane] *= pivot[lane]


@part
def _take(row: Floats, other: Floats) -> None:
    """Subtract, a lane each."""
    for lane in range(LANES):
        row[lane] -= other[lane]


@part
def _subtract(row: Floats, factor: Floats, other: Floats) -> None:
    """Take a multiple, a lane each."""
    for lane in range(LANES):
        row[lane] -= factor[lane] * other[lane]
