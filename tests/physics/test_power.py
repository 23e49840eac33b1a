import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from perigrid.base.constants import ASTRONOMICAL_UNIT_M
from perigrid.physics.power import (
    BatteryStep,
    array_power_w,
    battery_advance,
    battery_step,
    incidence_cosine,
    power_share,
    sun_distance_m,
)

SUN = np.array([[ASTRONOMICAL_UNIT_M], [0.0], [0.0]])


def circular(beta_deg, count=360):
    """One turn of a circular orbit whose plane has the Sun ``beta`` above it."""
    angle = np.linspace(0.0, math.tau, count, endpoint=False)
    beta = math.radians(beta_deg)
    first = np.array([math.cos(beta), 0.0, -math.sin(beta)])
    second = np.array([0.0, 1.0, 0.0])
    position = 7e6 * (first[:, None] * np.cos(angle) + second[:, None] * np.sin(angle))
    velocity = 7.5e3 * (-first[:, None] * np.sin(angle) + second[:, None] * np.cos(angle))
    return position[:, None], velocity[:, None], np.repeat(SUN, count, axis=1)


@pytest.mark.parametrize("beta_deg", [0.0, 30.0, 75.0])
def test_incidence_of_each_pointing(beta_deg):
    position, velocity, sun = circular(beta_deg)
    assert np.all(incidence_cosine("sun", position, velocity, sun) == 1.0)
    single = incidence_cosine("single-axis", position, velocity, sun)
    np.testing.assert_allclose(single, math.cos(math.radians(beta_deg)), atol=2e-4)
    nadir = incidence_cosine("nadir", position, velocity, sun)
    # Half a cosine wave of height cos(beta): mean cos(beta) / pi.
    assert nadir.mean() == pytest.approx(math.cos(math.radians(beta_deg)) / math.pi, rel=1e-3)
    assert nadir.min() == 0.0


def test_other_pointings():
    position, velocity, sun = circular(30.0)
    assert np.all(incidence_cosine("yaw-steering", position, velocity, sun) == 1.0)
    up = incidence_cosine("fixed", position, velocity, sun)
    np.testing.assert_array_equal(up, incidence_cosine("nadir", position, velocity, sun))
    # The Sun stands 30 degrees above the orbit plane, on the side of the normal or against it.
    sides = [
        incidence_cosine("fixed", position, velocity, sun, (0.0, sign, 0.0)).mean()
        for sign in (1.0, -1.0)
    ]
    assert sorted(sides) == pytest.approx([0.0, 0.5], abs=1e-3)


def test_unknown_pointing():
    position, velocity, sun = circular(0.0, 4)
    with pytest.raises(ValueError, match="single-axis"):
        incidence_cosine("zenith", position, velocity, sun)


def test_array_power_at_one_au():
    power = array_power_w(
        np.array([[1.0, 0.5, 0.0]]),
        np.array([[1.0, 1.0, 1.0]]),
        np.full(3, ASTRONOMICAL_UNIT_M),
        area_m2=2.0,
        efficiency=0.3,
        remaining_share=0.9,
    )
    np.testing.assert_allclose(power, [[734.94, 367.47, 0.0]])


def test_array_power_falls_with_distance_squared():
    distance = np.array([1.0, 2.0]) * ASTRONOMICAL_UNIT_M
    power = array_power_w(
        np.ones((1, 2)), np.ones((1, 2)), distance, area_m2=1, efficiency=1, remaining_share=1
    )
    assert power[0, 0] / power[0, 1] == pytest.approx(4.0)


def test_sun_distance():
    assert sun_distance_m(np.array([[[7e6]], [[0.0]], [[0.0]]]), SUN)[0, 0] == pytest.approx(
        ASTRONOMICAL_UNIT_M - 7e6
    )


def step(stored_j, supply_w, load_w, dt_s=10.0, **changes):
    settings = {
        "capacity_j": 1000.0,
        "floor_j": 200.0,
        "charge_efficiency": 0.9,
        "discharge_efficiency": 0.8,
        "max_charge_w": 50.0,
        "max_discharge_w": 40.0,
    }
    arguments = (np.atleast_1d(np.asarray(x, dtype=float)) for x in (stored_j, supply_w, load_w))
    return battery_step(*arguments, dt_s, **{**settings, **changes})


