import math
import time

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from perigrid.physics.atmosphere import FluxAir, SolarActivity, air_from_nodes, exponential_air
from perigrid.physics.orbit import drag
from perigrid.physics.orbit.drag import (
    decay,
    decay_rates,
    drag_area_m2_kg,
    drag_delta_v_m_s_per_year,
)

EARTH_M = 6378137.0
MU = 3.986004418e14
YEAR_S = 365.24219 * 86400.0
AREA = drag_area_m2_kg(100.0, 1.0, 2.2)
HEIGHT_M = 50e3
EXPONENTIAL = air_from_nodes(
    np.array([0.0, 1000e3]), np.array([1e-4, 1e-4 * math.exp(-1000e3 / HEIGHT_M)])
)


def round_and_still(monkeypatch):
    """Take away what the textbook formulas leave out."""
    monkeypatch.setattr(drag, "EARTH_FLATTENING", 0.0)
    monkeypatch.setattr(drag, "EARTH_ROTATION_RAD_S", 0.0)


def test_area():
    assert drag_area_m2_kg(100.0, 1.0, 2.2) == pytest.approx(0.022)


def test_circular_rate_is_the_textbook_formula(monkeypatch):
    round_and_still(monkeypatch)
    axis = np.array([EARTH_M + 500e3])
    rate, rounding = decay_rates(axis, np.zeros(1), np.zeros(1), np.array([AREA]), EXPONENTIAL)
    density = EXPONENTIAL.density_kg_m3(np.array([500e3]))
    np.testing.assert_allclose(rate, -density * np.sqrt(MU * axis) * AREA)
    assert rounding == pytest.approx(0.0, abs=1e-20)


@pytest.mark.parametrize("e", [0.001, 0.05, 0.7])
@pytest.mark.parametrize("inclination_deg", [0.0, 51.6, 98.0])
def test_rates_against_integrated_motion(e, inclination_deg):
    """One revolution of Newton's equations with drag, for four places of the perigee."""
    inclination, perigee_m = math.radians(inclination_deg), EARTH_M + 300e3
    axis, air, area = perigee_m / (1.0 - e), exponential_air(), 1e-3
    spin = np.array([0.0, 0.0, 7.292115e-5])
    pole = np.array([0.0, -math.sin(inclination), math.cos(inclination)])

    def rate(_, state):
        place, speed = state[:3], state[3:]
        r = math.sqrt(place @ place)
        wind = speed - np.cross(spin, place)
        height = r - EARTH_M * (1.0 - (place[2] / r) ** 2 / 298.257223563)
        push = 0.5 * air.density_kg_m3(np.array(height)) * area * math.sqrt(wind @ wind)
        return np.concatenate([speed, -MU / r**3 * place - push * wind])

    def orbit(place, speed):
        r = math.sqrt(place @ place)
        toward = np.cross(speed, np.cross(place, speed)) / MU - place / r
        return 1.0 / (2.0 / r - speed @ speed / MU), math.sqrt(toward @ toward)

    changes = []
    period = math.tau * math.sqrt(axis**3 / MU)
    for turn in np.arange(4) * math.pi / 4:
        outward = np.array([math.cos(turn), 0.0, 0.0]) + math.sin(turn) * np.cross(
            pole, [1.0, 0.0, 0.0]
        )
        fast = math.sqrt(MU * (1.0 + e) / perigee_m)
        state = np.concatenate([perigee_m * outward, fast * np.cross(pole, outward)])
        path = solve_ivp(rate, (0.0, period), state, method="DOP853", rtol=1e-12, atol=1e-7)
        end = orbit(path.y[:3, -1], path.y[3:, -1])
        changes.append(np.subtract(end, orbit(state[:3], state[3:])) / period)
    found = decay_rates(
        np.array([axis]), np.array([e]), np.array([inclination]), np.array([area]), air
    )
    axis_rate, round_rate = np.mean(changes, axis=0)
    assert found[0][0] == pytest.approx(axis_rate, rel=0.01)
    # The nearly circular orbit loses little of an eccentricity that is small: absolute there.
    assert found[1][0] == pytest.approx(round_rate, rel=0.01, abs=0.02 * abs(axis_rate) / axis)


def test_lifetime_in_an_exponential_atmosphere(monkeypatch):
    round_and_still(monkeypatch)
    start, end = EARTH_M + 400e3, EARTH_M + drag.REENTRY_ALTITUDE_M
    found = decay(start, 0.0, 0.0, AREA, EXPONENTIAL).lifetime_s[0]
    axis = np.linspace(end, start, 20_001)
    slowness = 1.0 / (EXPONENTIAL.density_kg_m3(axis - EARTH_M) * np.sqrt(MU * axis) * AREA)
    assert found == pytest.approx(np.trapezoid(slowness, axis), rel=2e-4)


def test_eccentric_lifetime_follows_king_hele(monkeypatch):
    round_and_still(monkeypatch)
    # L = 3 e T / (4 |dT/dt|) (1 + 7/6 e + 5/16 e^2 + H / (2 a e)) for e below 0.2, H constant.
    e, perigee = 0.1, EARTH_M + 250e3
    axis = perigee / (1.0 - e)
    found = decay(axis, e, 0.0, AREA, EXPONENTIAL)
    rate, _ = decay_rates(
        np.array([axis]), np.array([e]), np.zeros(1), np.array([AREA]), EXPONENTIAL
    )
    period_over_rate = axis / (1.5 * -rate[0])
    spread = HEIGHT_M / (2.0 * axis * e)
    textbook = 0.75 * e * period_over_rate * (1.0 + 7.0 * e / 6.0 + 5.0 * e**2 / 16.0 + spread)
    assert found.lifetime_s[0] == pytest.approx(textbook, rel=0.03)
    assert found.end_eccentricity[0] < 0.01


