"""Networks of nodes against closed forms and an independent integrator."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp
from scipy.optimize import fsolve

from perigrid.base.constants import STEFAN_BOLTZMANN_W_M2_K4
from perigrid.base.errors import WorkError
from perigrid.physics.chunks import limited_threads
from perigrid.physics.heat import two_node_steady_k, two_node_step
from perigrid.physics.heat_balance import network_steady, network_step
from perigrid.physics.heat_network import HeatNetwork, HeatPipe, computer_network

SATELLITE = computer_network(
    chip_j_k=300.0,
    plate_j_k=4_000.0,
    panel_j_k=(8e3, 9e3),
    body_j_k=3e4,
    chip_plate_w_k=40.0,
    loop_w_k=60.0,
    body_panel_w_k=5.0,
    panel_emitting_m2=(0.8, 0.7),
    body_emitting_m2=0.3,
)


def symmetric(n, **couplings):
    matrix = np.zeros((n, n))
    for ends, value in couplings.items():
        i, j = int(ends[1]), int(ends[2])
        matrix[i, j] = matrix[j, i] = value
    return matrix


def every_kind(capacity=(300.0, 4e3, 0.0, 2e4)):
    """Conduction, fluid, exchange of radiation and a heat pipe at once, one massless node."""
    flow = np.zeros((4, 4))
    flow[1, 2] = flow[2, 3] = flow[3, 1] = 30.0
    return HeatNetwork(
        capacity_j_k=np.array(capacity),
        emitting_m2=np.array([0.0, 0.05, 0.6, 0.9]),
        conductance_w_k=symmetric(4, n01=25.0),
        flow_w_k=flow,
        exchange_m2=symmetric(4, n03=0.2),
        pipes=(HeatPipe(0, 2, 8.0, 60.0, 0.1),),
    )


def derivative(network, temperature, heat):
    """Heat into each node, written out coupling by coupling."""
    rate = heat - STEFAN_BOLTZMANN_W_M2_K4 * network.emitting_m2 * temperature**4
    n = network.n_nodes
    for i in range(n):
        for j in range(n):
            rate[i] -= network.conductance_w_k[i, j] * (temperature[i] - temperature[j])
            rate[i] -= (
                STEFAN_BOLTZMANN_W_M2_K4
                * network.exchange_m2[i, j]
                * (temperature[i] ** 4 - temperature[j] ** 4)
            )
            rate[i] -= network.flow_w_k[i, j] * temperature[i]
            rate[i] += network.flow_w_k[j, i] * temperature[j]
    for pipe in network.pipes:
        asked = pipe.conductance_w_k * (temperature[pipe.hot] - temperature[pipe.cold])
        beyond = max(abs(asked) - pipe.limit_w, 0.0) / pipe.conductance_w_k
        taken = min(abs(asked), pipe.limit_w) + pipe.dry_conductance_w_k * beyond
        rate[pipe.hot] -= np.sign(asked) * taken
        rate[pipe.cold] += np.sign(asked) * taken
    return rate


def exact(network, start, heat, span_s):
    """Integrate with scipy's BDF."""
    return solve_ivp(
        lambda _, state: derivative(network, state, heat.copy()) / network.capacity_j_k,
        (0.0, span_s),
        start,
        method="BDF",
        rtol=1e-9,
        atol=1e-7,
    ).y[:, -1]


def flown(network, start, heat, dt_s, span_s, order):
    temperature = start[:, None]
    for _ in range(round(span_s / dt_s)):
        temperature = network_step(
            network, temperature, heat[:, None], dt_s, order=order
        ).temperature_k
    return temperature[:, 0]


def test_two_nodes_equal_the_two_node_model():
    rng = np.random.default_rng(1)
    network = HeatNetwork(np.array([8e3, 4e4]), np.array([0.0, 1.4]), symmetric(2, n01=25.0))
    start, heat = rng.uniform(150.0, 400.0, (2, 200)), rng.uniform(0.0, 900.0, (2, 200))
    for dt_s in (0.1, 60.0, 3600.0, 1e9):
        ours = network_step(network, start, heat, dt_s)
        two = two_node_step(
            *start,
            *heat,
            dt_s,
            computer_heat_capacity_j_k=8e3,
            radiator_heat_capacity_j_k=4e4,
            conductance_w_k=25.0,
            emissivity=0.7,
            area_m2=2.0,
        )
        np.testing.assert_allclose(ours.temperature_k[0], two.computer_k, rtol=1e-12)
        np.testing.assert_allclose(ours.temperature_k[1], two.radiator_k, rtol=1e-12)
        np.testing.assert_allclose(ours.radiated_j, two.radiated_j, rtol=1e-11)
    steady = network_steady(network, heat)
    expected = two_node_steady_k(*heat, conductance_w_k=25.0, emissivity=0.7, area_m2=2.0)
    np.testing.assert_allclose(steady, expected, rtol=1e-12)


