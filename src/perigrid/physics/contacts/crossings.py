"""Where a smooth function of time is positive: crossings kept apart by bounds on its derivatives.

A *link* is what a function is of (tracks, a site), a *case* the same with the paths of one time
step worked out as cubics. *Spans* are rows of start and end.
"""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from perigrid.physics.compiled import part
from perigrid.physics.contacts.tracks import step_of

Floats = npt.NDArray[np.float64]
Case = tuple[Any, ...]
Link = tuple[Any, ...]
Prepare = Any  # a compiled function (link, step) -> case
Value = Any  # a compiled function (case, time) -> float

EDGE_TOLERANCE_S: Final = 1.0e-5
"""Edges are closed in until the last step of a superlinear search is below this [s]."""

RESOLUTION_S: Final = 1.0e-3
"""Windows and gaps shorter than this may be passed over [s]."""

_MOST_HALVINGS: Final = 64
_MOST_SECANTS: Final = 60
_NONE, _ONE, _UNDECIDED = 0, 1, 2


def crossing_of(value: Value) -> Value:
    """Compile the search for one crossing of a value."""

    @part
    def crossing(case: Case, low: float, f_low: float, high: float, f_high: float) -> float:
        """Time of the crossing between two times of different sign (Illinois false position)."""
        t = last = high
        side = 0
        for _ in range(_MOST_SECANTS):
            t = (low * f_high - high * f_low) / (f_high - f_low)
            if abs(t - last) < EDGE_TOLERANCE_S or high - low < EDGE_TOLERANCE_S:
                break
            last = t
            f = value(case, t)
            if f == 0.0:
                break
            if (f > 0.0) == (f_high > 0.0):
                high, f_high = t, f
                if side == 1:
                    f_low *= 0.5
                side = 1
            else:
                low, f_low = t, f
                if side == -1:
                    f_high *= 0.5
                side = -1
        return t

    return crossing


@part
def _crossings_between(f_low: float, f_high: float, swing: float) -> int:
    """Tell how often a function crosses zero in a step, if ``swing = max |f''| h^2`` settles it."""
    # The function leaves its chord by at most swing s (1 - s) / 2, and its slope differs from the
    # chord's by at most swing / 2 per step.
    change = abs(f_high - f_low)
    steep = change >= 0.5 * swing
    if (f_low > 0.0) != (f_high > 0.0):
        return _ONE if steep else _UNDECIDED
    total = abs(f_low) + abs(f_high)
    if steep or total > 0.5 * swing:
        return _NONE
    nearest = 0.5 * total - 0.125 * swing - 0.5 * change * change / swing
    return _NONE if nearest > 0.0 else _UNDECIDED


def crossings_of(value: Value) -> Value:
    """Compile the search for all crossings of a value in a step."""
    crossing = crossing_of(value)

    @part
    def find_crossings(
        case: Case,
        ends: tuple[float, float, float, float],
        curvature: float,
        stack: Floats,
        edges: Floats,
    ) -> int:
        """Write the crossings in a span inside a step to ``edges``, in order; count them."""
        low, f_low, high, f_high = ends
        stack[0, 0], stack[0, 1] = high, f_high
        depth, count = 1, 0
        while depth > 0:
            high, f_high = stack[depth - 1, 0], stack[depth - 1, 1]
            h = high - low
            found = _crossings_between(f_low, f_high, curvature * h * h)
            if found == _UNDECIDED:
                if h > RESOLUTION_S and depth < len(stack):
                    middle = 0.5 * (low + high)
                    stack[depth, 0], stack[depth, 1] = middle, value(case, middle)
                    depth += 1
                    continue
                found = _ONE if (f_low > 0.0) != (f_high > 0.0) else _NONE
            if found == _ONE and count < len(edges):
                edges[count] = crossing(case, low, f_low, high, f_high)
                count += 1
            low, f_low = high, f_high
            depth -= 1
        return count

    return find_crossings


@part
def scratch() -> tuple[Floats, Floats]:
    """Memory for the search of spans."""
    return np.empty((_MOST_HALVINGS, 2)), np.empty(_MOST_HALVINGS)


