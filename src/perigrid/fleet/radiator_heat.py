"""Heat that the radiators of a fleet take up from outside: physics with the scenario's numbers."""

from __future__ import annotations

from perigrid.fleet.model import Floats
from perigrid.physics.heat import radiator_environment_w
from perigrid.physics.radiator import (
    Face,
    aged_absorptivity,
    front_normal,
    two_face_environment_w,
)
from perigrid.scenario.model import SatelliteGroup


def fleet_environment_w(
    bus: SatelliteGroup,
    position_teme_m: Floats,
    velocity_teme_m_s: Floats,
    sun_m: Floats,
    illumination: Floats,
) -> Floats:
    """Heat that each radiator absorbs, at its present age.

    Parameters
    ----------
    bus : SatelliteGroup
        Its thermal path.
    position_teme_m, velocity_teme_m_s : (3, n, n_times) float array
        Satellite state [m, m/s].
    sun_m : (3, n_times) float array
        Geocentric position of the Sun [m].
    illumination : (n, n_times) float array
        Share of the solar disc in view.

    Returns
    -------
    (n, n_times) float array
        Absorbed power [W].

    Notes
    -----
    With an attitude, view factor and incidence follow from it; without one (``given``) they are
    the scenario's means.
    """
    thermal = bus.thermal
    absorptivity = aged_absorptivity(
        thermal.absorptivity, thermal.absorptivity_per_year, thermal.age_years
    )
    if thermal.attitude != "given":
        face = Face(0.5 * thermal.radiator_area_m2, thermal.emissivity, absorptivity)
        normal = front_normal(thermal.attitude, position_teme_m, velocity_teme_m_s, sun_m)
        return two_face_environment_w(
            position_teme_m, sun_m, illumination, normal, front=face, back=face
        )
    return radiator_environment_w(
        position_teme_m,
        sun_m,
        illumination,
        area_m2=thermal.radiator_area_m2,
        emissivity=thermal.emissivity,
        absorptivity=absorptivity,
        earth_view_factor=thermal.earth_view_factor,
        sun_incidence=thermal.sun_incidence,
    )
