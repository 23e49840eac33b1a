"""Flags become overrides."""

from pathlib import Path

import pytest

from perigrid.cli.options import command_line, output_folder, overrides
from perigrid.scenario.ages import STALE_AGE
from tests.cli.conftest import call


def test_named_flags_come_after_set_and_win():
    assert overrides(2.0, 30.0, 7, ("seed=1", "pipeline.deliver=pixels")) == (
        "seed=1",
        "pipeline.deliver=pixels",
        "hours=2.0",
        "step_s=30.0",
        "seed=7",
    )


def test_stale_element_sets_are_taken_by_every_command_of_a_scenario():
    assert overrides(None, None, None, (), stale=True) == ("stale=true",)
    line = command_line("run", "m", ("stale=true",), "")
    assert line == "perigrid run m --set stale=true"
    for command in ("check", "plan", "routes", "contacts", "run", "compare", "fly"):
        told = " ".join(call(command, "--help").stdout.split())
        assert f"more than {STALE_AGE.value:g} days away from the start" in told


def test_absent_flags_change_nothing():
    assert overrides(None, None, None, ()) == ()


@pytest.mark.parametrize("hours", ["0", "-1", "nan", "inf", "soon"])
def test_hours_must_be_a_positive_number(hours):
    result = call("check", "three-body", "--hours", hours)
    assert result.exit_code == 2
    assert "--hours" in result.stderr


def test_a_seed_is_not_negative():
    assert call("check", "three-body", "--seed", "-1").exit_code == 2


@pytest.mark.parametrize("names", ["orbital,moon", "", "orbital,"])
def test_unknown_architectures_are_named(names):
    result = call("compare", "three-body", "--arch", names)
    assert result.exit_code == 2
    assert "bent-pipe, relay, onboard, orbital" in result.stderr


def test_runs_go_into_out_unless_told():
    assert output_folder(None, "three-body", "compare") == Path("out/three-body-compare")
    assert output_folder(Path("here"), "three-body", "compare") == Path("here")


def test_the_command_that_repeats_a_run_names_nobody():
    given = (
        "approvers=[{name: rosalind, role: pilot}]",
        "approvers.0={name: rosalind, role: pilot}",
        "approvers.0.name=rosalind",
        "approvers.0.delay_minutes=3",
        "orders.0.by=rosalind",
        "orders.0.reason=smoke",
        "orders.0.at_hours=1",
        "approval.people=2",
    )
    line = command_line("run", "m", given, "")
    assert "rosalind" not in line
    assert "smoke" not in line
    assert line.count("=withheld") == 5
    for kept in ("approvers.0.delay_minutes=3", "orders.0.at_hours=1", "approval.people=2"):
        assert kept in line
