"""Networks as they are described, and what is refused."""

import numpy as np
import pytest

from perigrid.physics.heat_network import HeatNetwork, HeatPipe, computer_network


def symmetric(n, **couplings):
    matrix = np.zeros((n, n))
    for ends, value in couplings.items():
        i, j = int(ends[1]), int(ends[2])
        matrix[i, j] = matrix[j, i] = value
    return matrix


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"conductance_w_k": np.array([[0.0, 1.0], [2.0, 0.0]])}, "must be symmetric"),
        ({"flow_w_k": np.array([[0.0, 1.0], [0.0, 0.0]])}, "as much fluid"),
        ({"emitting_m2": np.zeros(2)}, "way for its heat to space"),
        ({"conductance_w_k": None}, "way for its heat to space"),
        ({"capacity_j_k": np.array([1.0, -1.0])}, "not negative"),
        ({"capacity_j_k": np.array([1.0, np.nan])}, "must be finite"),
        ({"emitting_m2": np.ones(3)}, "has the shape"),
        ({"names": ("one",)}, "one name per node"),
        ({"pipes": (HeatPipe(0, 5, 1.0, 1.0, 0.0),)}, "not there"),
        ({"pipes": (HeatPipe(1, 1, 1.0, 1.0, 0.0),)}, "two ends"),
    ],
)
def test_a_network_that_cannot_be_is_refused(change, message):
    good = {
        "capacity_j_k": np.ones(2),
        "emitting_m2": np.array([0.0, 1.0]),
        "conductance_w_k": symmetric(2, n01=1.0),
    }
    with pytest.raises(ValueError, match=message):
        HeatNetwork(**{**good, **change})


@pytest.mark.parametrize("settings", [(0.0, 1.0, 0.0), (1.0, 0.0, 0.0), (1.0, 1.0, 2.0)])
def test_a_heat_pipe_that_cannot_be_is_refused(settings):
    with pytest.raises(ValueError, match="heat pipe"):
        HeatPipe(0, 1, *settings)


def test_a_computer_has_a_loop_through_its_panels():
    network = computer_network(
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
    assert network.names == ("chip", "plate", "panel-1", "panel-2", "body")
    assert network.index("panel-2") == 3
    assert not network.capacity_j_k.flags.writeable
    flow = network.flow_w_k
    assert flow[1, 2] == flow[2, 3] == flow[3, 1] == 60.0
    linear, quartic, pattern = network.couplings()
    # The fluid enters the plate from the last panel and acts on it alone.
    assert linear[1].tolist() == [40.0, 0.0, 0.0, 60.0, 0.0]
    assert linear[3].tolist() == [0.0, 0.0, 60.0, 0.0, 5.0]
    assert not quartic.any()
    assert pattern[1, 3]
    assert not pattern[0, 4]


def test_elimination_fills_the_pattern_where_a_loop_closes():
    flow = np.zeros((3, 3))
    flow[0, 1] = flow[1, 2] = flow[2, 0] = 1.0
    pattern = HeatNetwork(np.ones(3), np.ones(3), flow_w_k=flow).pattern
    assert pattern.tolist() == [[True, False, True], [True, True, True], [False, True, True]]