@pytest.mark.parametrize(("order", "bound"), [(1, 2.0), (2, 4.0)])
def test_order_of_convergence_to_an_independent_integrator(order, bound):
    start = np.array([280.0, 275.0, 260.0, 255.0, 250.0])
    heat = np.array([350.0, 0.0, 40.0, 40.0, 60.0])
    reference = exact(SATELLITE, start, heat, 1920.0)
    errors = [
        np.abs(flown(SATELLITE, start, heat, dt, 1920.0, order) - reference).max()
        for dt in (40.0, 20.0, 10.0)
    ]
    assert errors[0] < (0.5 if order == 1 else 0.01)
    assert errors[0] / errors[1] == pytest.approx(bound, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(bound, rel=0.1)


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("dt_s", [10.0, 600.0, 1e8])
def test_every_step_length_ends_in_the_same_equilibrium(order, dt_s):
    heat = np.array([200.0, 10.0, 30.0, 60.0])
    network = every_kind()
    reached = np.full((4, 1), 290.0)
    for _ in range(max(20, round(2e5 / dt_s))):
        reached = network_step(network, reached, heat[:, None], dt_s, order=order).temperature_k
    np.testing.assert_allclose(reached, network_steady(network, heat[:, None]), atol=1e-6)


def test_steady_state_solves_every_balance():
    rng = np.random.default_rng(3)
    network = every_kind()
    heat = rng.uniform(0.0, 600.0, (4, 30))
    steady = network_steady(network, heat)
    for column, given_w in zip(steady.T, heat.T, strict=True):
        assert np.abs(derivative(network, column, given_w.copy())).max() < 1e-9
        other = fsolve(lambda t, q=given_w: derivative(network, t, q.copy()), column + 5.0)
        np.testing.assert_allclose(column, other, rtol=1e-9)


def test_fluid_cools_from_panel_to_panel():
    heat = np.array([300.0, 0.0, 0.0, 0.0, 0.0])[:, None]
    chip, plate, first, last, _ = network_steady(SATELLITE, heat)[:, 0]
    assert chip - plate == pytest.approx(300.0 / 40.0)
    # All of it leaves with the fluid: the plate's own way out is the loop.
    assert plate - last == pytest.approx(300.0 / 60.0)
    shed = STEFAN_BOLTZMANN_W_M2_K4 * 0.8 * first**4
    assert 60.0 * (plate - first) == pytest.approx(shed)
    assert plate > first > last


def test_a_heat_pipe_carries_its_limit_and_no_more():
    def drop_k(heat_w, dry_w_k):
        network = HeatNetwork(
            np.array([500.0, 0.0]),
            np.array([0.0, 1.0]),
            pipes=(HeatPipe(0, 1, 20.0, 143.0, dry_w_k),),
        )
        hot, cold = network_steady(network, np.array([[heat_w], [0.0]]))[:, 0]
        return hot - cold

    assert drop_k(100.0, 0.5) == pytest.approx(5.0)
    assert drop_k(143.0, 0.5) == pytest.approx(7.15)
    assert drop_k(163.0, 0.5) == pytest.approx(7.15 + 20.0 / 0.5)
    with pytest.raises(WorkError, match="satellite 0 has no solution"):
        drop_k(163.0, 0.0)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    dt_s=st.sampled_from([0.01, 60.0, 5400.0, 1e9]),
    order=st.sampled_from([1, 2]),
)
def test_energy_closes_to_rounding_and_nothing_falls_below_zero(seed, dt_s, order):
    rng = np.random.default_rng(seed)
    network = every_kind(capacity=np.where(rng.random(4) < 0.3, 0.0, 10.0 ** rng.uniform(0, 5, 4)))
    start = rng.uniform(3.0, 700.0, (4, 5))
    heat = np.where(rng.random((4, 5)) < 0.5, 0.0, 10.0 ** rng.uniform(-1, 4, (4, 5)))
    done = network_step(network, start, heat, dt_s, order=order)
    put_in = heat.sum(axis=0) * dt_s
    scale = put_in + network.capacity_j_k @ start
    np.testing.assert_array_less(
        np.abs(put_in - done.stored_j - done.radiated_j), 1e-12 * scale + 1e-12
    )
    assert np.all(done.temperature_k >= 0.0)


def test_the_threads_do_not_show():
    rng = np.random.default_rng(5)
    start, heat = rng.uniform(200.0, 400.0, (4, 9001)), rng.uniform(0.0, 500.0, (4, 9001))
    answers = []
    for threads in (1, 2, 5):
        with limited_threads(threads):
            answers.append(network_step(every_kind(), start, heat, 60.0).temperature_k.tobytes())
    assert len(set(answers)) == 1
    alone = network_step(every_kind(), start[:, 777:778], heat[:, 777:778], 60.0)
    together = np.frombuffer(answers[0]).reshape(4, -1)[:, 777]
    assert alone.temperature_k[:, 0].tolist() == together.tolist()


def test_what_is_unknown_stays_unknown_and_harms_no_other():
    start, heat = np.full((4, 3), 290.0), np.full((4, 3), 50.0)
    start[1, 1] = np.nan
    done = network_step(every_kind(), start, heat, 60.0)
    assert np.all(np.isnan(done.temperature_k[:, 1]))
    assert np.all(np.isfinite(done.temperature_k[:, [0, 2]]))


@pytest.mark.parametrize(
    ("dt_s", "order", "message"), [(0.0, 1, "go forward"), (60.0, 3, "order 3")]
)
def test_a_step_that_cannot_be_is_refused(dt_s, order, message):
    state = np.full((4, 1), 290.0)
    with pytest.raises(ValueError, match=message):
        network_step(every_kind(), state, state, dt_s, order=order)
