"""What others may rely on: names, commands and exit codes do not change by accident."""

import dataclasses
import inspect

import perigrid
from perigrid import api
from perigrid.base import errors
from perigrid.base.architecture import COMPARED
from perigrid.cli.main import main

COMMANDS = {
    "init": {"template", "as_json", "quiet"},
    "scenarios": {"as_json", "quiet"},
    "check": {"hours", "step_s", "seed", "assignments", "as_json", "quiet"},
    "plan": {"hours", "step_s", "seed", "assignments", "as_json", "quiet", "out"},
    "routes": {
        *("hours", "step_s", "seed", "assignments", "as_json", "quiet", "start", "end", "disjoint"),
    },
    "contacts": {
        *("hours", "step_s", "seed", "assignments", "as_json", "quiet", "ion", "decimals"),
        *("table", "access", "from_ion", "source", "nbytes", "ready_s"),
    },
    "run": {
        "hours",
        "step_s",
        "seed",
        "assignments",
        "as_json",
        "quiet",
        "architecture",
        "out",
        "resume",
        "jobs",
    },
    "compare": {
        *(
            "hours",
            "step_s",
            "seed",
            "assignments",
            "as_json",
            "quiet",
            "architectures",
            "out",
            "resume",
            "rules",
        ),
    },
    "fly": {
        *("hours", "step_s", "seed", "assignments", "as_json", "quiet", "jobs", "resume", "out"),
        "architecture",
    },
    "explain": {"architecture", "as_json", "quiet"},
    "audit": set(),
    "report": {"out", "as_json", "quiet"},
    "serve": {"port"},
    "validate": {"as_json", "quiet"},
    "bench": {"as_json", "quiet"},
    "data": set(),
    "keys": set(),
    "approvals": set(),
    "policy": set(),
}
OF_SCENARIOS = {"stale"}
"""Of every command with ``--set``."""


def test_the_package_exports_two_names():
    assert perigrid.__all__ == ["__version__", "load"]


def test_the_study_keeps_its_methods():
    assert list(inspect.signature(perigrid.load).parameters) == ["scenario", "overrides"]
    assert [field.name for field in dataclasses.fields(api.Study)] == [
        *("scenario", "opened", "overrides")
    ]
    assert list(inspect.signature(api.Study.plan).parameters) == ["self", "progress"]
    for method in (api.Study.run, api.Study.compare):
        assert {"out", "progress", "command"} <= set(inspect.signature(method).parameters)
    assert [field.name for field in dataclasses.fields(api.Run)] == ["summary", "jobs", "folder"]
    assert [field.name for field in dataclasses.fields(api.Comparison)] == ["result", "folder"]


def test_the_command_line_keeps_its_commands_and_flags():
    flags = {
        name: {p.name for p in command.params if p.param_type_name == "option"}
        for name, command in main.commands.items()
    }
    assert flags == {
        name: known | OF_SCENARIOS if "assignments" in known else known
        for name, known in COMMANDS.items()
    }


def test_architectures_keep_their_names():
    assert [one.name for one in COMPARED] == ["bent-pipe", "relay", "onboard", "orbital"]


def test_errors_keep_their_exit_codes():
    codes = {
        name: error.exit_code
        for name, error in vars(errors).items()
        if inspect.isclass(error) and issubclass(error, errors.PerigridError)
    }
    assert codes == {
        "PerigridError": 1,
        "InputError": 2,
        "ScenarioError": 2,
        "ElementSetError": 2,
        "GeometryError": 2,
        "ContactPlanError": 2,
        "DataCacheError": 2,
        "RunFolderError": 2,
        "OutputError": 2,
        "SceneError": 2,
        "WorkError": 1,
        "InvariantError": 1,
        "PolicyDenied": 3,
    }
