"""Power of the solar arrays of a fleet: physics with the scenario's numbers."""

from __future__ import annotations

import numpy as np

from perigrid.base.constants import ASTRONOMICAL_UNIT_M, SOLAR_CONSTANT_W_M2
from perigrid.fleet.model import Floats
from perigrid.physics.array import Panel, earth_heat_w_m2, panel_state
from perigrid.physics.attitude import array_cosines
from perigrid.physics.power import array_power_w, incidence_cosine, sun_distance_m
from perigrid.scenario.model import SatelliteGroup, SolarArray


def fleet_array_w(
    bus: SatelliteGroup,
    t_s: Floats,
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    sun_m: Floats,
    illumination: Floats,
) -> Floats:
    """Array power at its present age.

    Parameters
    ----------
    bus : SatelliteGroup
        Its array.
    t_s : (n_times,) float array
        Times, evenly spaced but for the last [s].
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    illumination : (n, n_times) float array
        Share of the solar disc in view.

    Returns
    -------
    (n, n_times) float array
        Power at the bus [W].

    Notes
    -----
    With a temperature coefficient the efficiency follows the panel's temperature; without one it
    is taken as given at working temperature.
    """
    array = bus.array
    incidence = incidence_cosine(
        array.pointing, position_teme_m, velocity_teme_m_s, sun_m, array.normal_lvlh
    )
    distance_m = sun_distance_m(position_teme_m, sun_m)
    remaining = (1.0 - array.degradation_per_year) ** array.age_years
    if array.temperature_coefficient_k == 0.0:
        return array_power_w(
            illumination,
            incidence,
            distance_m,
            area_m2=array.area_m2,
            efficiency=array.efficiency,
            remaining_share=remaining,
        )
    irradiance = SOLAR_CONSTANT_W_M2 * (ASTRONOMICAL_UNIT_M / distance_m) ** 2
    facing = array_cosines(
        array.pointing, position_teme_m, velocity_teme_m_s, sun_m, array.normal_lvlh
    )
    earth = earth_heat_w_m2(
        position_teme_m,
        sun_m,
        facing.nadir,
        absorptivity=array.absorptivity,
        front_emissivity=array.front_emissivity,
        back_emissivity=array.back_emissivity,
    )
    step_s = float(t_s[1] - t_s[0]) if len(t_s) > 1 else 1.0
    panel = _panel(array, remaining)
    state = panel_state(panel, irradiance * illumination * incidence, earth, step_s)
    return np.asarray(array.area_m2 * state.power_w_m2, dtype=np.float64)


def _panel(array: SolarArray, remaining_share: float) -> Panel:
    """Turn an array, at its present age, into a square metre of panel."""
    return Panel(
        efficiency=array.efficiency * remaining_share,
        temperature_coefficient_k=array.temperature_coefficient_k,
        reference_k=array.reference_k,
        absorptivity=array.absorptivity,
        front_emissivity=array.front_emissivity,
        back_emissivity=array.back_emissivity,
        heat_capacity_j_m2_k=array.heat_capacity_j_m2_k,
    )
