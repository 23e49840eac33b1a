"""No flag does nothing: each has a test of its own, and those that commands share reach all."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from perigrid.cli.main import main
from scenario_inputs import ISS_1, ISS_2
from tests.cli.conftest import call
from tests.flight_cases import SMALL
from tests.walk.texts import RELAYED

TESTS = Path(__file__).parents[1]
QUIET = "--quiet"  # also where there is nothing to keep quiet about, so that it always fits
SHARED = ("--hours", "--step", "--seed", "--set", "--json", QUIET)
WRONG = {"--hours": "9000", "--step": "9000", "--seed": str(2**53), "--set": "nonsense=1"}


def commands(group=main, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


def options(command):
    return [one for one in command.params if isinstance(one, click.Option)]


READERS = [
    (path, command)
    for path, command in commands()
    if {"--hours", "--seed"} <= {opt for one in options(command) for opt in one.opts}
    and any(isinstance(one, click.Argument) for one in command.params)
    and path[0] != "approvals"
]
NEEDED = {
    ("policy", "ask"): ("--action", "process", "--node", "x"),
    ("routes",): ("--from", "x", "--to", "y"),
}


def test_every_flag_is_used_in_a_test():
    tests = "\n".join(path.read_text(encoding="utf-8") for path in TESTS.rglob("test_*.py"))
    untested = [
        (" ".join(path), option.opts)
        for path, command in commands()
        for option in options(command)
        if not any(f'"{one}' in tests or f" {one} " in tests for one in option.opts)
    ]
    assert untested == []


@pytest.mark.parametrize("flag", WRONG)
@pytest.mark.parametrize(("path", "command"), READERS, ids=lambda one: str(one))
def test_what_changes_a_scenario_reaches_every_command(tmp_path, path, command, flag):
    place = tmp_path / "small.yaml"
    place.write_text(RELAYED, encoding="utf-8")
    result = call(*path, place, *NEEDED.get(path, ()), flag, WRONG[flag])
    assert result.exit_code == 2
    assert flag == "--set" or "--set" in result.stderr  # they are overrides themselves
    assert "error: " in result.stderr


def test_old_elements_are_flown_if_asked(tmp_path):
    place = tmp_path / "small.yaml"
    place.write_text(RELAYED, encoding="utf-8")
    orbit = f'groups.fleet.orbit={{element_sets: {{tle: "{ISS_1}\\n{ISS_2}"}}}}'
    assert call("check", place, "--set", orbit).exit_code == 2
    assert call("check", place, "--set", orbit, "--stale").exit_code == 0


def test_a_person_may_order_what_a_program_may_not(tmp_path):
    place = tmp_path / "small.yaml"
    place.write_text(RELAYED, encoding="utf-8")
    arms = ("--set", "handling.customer=weapon-adjacent")
    words = ("policy", "ask", place, *arms, "--action", "process", "--node", "fleet-0001")
    assert call(*words).stdout.startswith("deny")
    assert call(*words, "--by-person").stdout.startswith("allow")


def test_a_flight_is_recorded_as_often_as_asked(tmp_path):
    changes = [word for change in SMALL for word in ("--set", change)]
    words = ("fly", "mega-constellation", *changes, "--hours", "0.4", "--jobs", "40", "-q")
    flags = {"plain": (), "seldom": ("--telemetry", "600"), "often": ("--checkpoint", "10")}
    parts = {}
    for name, more in flags.items():
        call(*words, *more, "-o", tmp_path / name)
        files = sorted((tmp_path / name).rglob("*.parquet"))
        parts[name] = [file.name for file in files], sum(file.stat().st_size for file in files)
    assert parts["seldom"][1] < parts["plain"][1]
    assert len(parts["often"][0]) > len(parts["plain"][0])