def test_charging():
    done = step(500.0, 30.0, 10.0)
    assert done.stored_j[0] == pytest.approx(500.0 + 0.9 * 200.0)
    assert done.charge_loss_j[0] == pytest.approx(20.0)
    assert done.served_j[0] == 100.0
    assert done.unserved_j[0] == done.spilled_j[0] == done.discharge_loss_j[0] == 0.0


def test_charging_stops_at_capacity_and_at_the_power_limit():
    full = step(990.0, 30.0, 10.0)
    assert full.stored_j[0] == 1000.0
    assert full.spilled_j[0] == pytest.approx(200.0 - 10.0 / 0.9)
    limited = step(300.0, 110.0, 10.0)
    assert limited.stored_j[0] == pytest.approx(300.0 + 0.9 * 500.0)
    assert limited.spilled_j[0] == pytest.approx(500.0)


def test_discharging_stops_at_the_floor_and_at_the_power_limit():
    done = step(500.0, 10.0, 20.0)
    assert done.stored_j[0] == pytest.approx(500.0 - 125.0)
    assert done.discharge_loss_j[0] == pytest.approx(25.0)
    assert done.unserved_j[0] == 0.0
    empty = step(210.0, 0.0, 20.0)
    assert empty.stored_j[0] == 200.0
    assert empty.unserved_j[0] == pytest.approx(200.0 - 8.0)
    limited = step(1000.0, 0.0, 60.0)
    assert limited.unserved_j[0] == pytest.approx(200.0)


def test_below_the_floor_only_charging_is_possible():
    assert step(100.0, 0.0, 20.0).stored_j[0] == 100.0
    assert step(100.0, 10.0, 0.0).stored_j[0] == pytest.approx(190.0)


def test_above_a_shrunken_capacity_nothing_is_lost_silently():
    assert step(1200.0, 10.0, 0.0).stored_j[0] == 1200.0
    assert step(1200.0, 10.0, 0.0).spilled_j[0] == 100.0


def step_of_arrays(
    stored_j,
    supply_w,
    load_w,
    dt_s,
    *,
    capacity_j,
    floor_j,
    charge_efficiency,
    discharge_efficiency,
    max_charge_w,
    max_discharge_w,
):
    """The step as operations on whole arrays."""
    supply_j, load_j = supply_w * dt_s, load_w * dt_s
    direct = np.minimum(supply_j, load_j)
    surplus, deficit = supply_j - direct, load_j - direct
    room = np.maximum(0.0, capacity_j - stored_j) / charge_efficiency
    charging = np.minimum(np.minimum(surplus, max_charge_w * dt_s), room)
    usable = np.maximum(0.0, stored_j - floor_j) * discharge_efficiency
    delivered = np.minimum(np.minimum(deficit, max_discharge_w * dt_s), usable)
    drawn = delivered / discharge_efficiency
    return BatteryStep(
        stored_j=np.where(
            charging > 0.0,
            np.minimum(stored_j + charge_efficiency * charging, np.maximum(stored_j, capacity_j)),
            np.maximum(stored_j - drawn, np.minimum(stored_j, floor_j)),
        ),
        served_j=direct + delivered,
        unserved_j=deficit - delivered,
        spilled_j=surplus - charging,
        charge_loss_j=charging * (1.0 - charge_efficiency),
        discharge_loss_j=drawn - delivered,
    )


@pytest.mark.parametrize("dt_s", [1.0, 10.0, 33.3])
def test_the_kernel_gives_the_bits_of_whole_arrays(dt_s):
    rng = np.random.default_rng(5)
    stored = rng.uniform(0.0, 1.1e5, 5000)
    supply, load = rng.uniform(0.0, 900.0, 5000), rng.uniform(0.0, 900.0, 5000)
    supply[::3], load[::7] = 0.0, 0.0
    settings = {
        "capacity_j": 1.0e5,
        "floor_j": 2.1e4,
        "charge_efficiency": 0.93,
        "discharge_efficiency": 0.96,
        "max_charge_w": 500.0,
        "max_discharge_w": 600.0,
    }
    done = battery_step(stored, supply, load, dt_s, **settings)
    arrays = step_of_arrays(stored, supply, load, dt_s, **settings)
    for field in dataclasses.fields(BatteryStep):
        given, wanted = getattr(done, field.name), getattr(arrays, field.name)
        assert given.tobytes() == wanted.tobytes(), field.name
    first = battery_advance(stored[0], supply[0], load[0], dt_s, *settings.values())
    assert first == tuple(column[0] for column in dataclasses.astuple(done))


