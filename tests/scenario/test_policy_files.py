import pytest

from perigrid.base.errors import InputError, ScenarioError
from perigrid.scenario.load import load_scenario
from perigrid.scenario.policy_files import MAX_POLICY_FILES, read_policy_folder
from perigrid.scenario.problems import Place
from scenario_inputs import MINIMAL

POLICY = '@id("a") permit (principal, action == Action::"move", resource);\n'


@pytest.fixture
def mission(tmp_path):
    (tmp_path / "m.yaml").write_text(MINIMAL + "policies: law\n")
    law = tmp_path / "law"
    law.mkdir()
    (law / "b.cedar").write_text(POLICY)
    return tmp_path


def test_files_are_read_in_order_and_count_for_the_digest(mission):
    (mission / "law" / "a.json").write_text("[]")
    (mission / "law" / "notes.txt").write_text("not a policy")
    first = load_scenario(str(mission / "m.yaml"))
    assert [(f.name, f.text) for f in first.governance.policies] == [
        ("law/a.json", "[]"),
        ("law/b.cedar", POLICY),
    ]
    (mission / "law" / "b.cedar").write_text(POLICY + "\n")
    assert load_scenario(str(mission / "m.yaml")).digest != first.digest


@pytest.mark.parametrize("change", ["missing", "empty", "file", "bytes", "many"])
def test_what_cannot_be_read_is_told(mission, change):
    law = mission / "law"
    if change in ("missing", "empty", "file"):
        (law / "b.cedar").unlink()
    if change in ("missing", "file"):
        law.rmdir()
    if change == "file":
        law.write_text(POLICY)
    if change == "bytes":
        (law / "b.cedar").write_bytes(b"\xff\xfe")
    if change == "many":
        for n in range(MAX_POLICY_FILES):
            (law / f"{n}.cedar").write_text(POLICY)
    with pytest.raises(InputError) as caught:
        load_scenario(str(mission / "m.yaml"))
    (problem,) = caught.value.problems
    assert problem.remedy
    assert problem.line


@pytest.mark.parametrize(
    "name",
    ["c.cedr", "c.CEDAR", "c.cedar.txt", "c.cedar~", "c", ".c.cedar.bak", "c.Json", "c.md.json5"],
)
def test_a_file_that_may_be_meant_as_a_policy_is_never_passed_over(mission, name):
    (mission / "law" / name).write_text(POLICY)
    with pytest.raises(ScenarioError, match="looks like a policy and would not be read") as caught:
        load_scenario(str(mission / "m.yaml"))
    assert repr(name) in caught.value.problems[0].message


def test_a_library_scenario_has_no_folder():
    with pytest.raises(ScenarioError, match="no files"):
        read_policy_folder(None, "law", Place("three-body"))
