"""Every group of cases by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from perigrid.base.errors import InputError, Problem
from perigrid.validation.air_density import air_density
from perigrid.validation.array_white_paper import array_white_paper
from perigrid.validation.battery_specification import battery_specification
from perigrid.validation.bupt_1 import bupt_1
from perigrid.validation.case import Case
from perigrid.validation.checkpoint_interval import checkpoint_interval
from perigrid.validation.crosslink_chords import crosslink_chords
from perigrid.validation.dawn_dusk_year import dawn_dusk_year
from perigrid.validation.dvb_s2_ladder import dvb_s2_ladder
from perigrid.validation.earth_fixed import earth_fixed
from perigrid.validation.eclipse_closed_form import eclipse_closed_form
from perigrid.validation.formation_swarm import formation_swarm
from perigrid.validation.geo_eclipse_season import geo_eclipse_season
from perigrid.validation.ground_power import ground_power
from perigrid.validation.heat_equilibrium import heat_equilibrium
from perigrid.validation.heat_transient import heat_transient
from perigrid.validation.kuiper_630 import kuiper_630
from perigrid.validation.launch_learning import launch_learning
from perigrid.validation.launched_power import launched_power
from perigrid.validation.link_budget import link_budget
from perigrid.validation.orbit_decay import orbit_decay
from perigrid.validation.panel_temperature import panel_temperature
from perigrid.validation.power_sizing import power_sizing
from perigrid.validation.radiator_white_paper import radiator_white_paper
from perigrid.validation.repeat_orbits import repeat_orbits
from perigrid.validation.sgp4_vectors import sgp4_vectors
from perigrid.validation.shielded_dose import shielded_dose
from perigrid.validation.south_atlantic import south_atlantic
from perigrid.validation.starshine import starshine
from perigrid.validation.sun_seasons import sun_seasons
from perigrid.validation.sun_synchronous import sun_synchronous
from perigrid.validation.tpu_in_orbit import tpu_in_orbit

CASES: Final[dict[str, Callable[[], list[Case]]]] = {
    "sgp4-vectors": sgp4_vectors,
    "earth-fixed": earth_fixed,
    "sun-seasons": sun_seasons,
    "sun-synchronous": sun_synchronous,
    "repeat-orbits": repeat_orbits,
    "formation-swarm": formation_swarm,
    "air-density": air_density,
    "orbit-decay": orbit_decay,
    "starshine": starshine,
    "eclipse-closed-form": eclipse_closed_form,
    "dawn-dusk-year": dawn_dusk_year,
    "crosslink-chords": crosslink_chords,
    "kuiper-630": kuiper_630,
    "geo-eclipse-season": geo_eclipse_season,
    "link-budget": link_budget,
    "dvb-s2-ladder": dvb_s2_ladder,
    "radiator-white-paper": radiator_white_paper,
    "heat-equilibrium": heat_equilibrium,
    "heat-transient": heat_transient,
    "bupt-1": bupt_1,
    "array-white-paper": array_white_paper,
    "panel-temperature": panel_temperature,
    "battery-specification": battery_specification,
    "power-sizing": power_sizing,
    "shielded-dose": shielded_dose,
    "tpu-in-orbit": tpu_in_orbit,
    "south-atlantic": south_atlantic,
    "checkpoint-interval": checkpoint_interval,
    "launched-power": launched_power,
    "ground-power": ground_power,
    "launch-learning": launch_learning,
}
"""Case groups in the order in which they are shown."""


def run(names: Sequence[str]) -> list[Case]:
    """Run case groups.

    Parameters
    ----------
    names : sequence of str
        Keys of :data:`CASES`; empty for all of them.

    Returns
    -------
    list of Case
        In the order asked for.

    Raises
    ------
    InputError
        If a name is not in the catalogue.
    """
    unknown = [name for name in names if name not in CASES]
    if unknown:
        known = ", ".join(CASES)
        raise InputError(
            [
                Problem(f"there is no validation case {name!r}", f"one of: {known}")
                for name in unknown
            ]
        )
    return [case for name in (names or CASES) for case in CASES[name]()]