def test_steps_are_fine_enough(monkeypatch):
    arguments = (EARTH_M + np.array([600e3, 1500e3]), np.array([0.0, 0.15]), 1.0, AREA)
    coarse = decay(*arguments, exponential_air()).lifetime_s
    monkeypatch.setattr(drag, "_STEP_SHARE", 0.05)
    monkeypatch.setattr(drag, "_SHRINK_SHARE", 0.02)
    monkeypatch.setattr(drag, "_FEWEST_NODES", 32)
    np.testing.assert_allclose(coarse, decay(*arguments, exponential_air()).lifetime_s, rtol=1e-3)


def test_stopping_at_a_time():
    whole = decay(EARTH_M + 400e3, 0.0, 1.0, AREA, exponential_air())
    half = decay(
        EARTH_M + 400e3, 0.0, 1.0, AREA, exponential_air(), until_s=whole.lifetime_s[0] / 2.0
    )
    assert half.lifetime_s[0] == math.inf
    rest = decay(half.end_axis_m, half.end_eccentricity, 1.0, AREA, exponential_air())
    assert rest.lifetime_s[0] == pytest.approx(whole.lifetime_s[0] / 2.0, rel=2e-3)


def test_changing_air_lies_between_its_extremes():
    quiet, _, active = (
        decay(EARTH_M + 500e3, 0.0, 1.0, AREA, exponential_air(level)).lifetime_s[0]
        for level in SolarActivity
    )
    flux = FluxAir(np.array([0.0, 2.0 * YEAR_S]), np.array([70.0, 200.0]))
    assert active < decay(EARTH_M + 500e3, 0.0, 1.0, AREA, flux).lifetime_s[0] < quiet
    still = FluxAir(np.array([0.0]), np.array([200.0]))
    same = decay(EARTH_M + 500e3, 0.0, 1.0, AREA, still).lifetime_s[0]
    assert same == pytest.approx(active, rel=1e-3)


def test_already_down_and_never_down():
    found = decay(
        EARTH_M + np.array([100e3, 35786e3]), 0.0, 0.0, AREA, exponential_air()
    ).lifetime_s
    assert found.tolist() == [0.0, math.inf]


def test_holding_an_orbit_makes_up_for_its_decay():
    hold = drag_delta_v_m_s_per_year(
        np.array([550e3]), np.array([1.0]), np.array([AREA]), exponential_air()
    )
    rate, _ = decay_rates(
        np.array([EARTH_M + 550e3]),
        np.zeros(1),
        np.array([1.0]),
        np.array([AREA]),
        exponential_air(),
    )
    # Raising a circular orbit by da takes v / 2 a da.
    assert hold[0] == pytest.approx(
        -rate[0] * YEAR_S * 0.5 * math.sqrt(MU / (EARTH_M + 550e3) ** 3)
    )


def test_twelve_satellites_are_quick():
    began = time.process_time()
    for level in SolarActivity:
        decay(np.full(12, EARTH_M + 550e3), 1e-3, 1.7, AREA, exponential_air(level))
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize("height_m", [3.6e6, 20.2e6, 35.786e6, 3.8e8])
def test_where_there_is_no_air_nothing_ever_comes_down(height_m):
    axis, zero = np.array([EARTH_M + height_m, EARTH_M + 300e3]), np.zeros(2)
    for air in (exponential_air(), FluxAir(np.zeros(1), np.full(1, 70.0))):
        found = decay(axis, zero, zero, np.full(2, AREA), air)
        assert found.lifetime_s[0] == math.inf
        assert found.end_axis_m[0] == pytest.approx(axis[0], abs=100.0)
        assert 0.0 < found.lifetime_s[1] < YEAR_S


def test_without_an_area_nothing_ever_comes_down():
    found = decay(np.array([EARTH_M + 300e3]), np.zeros(1), np.zeros(1), np.zeros(1), EXPONENTIAL)
    assert found.lifetime_s[0] == math.inf


def test_where_the_air_turns_faster_than_the_orbit_nothing_is_to_be_held():
    hold = drag_delta_v_m_s_per_year(
        np.array([35.9e6]), np.zeros(1), np.array([AREA]), exponential_air()
    )
    assert hold == 0.0


def test_an_orbit_begins_at_its_own_time_in_the_air_s_history():
    air = FluxAir(np.array([0.0, 2.0, 4.0]) * YEAR_S, np.array([70.0, 200.0, 70.0]))
    shape = (np.full(2, EARTH_M + 400e3), np.zeros(2), np.full(2, 0.9), np.full(2, AREA))
    found = decay(*shape, air, start_s=np.array([0.0, 2.0]) * YEAR_S)
    late = FluxAir(np.array([0.0, 2.0]) * YEAR_S, np.array([200.0, 70.0]))
    alone = decay(*(one[:1] for one in shape), late).lifetime_s[0]
    assert found.lifetime_s[1] == pytest.approx(alone, rel=1e-6)
    assert found.lifetime_s[1] < 0.5 * found.lifetime_s[0]
    stopped = decay(*shape, air, start_s=np.array([0.0, 2.0]) * YEAR_S, until_s=0.01 * YEAR_S)
    assert np.isinf(stopped.lifetime_s).all()
    assert (stopped.end_axis_m > EARTH_M + 300e3).all()
