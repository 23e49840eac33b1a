"""What crosses into the ground under an architecture, and what of it may go in parts."""

from dataclasses import replace

import numpy as np

from missions import SCENARIO, with_stage
from perigrid.base.architecture import BENT_PIPE, ONBOARD, ORBITAL, RELAY
from perigrid.base.jobs import Job, Product
from perigrid.fleet.model import ContactKind
from perigrid.sim.crossing import crossing_of
from perigrid.workload.job_graph import ways_taken
from scheduling_cases import contact_table

DOWN, RELAYED = ContactKind.DOWNLINK, ContactKind.RELAY
ROWS = [(DOWN, 0, 9, 0.0, 80.0), (DOWN, 1, 9, 5.0, 21.0), (RELAYED, 0, 8, 0.0, 160.0)]
INTO = contact_table(ROWS)
"""At 1 Gbit/s."""
JOB = Job(0, 0, 0.0, 1e4, 9e9, 1e9, 0.0, 0.0, 0, 0)
PIPELINE = with_stage(SCENARIO.pipeline, "classify", output_bytes=1000.0)
PATHS = ways_taken(PIPELINE, np.array([[True], [True]]))


def crossing(architecture, pipeline=PIPELINE, into=INTO):
    return crossing_of(architecture, pipeline, PATHS, into)


def test_pixels_or_answers_cross_by_what_may_carry_them() -> None:
    pixels, answers = crossing(BENT_PIPE), crossing(ONBOARD)
    assert pixels.crossing == (Product.RAW,)
    assert not pixels.in_orbit
    assert pixels.nbytes(JOB) == 9e9
    assert answers.crossing == (Product.ANSWER,)
    assert answers.in_orbit
    assert answers.nbytes(JOB) == 1000.0
    assert crossing(ORBITAL).places > answers.places


def test_what_is_larger_than_any_window_may_go_in_parts() -> None:
    assert crossing(BENT_PIPE).widest_bytes[Product.RAW] == 1e10
    assert crossing(RELAY).widest_bytes[Product.RAW] == 2e10
    assert not crossing(BENT_PIPE).in_parts(JOB)
    large = replace(JOB, raw_bytes=1.1e10)
    assert crossing(BENT_PIPE).in_parts(large)
    assert not crossing(RELAY).in_parts(large)
    assert not crossing(ONBOARD).in_parts(large)  # its answer is what goes down
    heavy = with_stage(PIPELINE, "classify", output_bytes=1.1e10)
    assert crossing(ONBOARD, heavy).in_parts(JOB)
    none = INTO.some(np.zeros(3, dtype=np.bool_))
    assert not crossing(BENT_PIPE, into=none).in_parts(large)
