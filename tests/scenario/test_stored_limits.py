import json
from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.errors import RunFolderError
from perigrid.scenario import library
from perigrid.scenario.load import load_scenario
from perigrid.scenario.model import Swarm
from perigrid.scenario.stored import read_scenario, scenario_text
from perigrid.scenario.stored_limits import beyond_limits


@pytest.mark.parametrize("name", library.names())
def test_what_can_be_loaded_is_within_the_limits(name):
    assert beyond_limits(load_scenario(name)) == []


def changed(path, value):
    content = json.loads(scenario_text(SCENARIO))
    at = content
    *above, last = path
    for key in above:
        at = at[key]
    at[last] = value
    return json.dumps(content)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        *((("step_s",), 1e-9), (("step_s",), 0.0), (("step_s",), -30.0), (("duration_s",), 1e15)),
        *((("duration_s",), 100.0 / 3.0), (("demand", "cell_rad"), 1e-6), (("seed",), -1)),
        *((("pipeline", "executed_scenes"), 10**9), (("stations", 0, "antennas"), 10**12)),
        *((("oversight", "terms", "people"), 10**9), (("architectures",), ["../outside"])),
        *((("groups", 0, "computer", "slots"), 10**9), (("demand", "request_names"), ["x"])),
        *((("step_s",), "30"), (("step_s",), None), (("step_s",), float("nan")), (("seed",), 1.5)),
        *((("groups",), {}), (("groups", 0), 7), (("stations", 0, "name"), 7), (("name",), ["a"])),
        *((("recovery",), []), (("faults",), "x"), (("approver", "grants"), 1)),
    ],
)
def test_what_no_schema_would_have_let_through_is_refused_from_a_run_folder_too(path, value):
    with pytest.raises(RunFolderError, match="cannot be read"):
        read_scenario(changed(path, value))


@pytest.mark.parametrize(
    "change",
    [
        {"jobs": {"count": 10**12}},
        {"jobs": {"models": 10**9}},
        {"jobs": {"routes_s": 1e-6}},
        {"pipeline": {"executed_scenes": 5}},
        {"jobs": None},
        {"workload": "imagery"},
    ],
)
def test_compute_jobs_beyond_what_can_be_loaded_are_refused(change):
    content = json.loads(scenario_text(load_scenario("mega-constellation")))
    for key, value in change.items():
        content[key] = content[key] | value if isinstance(value, dict) else value
    with pytest.raises(RunFolderError, match="cannot be read"):
        read_scenario(json.dumps(content))


def test_constellations_beyond_reason_are_counted_before_they_are_built():
    group = replace(SCENARIO.groups[0], orbit=Swarm(5e5, 10.5, 1e4, 1e-9, hexagonal=True))
    assert any("satellites is inf" in one for one in
               beyond_limits(replace(SCENARIO, groups=(group,))))  # fmt: skip
