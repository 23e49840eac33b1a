"""Exit codes, errors and the help of the whole command."""

import gc
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

import perigrid
from perigrid.base.errors import InputError, PolicyDenied, Problem, WorkError
from perigrid.cli.main import GARBAGE_THRESHOLD, PerigridGroup, main
from tests.cli.conftest import call

HEAVY = (
    "numpy",
    "ruamel",
    "cedarpy",
    "jinja2",
    "lightgbm",
    "nacl",
    "polars",
    "matplotlib",
    "numba",
    "pydantic",
    "onnxruntime",
    "rich",
    "scipy",
)


def raising(error):
    """Build a command group of which one command raises."""

    @click.group(cls=PerigridGroup)
    def group():
        pass

    @group.command()
    def fail():
        raise error

    return CliRunner().invoke(group, ["fail"])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError([Problem("the mask is at 200 degrees", "use 0 to 90")]), 2, "use 0 to 90"),
        (WorkError("no insight was delivered"), 1, "error: no insight was delivered"),
        (PolicyDenied("raw data may not leave"), 3, "error: raw data may not leave"),
        (PermissionError(13, "Permission denied", "out/x"), 2, "error: out/x: Permission denied"),
        (OSError(28, "No space left on device", "out/x"), 1, "error: out/x: No space left"),
        (OSError(28, "No space left on device"), 1, "error: No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_errors_become_a_message_and_an_exit_code(error, code, said):
    result = raising(error)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        (FileNotFoundError(2, "No such file or directory", "out/x"), "has to be there"),
        (PermissionError(13, "Permission denied", "out/x"), "allow"),
        (IsADirectoryError(21, "Is a directory", "out/x"), "a file"),
        (OSError(28, "No space left on device", "out/x"), "free"),
    ],
)
def test_trouble_with_a_file_comes_with_a_remedy(error, remedy):
    last = raising(error).stderr.splitlines()[-1]
    assert last.startswith("  help: ")
    assert remedy in last


@pytest.mark.parametrize("bug", [ZeroDivisionError("bug"), OSError("no file is concerned")])
def test_a_bug_is_not_hidden(bug):
    assert raising(bug).exception is bug


@pytest.mark.parametrize("words", [("fly",), ("run",), ("run", "three-body", "--arch", "moon")])
def test_wrong_usage_exits_2(words):
    assert call(*words).exit_code == 2


def test_a_wrong_number_of_threads_is_told_by_every_command(monkeypatch):
    monkeypatch.setenv("PERIGRID_THREADS", "abc")
    result = call("scenarios")
    assert result.exit_code == 2
    assert "PERIGRID_THREADS" in result.stderr


def test_the_version_is_the_packages():
    assert call("--version").stdout == f"perigrid, version {perigrid.__version__}\n"


def test_every_command_has_help():
    for name in main.commands:
        result = call(name, "--help")
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()[2].strip()) > 20, name


def test_help_lists_commands_in_the_order_of_use():
    listed = call("--help").stdout
    places = [listed.index(f"\n  {name}") for name in ("init", "plan", "compare", "explain")]
    assert places == sorted(places)


# The first see no scenario; the others read one, and compute nothing.
LIGHT = (["--help"], ["--version"], ["scenarios"], ["scenarios", "--json"], ["keys", "--help"])
READING = (
    ["check", "dawn-dusk-demo"],
    ["policy", "show", "dawn-dusk-demo"],
    ["policy", "ask", "dawn-dusk-demo", "--action", "process", "--node", "ring-0000"],
)
HEAVY_TO_READ = ("polars", "matplotlib", "numba", "onnxruntime", "rich", "lightgbm", "jinja2",
                 "scipy.spatial", "scipy.sparse", "scipy.special", "asyncio")  # fmt: skip


def test_light_commands_import_nothing_heavy():
    code = f"""
import sys
from perigrid.cli.main import main
for commands, heavy in ({LIGHT}, {HEAVY}), ({READING}, {HEAVY_TO_READ}):
    for words in commands:
        main(words, standalone_mode=False)
        there = [name for name in heavy if name in sys.modules]
        assert not there, (words, there)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_comparison_imports_no_solver():
    code = (
        "import sys, perigrid.sim.commands; "
        "print([n for n in ('scipy.integrate', 'scipy.optimize') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_an_unknown_scenario_has_no_traceback_in_a_real_process():
    code = "from perigrid.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "three-bodi"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "three-body" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_closed_pipe_is_no_traceback():
    code = "from perigrid.cli.main import main; main()"
    done = subprocess.run(
        f'"{sys.executable}" -c "{code}" check three-body --json | head -n 1',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_command_seldom_looks_for_garbage(monkeypatch):
    asked = []
    monkeypatch.setattr(gc, "set_threshold", asked.append)
    assert CliRunner().invoke(main, ["scenarios"]).exit_code == 0
    assert asked == [GARBAGE_THRESHOLD]