@part
def _add_span(out: Floats, count: int, start: float, end: float) -> int:
    """Append a span if it has begun and has a length; count on when there is no room."""
    if not start < end:
        return count
    if count < len(out):
        out[count, 0], out[count, 1] = start, end
    return count + 1


@part
def _pass_edge(out: Floats, count: int, start: float, edge: float) -> tuple[int, float]:
    """Begin a span at an edge, or end it there."""
    if math.isnan(start):
        return count, edge
    return _add_span(out, count, start, edge), math.nan


def positive_spans_of(sample: Value, prepare: Prepare, value: Value) -> Value:
    """Compile the search for the parts of spans in which a value is positive.

    Parameters
    ----------
    sample, prepare, value : compiled functions
        ``sample(link, j)`` is the value at a sample, ``value(prepare(link, j), t)`` inside a step.

    Returns
    -------
    compiled function
        ``(link, curvature, times, spans, n_spans, memory, out)`` to the number of spans, which
        may be more than ``out`` has room for. With ``curvature`` a bound on the second derivative,
        no span longer than the resolution is missed.
    """
    find_crossings = crossings_of(value)

    @part
    def anywhere(link: Link, j: int, t: float) -> float:
        found: float = value(prepare(link, j), t)
        return found

    @part
    def positive_spans(
        link: Link,
        curvature: float,
        times: Floats,
        spans: Floats,
        n_spans: int,
        memory: tuple[Floats, Floats],
        out: Floats,
    ) -> int:
        """Write the spans to ``out``; count on when it is full."""
        stack, edges = memory
        count = 0
        for i in range(n_spans):
            low, end = spans[i, 0], spans[i, 1]
            j = step_of(times, low)
            f_low = sample(link, j) if low == times[j] else anywhere(link, j, low)
            start = low if f_low > 0.0 else np.nan
            while low < end:
                high = min(times[j + 1], end)
                f_high = sample(link, j + 1) if high == times[j + 1] else anywhere(link, j, high)
                swing = curvature * ((high - low) * (high - low))
                n_edges = 0
                if _crossings_between(f_low, f_high, swing) != _NONE:
                    case, ends = prepare(link, j), (low, f_low, high, f_high)
                    n_edges = find_crossings(case, ends, curvature, stack, edges)
                for k in range(n_edges):
                    count, start = _pass_edge(out, count, start, edges[k])
                low, f_low = high, f_high
                j += 1
            count = _add_span(out, count, start, end)
        return count

    return positive_spans


def traced_spans_of(prepare: Prepare, margin: Value) -> Value:
    """Compile the search for the parts of spans in which a margin is positive.

    Parameters
    ----------
    prepare, margin : compiled functions
        ``margin(prepare(link, j), t)`` keeps its sign for at least its size [s].

    Returns
    -------
    compiled function
        ``(link, times, spans, n_spans, out)`` to the number of spans, which may be more than
        ``out`` has room for. It advances by the margin, and by no less than the resolution.
    """
    crossing = crossing_of(margin)

    @part
    def traced_spans(link: Link, times: Floats, spans: Floats, n_spans: int, out: Floats) -> int:
        """Write the spans to ``out``; count on when it is full."""
        count = 0
        for i in range(n_spans):
            low, end = spans[i, 0], spans[i, 1]
            j = step_of(times, low)
            case = prepare(link, j)
            f_low = margin(case, low)
            start = low if f_low > 0.0 else np.nan
            while low < end:
                high = min(low + max(abs(f_low), RESOLUTION_S), times[j + 1], end)
                f_high = margin(case, high)
                if (f_low > 0.0) != (f_high > 0.0):
                    edge = crossing(case, low, f_low, high, f_high)
                    count, start = _pass_edge(out, count, start, edge)
                low, f_low = high, f_high
                if low >= times[j + 1] and low < end:
                    j += 1
                    case = prepare(link, j)
            count = _add_span(out, count, start, end)
        return count

    return traced_spans
