"""Compute jobs of a scenario in SI units."""

import pytest

from perigrid.base.errors import ScenarioError
from perigrid.scenario.convert_jobs import to_jobs
from perigrid.scenario.load import load_scenario
from perigrid.scenario.schema.jobs import JobsSpec


def test_units_become_si():
    jobs = to_jobs(JobsSpec.model_validate({"input_mb": 2.0, "work_teraops": 3.0}))
    assert jobs is not None
    assert jobs.input_bytes == 2e6
    assert jobs.work_ops == 3e12
    assert jobs.deadline_s == 900.0
    assert jobs.model_bytes == 20e9
    assert to_jobs(None) is None
    assert load_scenario("three-body").jobs is None


def test_routes_must_fit_the_steps():
    with pytest.raises(ScenarioError, match="not a whole number of steps"):
        load_scenario("mega-constellation", overrides=("jobs.routes_s=45",))
