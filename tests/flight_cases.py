"""Small fleets with compute jobs."""

from pathlib import Path

from perigrid.api import Run, Study
from perigrid.scenario.load import load_scenario

SMALL = (
    "groups.shell.orbit.walker.planes=6",
    "groups.shell.orbit.walker.satellites_per_plane=8",
    "groups.shell.laser.max_range_km=8000",
    "groups.shell.laser.grazing_altitude_km=0",
    "groups.shell.orbit.walker.altitude_km=1200",
    "stations.gateways.min_elevation_deg=10",
    "hours=0.5",
    "jobs.count=300",
)
STORM = (
    "faults.crash_every_hours=0.5",
    "faults.crash_minutes=3",
    "faults.corruption_every_hours=0.5",
    "faults.detected_share=0.7",
    "faults.loss_every_hours=4",
    "faults.station_every_hours=1",
    "faults.station_minutes=4",
    "faults.weather_every_hours=1",
    "faults.weather_minutes=4",
)


def small(*changes):
    return load_scenario("mega-constellation", overrides=(*SMALL, *changes))


def served(scenario, folder: Path, name: str = "orbital", **more) -> Run:
    """Have a scenario's jobs served into a folder."""
    return Study(scenario).run(name, folder, **more)
