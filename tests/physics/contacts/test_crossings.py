"""The searches on functions whose roots are known."""

import math

import numba as nb
import numpy as np
import pytest

from perigrid.physics.contacts.crossings import (
    RESOLUTION_S,
    crossing_of,
    positive_spans_of,
    scratch,
    traced_spans_of,
)

TIMES = np.arange(0.0, 101.0, 10.0)
WHOLE = np.array([[0.0, 100.0]])


@nb.njit
def sample(link, j):
    return math.sin(link[0] * TIMES[j]) - link[1]


@nb.njit
def prepare(link, j):
    return link


@nb.njit
def value(case, t):
    return math.sin(case[0] * t) - case[1]


@nb.njit
def margin(case, t):
    return (math.sin(case[0] * t) - case[1]) / case[0]


spans_of_sine = positive_spans_of(sample, prepare, value)
traced_sine = traced_spans_of(prepare, margin)


def spans_of(rate, level, spans=WHOLE, room=200):
    out = np.empty((room, 2))
    curvature = rate * rate
    count = spans_of_sine((rate, level), curvature, TIMES, spans, len(spans), scratch(), out)
    return count, out[:count]


def expected_spans(rate, level):
    first, last = math.asin(level) / rate, (math.pi - math.asin(level)) / rate
    turn = math.tau / rate
    spans = [(first + k * turn, last + k * turn) for k in range(-1, int(100.0 / turn) + 2)]
    return [(max(a, 0.0), min(b, 100.0)) for a, b in spans if b > 0.0 and a < 100.0]


# Up to ten turns within one step of the grid, down to a window of 6 ms.
@pytest.mark.parametrize("rate", [0.05, 0.3, 2.0, 6.5])
@pytest.mark.parametrize("level", [-0.99999, -0.3, 0.2, 0.9998])
def test_every_span_of_a_sine_is_found(rate, level):
    count, found = spans_of(rate, level)
    expected = expected_spans(rate, level)
    assert count == len(expected)
    # Where the sine only just reaches the level, spans are not halved below the resolution.
    np.testing.assert_allclose(found, expected, atol=RESOLUTION_S)


@pytest.mark.parametrize("rate", [0.05, 0.3, 2.0])
@pytest.mark.parametrize("level", [-0.99, -0.3, 0.2, 0.99])
def test_tracing_finds_the_same(rate, level):
    out = np.empty((200, 2))
    count = traced_sine((rate, level), TIMES, WHOLE, 1, out)
    expected = expected_spans(rate, level)
    assert count == len(expected)
    np.testing.assert_allclose(out[:count], expected, atol=1e-4)


def test_no_span_where_the_value_only_comes_near():
    assert spans_of(2.0, 1.0 + 1e-9)[0] == 0
    count, found = spans_of(2.0, -1.0 - 1e-9)
    assert count == 1
    np.testing.assert_array_equal(found, WHOLE)


def test_spans_are_cut_to_those_given():
    given = np.array([[3.0, 17.0], [40.0, 41.0], [55.5, 100.0]])
    _, found = spans_of(0.3, 0.2, given)
    expected = [
        (max(a, low), min(b, high))
        for low, high in given
        for a, b in expected_spans(0.3, 0.2)
        if b > low and a < high
    ]
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_counts_on_when_there_is_no_room():
    full, _ = spans_of(2.0, 0.2)
    out = np.empty((3, 2))
    curved = spans_of_sine((2.0, 0.2), 4.0, TIMES, WHOLE, 1, scratch(), out)
    assert curved == full > 3
    np.testing.assert_allclose(out, expected_spans(2.0, 0.2)[:3], atol=1e-4)


def test_one_crossing_to_a_tenth_of_a_millisecond():
    crossing = crossing_of(value)
    t = crossing((0.3, 0.2), 0.0, value((0.3, 0.2), 0.0), 4.0, value((0.3, 0.2), 4.0))
    assert t == pytest.approx(math.asin(0.2) / 0.3, abs=1e-4)
