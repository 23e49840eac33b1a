"""A pipeline of a scenario's own: the detector, a search with findings, an alert, a map."""

from __future__ import annotations

from typing import Final

from perigrid.scenario.load import parse_scenario
from perigrid.scenario.pipeline import Pipeline
from scenario_inputs import MINIMAL

OWN_STAGES: Final = """\
pipeline:
  executed_scenes: 4
  stages:
    - {name: screen, model: s2cloudless 1.7, runs_on: host, pixel_m: 60, ops_per_pixel: 5942,
       efficiency: 1, memory_mb: 41}
    - name: detect
      model: ships
      pixel_m: 10
      ops_per_pixel: 20000
      output_bytes: 500
      when: {stage: screen, at_most: 0.7}
      outcome: {chance: {probability: 0.4}}
      deliver: true
    - name: outline
      model: outlines
      pixel_m: 10
      ops_per_pixel: {value: 60000, source: a bench, date: 2026-11-30, confidence: measured}
      when: {stage: detect, above: 0.5}
      outcome: {beta: {mean: 0.5, concentration: 2}}
    - {name: alert, model: words, runs_on: host, pixel_m: 100, ops_per_pixel: 100,
       output_bytes: 2000, when: {stage: outline, above: 0.3}, deliver: true}
"""


def own_pipeline() -> Pipeline:
    """Convert it."""
    return parse_scenario(MINIMAL + OWN_STAGES, "own", folder=None, overrides=()).pipeline
