from dataclasses import replace

import pytest

from missions import SCENARIO
from perigrid.base.errors import ScenarioError
from perigrid.base.jobs import Product
from perigrid.base.messages import Captured, Leg, Move
from perigrid.control.policy.build import build_gate, build_policies, model_digest, policy_texts
from perigrid.fleet.build import build_fleet
from perigrid.scenario.model import Governance, PolicyFile
from policy_cases import JOB, rule

FLEET = build_fleet(SCENARIO)
CURFEW = (
    '@id("curfew") @reason("not yet") '
    'forbid (principal, action == Action::"downlink", resource) when {{ {} }};'
)
GROUND = next(row for row, place in FLEET.stations.items() if place.role == "operator")


def governed(*files: tuple[str, str], jurisdictions: tuple[str, ...] = ()):
    policies = tuple(PolicyFile(name, text) for name, text in files)
    return replace(SCENARIO, governance=Governance(jurisdictions, policies=policies))


def down(scenario) -> str:
    gate = build_gate(scenario, FLEET)
    gate.learn([Captured(10.0, JOB)])
    leg = Leg(0, "downlink", 0, GROUND, 0, 0, 0, 1, 1, 1.0)
    return gate.judge(Move(0, Product.RAW, 0, GROUND, (leg,), "")).rule


def test_texts_stand_in_order_of_precedence():
    scenario = replace(governed(("law/a.cedar", ""), jurisdictions=("us", "eu")), rules=(rule(),))
    names = [text.name for text in policy_texts(scenario)]
    assert names == ["rules", "law/a.cedar", "pack us", "pack eu", "pack base"]
    assert [text.name for text in policy_texts(SCENARIO)] == ["pack base"]


def test_own_policies_decide_and_are_named():
    assert down(SCENARIO) == "default"
    assert down(governed(("law/a.cedar", CURFEW.format("context.now_s < 100")))) == "curfew"
    assert down(governed(("law/a.cedar", CURFEW.format("context.now_s < 0")))) == "default"


def test_own_policies_that_are_wrong_are_told_by_file_and_line():
    scenario = governed(("law/a.cedar", "\n\n" + CURFEW.format("context.noww < 1")))
    with pytest.raises(ScenarioError) as caught:
        build_policies(scenario, FLEET)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("law/a.cedar", 3)
    assert "noww" in problem.message


@pytest.mark.parametrize("text", ["[", '{"uid": 1}', "[1]", '[{"uid": {"type": "Node"}}]'])
def test_own_entities_that_are_wrong_are_told(text):
    with pytest.raises(ScenarioError):
        build_policies(governed(("law/e.json", text)), FLEET)


def test_own_entities_may_not_replace_a_node_of_the_fleet():
    name = FLEET.names[GROUND]
    stolen = (
        f'[{{"uid": {{"type": "Node", "id": "{name}"}}, "parents": [], "attrs": {{"operator": "x",'
        ' "home": ["DE"], "place": ["DE"], "kind": "station", "registry_state": "DE",'
        ' "authorising_state": "DE", "barred": []}}]'
    )
    with pytest.raises(ScenarioError):
        build_policies(governed(("law/e.json", stolen)), FLEET)


def test_territory_is_only_looked_up_where_a_policy_asks():
    assert build_gate(SCENARIO, FLEET).custody.locate is None
    assert build_gate(governed(jurisdictions=("eu",)), FLEET).custody.locate is not None


def test_a_model_is_known_by_all_that_describes_it():
    screen = SCENARIO.pipeline.stage("screen")
    assert model_digest(screen) == model_digest(replace(screen))
    assert model_digest(replace(screen, model="other")) != model_digest(screen)


def test_policies_are_parsed_once_for_the_same_scenario_and_fleet() -> None:
    first = build_policies(SCENARIO, FLEET)
    assert build_policies(SCENARIO, FLEET) is first
    other = build_policies(governed(jurisdictions=("eu",)), FLEET)
    assert other.digests() != first.digests()
    assert build_policies(SCENARIO, FLEET).digests() == first.digests()
