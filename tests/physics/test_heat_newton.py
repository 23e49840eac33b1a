"""The solver alone, where its safeguards matter."""

import numpy as np
import pytest

from perigrid.physics.heat_newton import LANES, solve_columns

NO_PIPES = (np.empty((0, 2), dtype=np.int64), np.empty((0, 3)))
SIGMA = 5.670374419e-8


def solve(guess, start, heat, nodes, linear, quartic, pipes=NO_PIPES):
    n_nodes, count = heat.shape
    ended, converged = np.empty_like(heat), np.zeros(count, dtype=np.bool_)
    pattern = np.ones((n_nodes, n_nodes), dtype=np.bool_)
    solve_columns(
        0, count, guess, start, heat, nodes, (linear, quartic, pattern), pipes, ended, converged
    )
    return ended, converged


@pytest.mark.parametrize("guess_k", [1e-9, 300.0, 1e9])
def test_one_node_from_anywhere(guess_k):
    heat = np.geomspace(1.0, 1e6, LANES + 3)[None, :]
    guess = np.full_like(heat, guess_k)
    nodes = (np.zeros(1), np.array([SIGMA]))
    nothing = np.zeros((1, 1))
    ended, converged = solve(guess, guess, heat, nodes, nothing, nothing)
    assert converged.all()
    np.testing.assert_allclose(ended, (heat / SIGMA) ** 0.25, rtol=1e-12)


def test_stiff_exchange_of_radiation():
    # A hot plate of no mass that can only radiate to a shield, which radiates to space.
    heat = np.array([[1000.0], [0.0]])
    exchange = SIGMA * np.array([[0.0, 0.5], [0.5, 0.0]])
    nodes = (np.zeros(2), np.array([0.0, SIGMA]))
    ended, converged = solve(
        np.array([[900.0], [3.0]]), heat, heat, nodes, np.zeros((2, 2)), exchange
    )
    assert converged.all()
    assert ended[1, 0] == pytest.approx((1000.0 / SIGMA) ** 0.25)
    assert ended[0, 0] == pytest.approx((3000.0 / SIGMA) ** 0.25)


def test_a_very_good_conductor_loses_no_heat():
    heat = np.array([[100.0], [0.0]])
    linear = 1e9 * np.array([[0.0, 1.0], [1.0, 0.0]])
    nodes = (np.zeros(2), np.array([0.0, SIGMA]))
    ended, converged = solve(
        np.array([[500.0], [10.0]]), heat, heat, nodes, linear, np.zeros((2, 2))
    )
    assert converged.all()
    assert SIGMA * ended[1, 0] ** 4 == pytest.approx(100.0, rel=1e-13)
