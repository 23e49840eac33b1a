"""One name, one node."""

from __future__ import annotations

import json

import pytest

from perigrid.base.errors import InputError, ScenarioError
from perigrid.base.names import name_fault
from perigrid.scenario.elements import read_element_sets
from perigrid.scenario.load import parse_scenario
from perigrid.scenario.node_names import told_apart
from perigrid.scenario.tle import parse_tle
from scenario_inputs import MINIMAL, OMM_JSON, ORBIT, changed, signed

ONE = "1 {:05d}U 24001A   26234.00000000  .00000000  00000+0  20000-3 0  9990"
TWO = "2 {:05d}  97.5000 300.0000 0012000  90.0000 270.0000 15.20000000    10"


def block(*names: tuple[str, int]) -> str:
    """Three-line element sets."""
    return "".join(
        f"{name}\n{signed(ONE.format(number))}\n{signed(TWO.format(number))}\n"
        for name, number in names
    )


def mission(*names: tuple[str, int], extra: str = "") -> str:
    """A mission whose satellites come from a block of element sets."""
    lines = "".join(f"          {line}\n" for line in block(*names).splitlines())
    return changed(MINIMAL, ORBIT, "element_sets:\n        tle: |\n" + lines) + extra


def names_of(text: str) -> list[str]:
    return [one.name for one in parse_scenario(text, "m", folder=None).groups[0].orbit.elements]


def test_objects_of_one_name_are_told_apart_by_their_numbers():
    raws = parse_tle(block(("DEB", 7), ("SAT", 8), ("DEB", 9)), "x")
    assert [raw.name for raw in told_apart(raws)] == ["DEB (7)", "SAT", "DEB (9)"]
    assert names_of(mission(("DEB", 7), ("DEB", 9))) == ["DEB (7)", "DEB (9)"]


def test_a_name_that_tells_apart_may_itself_be_taken():
    with pytest.raises(ScenarioError, match=r"'DEB \(7\)' is the name of a satellite"):
        names_of(mission(("DEB", 7), ("DEB", 9), ("DEB (7)", 10)))


RELAY = """\
  - name: relay
    role: relay
    operator: demo
    registry_state: SE
    orbit: {walker: {planes: 2, satellites_per_plane: 2, altitude_km: 550, inclination_deg: 53}}
"""


@pytest.mark.parametrize(
    ("text", "words", "line"),
    [(mission(("Kiruna", 7)), "a satellite of group 'fleet' and of a station of network", 13),
     (mission(("Stockholm", 7)), "a satellite of group 'fleet' and of a data centre", 13),
     (mission(("home-0001", 7)), "", 0),
     (changed(mission(("relay-0003", 7)), "stations:", RELAY + "stations:"),
      "and of a satellite of group 'relay'", 13),
     (changed(MINIMAL, "name: Stockholm", "name: fleet-0001"), "a satellite of group 'fleet'", 21),
     (changed(MINIMAL, "name: Stockholm", "name: Kiruna"), "a data centre and of a station", 21),
     (changed(changed(MINIMAL, "name: Kiruna", "name: Malm\u00f6"), "name: Stockholm",
      "name: Malmo\u0308"), "a data centre and of a station", 21)],
)  # fmt: skip
def test_no_two_nodes_have_one_name(text, words, line):
    if not words:
        assert names_of(text)
        return
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "m", folder=None)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.line == line
    assert "rename one" in problem.remedy


@pytest.mark.parametrize(
    "name", ["A\u00a0B", "A\u202eB", "A\x1bB", ".A", "A" * 201, "\u0628\u200c\u0627", "A (b) [c]"]
)
def test_files_and_scenarios_have_one_rule_for_names(name):
    row = (
        "name: {}, epoch: 2026-08-22, mean_motion_rev_per_day: 15, eccentricity: 0, raan_deg: 0, "
        "inclination_deg: 97, argument_of_perigee_deg: 0, mean_anomaly_deg: 0"
    )
    inline = changed(MINIMAL, ORBIT, f"element_sets: {{elements: [{{{row}}}]}}")
    written = inline.replace("name: {}", f"name: {json.dumps(name)}")
    message = json.dumps([json.loads(OMM_JSON)[0] | {"OBJECT_NAME": name}])
    outcomes = []
    for read, text in ((names_of, written), (lambda t: read_element_sets(t, "x"), message)):
        try:
            read(text)
        except InputError:
            outcomes.append("refused")
        else:
            outcomes.append("taken")
    assert outcomes[0] == outcomes[1]
    assert (outcomes[0] == "taken") == (not name_fault(name))
