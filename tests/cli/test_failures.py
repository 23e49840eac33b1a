"""How a command tells that it failed."""

import json

import click
import pytest
from click.testing import CliRunner

from perigrid.base.architecture import BUILT_IN
from perigrid.base.errors import InputError, PolicyDenied, Problem, WorkError
from perigrid.cli.main import PerigridGroup
from tests.cli.conftest import call

PROBLEM = Problem("the mask is at 200 degrees", "use 0 to 90", "stations.a.mask", "s.yaml", 3, 7)


def raising(error, *words):
    """Run a command that raises."""

    @click.group(cls=PerigridGroup)
    def group():
        pass

    @group.command()
    @click.option("--json", is_flag=True)
    def fail(json):
        raise error

    return CliRunner().invoke(group, ["fail", *words])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (InputError([PROBLEM, Problem("no", "yes")]), 2),
        (WorkError("no insight was delivered"), 1),
        (PolicyDenied("raw data may not leave"), 3),
        (PermissionError(13, "Permission denied", "out/x"), 2),
        (OSError(28, "No space left on device"), 1),
        (OSError(30, "Read-only file system", "out/x"), 2),
        (KeyboardInterrupt(), 130),
    ],
)
def test_a_failure_is_one_document_with_the_same_exit_code(error, code):
    text, told = raising(error), raising(error, "--json")
    assert text.exit_code == told.exit_code == code
    assert text.stdout == told.stderr == ""
    document = json.loads(told.stdout)["error"]
    assert document["exit_code"] == code
    assert document["message"] in text.stderr
    assert all(problem["message"] in text.stderr for problem in document["problems"])


def test_where_no_document_comes_out_the_error_is_text():
    told = raising(OSError(28, "No space left on device", "<stdout>"), "--json")
    assert told.stdout == ""
    assert told.stderr.startswith("error: <stdout>: No space left on device")


def test_every_problem_says_where_it_is():
    first, second = json.loads(raising(InputError([PROBLEM, Problem("no")]), "--json").stdout)[
        "error"
    ]["problems"]
    assert (first["path"], first["line"], first["column"]) == ("s.yaml", 3, 7)
    assert (first["key"], first["remedy"]) == ("stations.a.mask", "use 0 to 90")
    assert second["message"] == "no"


@pytest.mark.parametrize(
    "words",
    [
        ("run", "--json"),
        ("compare", "three-body", "--arch", "moon,", "--json"),
        ("nothing-of-that-name", "--json"),
        ("--json",),
        ("audit", "verify", "--json"),
        ("keys", "new", "a", "--json"),
        ("contacts", "three-body", "--nope", "--json"),
        ("check", "none.yaml", "--json"),
        ("plan", "three-body", "--json", "-o", "none/at/all.svg"),
    ],
)
def test_wrong_usage_is_told_in_json_too(words):
    result = call(*words)
    assert result.exit_code == 2
    assert json.loads(result.stdout)["error"]["exit_code"] == 2
    assert result.stderr == ""


@pytest.mark.parametrize("command", ["run", "compare"])
def test_an_unknown_architecture_is_told_with_all_there_are(command, tmp_path):
    result = call(command, "three-body", "--arch", "moon", "--json", "-o", tmp_path / "out")
    assert result.exit_code == 2
    (problem,) = json.loads(result.stdout)["error"]["problems"]
    assert problem["message"] == "no architecture is called 'moon'"
    assert all(name in problem["remedy"] for name in BUILT_IN)
    assert not (tmp_path / "out").exists()
