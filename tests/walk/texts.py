"""Texts of small scenarios: with relay satellites, without, and with some that nothing feeds."""

from __future__ import annotations

from typing import Final

HEAD: Final = """\
perigrid: 1
name: walk
title: A small mission
start: 2026-08-22T00:00:00Z
hours: 1
step_s: 60
scheduler: lookahead
"""

FLEET: Final = """\
  - name: fleet
    role: compute
    operator: demo
    registry_state: SE
    orbit:
      walker: {planes: 1, satellites_per_plane: 3, altitude_km: 550, inclination_deg: 97}
    sensor: {max_off_nadir_deg: 60, min_sun_elevation_deg: -90}
"""

SHELL: Final = """\
  - name: shell
    role: relay
    operator: mesh
    registry_state: US
    orbit: {walker: {planes: 6, satellites_per_plane: 8, altitude_km: 700, inclination_deg: 80}}
"""

HOME: Final = """\
  - name: home
    role: operator
    operator: demo
    sites:
      - {name: Kiruna, country: SE, latitude_deg: 67.86, longitude_deg: 20.96}
      - {name: Quito, country: EC, latitude_deg: -0.2, longitude_deg: -78.5}
"""

FEEDER: Final = """\
  - name: feeder
    role: gateway
    operator: mesh
    sites:
      - {name: Madrid, country: ES, latitude_deg: 40.4, longitude_deg: -3.7}
      - {name: Perth, country: AU, latitude_deg: -31.9, longitude_deg: 115.9}
"""

CENTRE: Final = """\
data_centres:
  - {name: Stockholm, operator: demo, country: SE, latitude_deg: 59.33, longitude_deg: 18.07}
"""

WORK: Final = """\
demand:
  land_grid: {cell_deg: 10}
pipeline: {executed_scenes: 1}
"""

RELAYED: Final = f"{HEAD}groups:\n{FLEET}{SHELL}stations:\n{HOME}{FEEDER}{CENTRE}{WORK}"
PLAIN: Final = f"{HEAD}groups:\n{FLEET}stations:\n{HOME}{CENTRE}{WORK}"
UNFED: Final = f"{HEAD}groups:\n{FLEET}{SHELL}stations:\n{HOME}{CENTRE}{WORK}"