ratio = st.floats(0.5, 1.0)


@given(
    stored=st.floats(0.0, 1.0),
    supply=st.floats(0.0, 1e4),
    load=st.floats(0.0, 1e4),
    dt=st.floats(0.1, 3600.0),
    capacity=st.floats(1e3, 1e8),
    floor=st.floats(0.0, 0.9),
    charge=ratio,
    discharge=ratio,
    limit_in=st.floats(0.0, 2e4),
    limit_out=st.floats(0.0, 2e4),
)
def test_every_joule_is_accounted_for(
    stored, supply, load, dt, capacity, floor, charge, discharge, limit_in, limit_out
):
    before = np.array([stored * capacity])
    done = battery_step(
        before,
        np.array([supply]),
        np.array([load]),
        dt,
        capacity_j=capacity,
        floor_j=floor * capacity,
        charge_efficiency=charge,
        discharge_efficiency=discharge,
        max_charge_w=limit_in,
        max_discharge_w=limit_out,
    )
    losses = done.charge_loss_j + done.discharge_loss_j
    spent = done.served_j + (done.stored_j - before) + losses + done.spilled_j
    scale = max(supply * dt, load * dt, capacity)
    assert abs(spent[0] - supply * dt) <= 1e-12 * scale
    assert done.served_j[0] + done.unserved_j[0] == pytest.approx(load * dt, rel=1e-12)
    parts = (done.served_j, done.unserved_j, done.spilled_j, losses, done.stored_j)
    assert all(part[0] >= 0.0 for part in parts)
    assert done.stored_j[0] <= capacity
    assert done.stored_j[0] >= min(before[0], floor * capacity)


def test_the_balance_closes_over_a_long_run():
    # Ten thousand random steps of forty batteries, summed up as the fleet does it.
    rng = np.random.default_rng(11)
    stored = rng.uniform(2.0e5, 2.0e6, 40)
    first = stored.copy()
    sums = {name: np.zeros(40) for name in ("supplied", "served", "spilled", "lost", "unserved")}
    asked = np.zeros(40)
    for _ in range(10_000):
        supply, load = rng.uniform(0.0, 900.0, 40), rng.uniform(0.0, 700.0, 40)
        done = step(
            stored,
            supply,
            load,
            30.0,
            capacity_j=2.0e6,
            floor_j=3.0e5,
            max_charge_w=500.0,
            max_discharge_w=400.0,
        )
        stored = done.stored_j
        sums["supplied"] += supply * 30.0
        sums["served"] += done.served_j
        sums["unserved"] += done.unserved_j
        sums["spilled"] += done.spilled_j
        sums["lost"] += done.charge_loss_j + done.discharge_loss_j
        asked += load * 30.0
    spent = sums["served"] + sums["spilled"] + sums["lost"] + stored - first
    np.testing.assert_allclose(spent, sums["supplied"], rtol=1e-12)
    np.testing.assert_allclose(sums["served"] + sums["unserved"], asked, rtol=1e-12)
    assert all(amount.min() > 0.0 for amount in sums.values())


@pytest.mark.parametrize(
    ("stored_j", "supply_w", "share"),
    [
        (100.0, 0.0, 0.0),  # at the floor, in the dark
        (100.0, 70.0, 0.5),  # 20 W are served first
        (1000.0, 0.0, 0.25),  # (1,000 - 100) J x 0.5 in 10 s are 45 W
        (1e6, 0.0, 0.3),  # no more than 50 W from the battery
        (1e6, 500.0, 1.0),
        (0.0, 10.0, 0.0),  # not enough for what is served first
    ],
)
def test_share_of_a_load_that_array_and_battery_can_serve(stored_j, supply_w, share):
    assert power_share(stored_j, supply_w, 20.0, 100.0, 10.0, 100.0, 0.5, 50.0) == pytest.approx(
        share
    )
