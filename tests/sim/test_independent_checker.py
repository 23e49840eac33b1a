"""Run folders counted again from the record by an auditor that shares no code with us."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import run_checker as check
from flights import world_of
from missions import COMPUTE, COMPUTER, LASER, RADIO, SCENARIO, SENSOR, with_group
from perigrid.base.architecture import COMPARED, ORBITAL
from perigrid.scenario.model import Computer
from perigrid.sim.run import simulate
from perigrid.sim.world import World
from perigrid.workload.measured import classify_stage, screen_stage

ARCHITECTURES = [architecture.name for architecture in COMPARED]
LINKED = "linked"
# Near enough to hold crosslinks, slow enough to pass scenes on to a neighbour.
SLOW = replace(COMPUTER, host_ops_s=COMPUTER.host_ops_s / 200.0)
RING = with_group(
    replace(SCENARIO, duration_s=3 * 3600.0, scheduler="lookahead"),
    "compute",
    orbit=replace(COMPUTE.orbit, satellites=12),
    computer=SLOW,
)
PIXELS_SCREEN = (SENSOR.swath_m / screen_stage().pixel_m) ** 2
PIXELS_CLASSIFY = (SENSOR.swath_m / classify_stage().pixel_m) ** 2


def stage_j(computer: Computer) -> dict[str, float]:
    """Energy of a stage by its roofline, worked out by hand."""
    screen, classify = screen_stage(), classify_stage()
    walk_s = PIXELS_SCREEN * screen.ops_per_pixel / computer.host_ops_s
    operate_s = PIXELS_CLASSIFY * classify.ops_per_pixel
    operate_s /= computer.peak_ops_s * classify.efficiency
    fetch_s = PIXELS_CLASSIFY * classify.bytes_per_pixel / computer.memory_bandwidth_bytes_s
    return {
        "screen": (screen.fixed_s + walk_s) * computer.host_w,
        "classify": (classify.fixed_s + max(operate_s, fetch_s))
        * (computer.active_w - computer.idle_w),
    }


POWER_W = {"downlink": RADIO.active_w, "crosslink": LASER.active_w, "relay": LASER.active_w}


@pytest.fixture(scope="module")
def runs(
    comparison: tuple[dict, Path], world: World, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    linked = tmp_path_factory.mktemp(LINKED)
    simulate(world_of(RING, world.bank), ORBITAL, linked)
    return {name: comparison[1] / name for name in ARCHITECTURES} | {LINKED: linked}


@pytest.fixture(params=[*ARCHITECTURES, LINKED])
def audit(runs: dict[str, Path], request: pytest.FixtureRequest) -> check.Audit:
    found = check.read(runs[request.param])
    assert len(found.jobs) > 50
    assert found.of("Close")
    return found


def test_no_window_is_overbooked_or_left(audit: check.Audit) -> None:
    check.check_legs(audit)
    assert audit.found == []


def test_no_antenna_radio_or_terminal_serves_two(audit: check.Audit) -> None:
    check.check_equipment(audit, SCENARIO.stations, LASER.terminals)
    assert audit.found == []


def test_no_job_is_lost_done_twice_or_late(audit: check.Audit) -> None:
    check.check_jobs(audit)
    assert audit.found == []


def test_energy_and_bytes_of_every_job_add_up(
    audit: check.Audit, request: pytest.FixtureRequest
) -> None:
    computer = SLOW if LINKED in request.node.name else COMPUTER
    check.check_job_energy(audit, POWER_W | stage_j(computer), SCENARIO.relay_energy_j_per_byte)
    assert audit.found == []


def test_storage_is_what_was_taken_less_what_was_let_go(audit: check.Audit) -> None:
    check.check_storage(audit, COMPUTE.storage_bytes)
    assert audit.found == []


def test_links_draw_while_they_are_held(audit: check.Audit) -> None:
    check.check_link_power(audit, POWER_W, LASER.acquisition_s)
    assert audit.found == []


def test_satellites_are_chosen_by_what_was_heard(
    audit: check.Audit, request: pytest.FixtureRequest
) -> None:
    chosen = check.check_known(audit)
    assert audit.found == []
    assert (chosen > 0) == (LINKED in request.node.name)


def test_a_choice_by_what_nobody_heard_is_found(runs: dict[str, Path]) -> None:
    audit = check.read(runs[LINKED])
    audit.contacts = [one for one in audit.contacts if one["kind"] == "relay"]
    assert check.check_known(audit) > 0
    assert "knows what was not heard there" in " ".join(audit.found)


def test_the_linked_ring_passes_pixels_and_answers_on(runs: dict[str, Path]) -> None:
    moves = [move for _, move in check.read(runs[LINKED]).of("Move")]
    assert any(move["product"] == "raw" for move in moves)
    assert any(leg["kind"] == "crosslink" for move in moves for leg in move["legs"])


def test_the_auditor_finds_what_is_wrong(comparison: tuple[dict, Path]) -> None:
    audit = check.read(comparison[1] / "bent-pipe")
    _, move = audit.of("Move")[0]
    move["legs"][0]["t_end_s"] += 1e4
    audit.actions.append(audit.of("Close")[0])
    audit.jobs[0]["space_energy_j"] += 1.0
    audit.jobs[1]["wait_rule_s"] += 1.0
    check.check_legs(audit)
    check.check_jobs(audit)
    slow = [replace(one, antenna_turnaround_s=1e4) for one in SCENARIO.stations]
    check.check_equipment(audit, slow, LASER.terminals)
    check.check_job_energy(audit, POWER_W | stage_j(COMPUTER), SCENARIO.relay_energy_j_per_byte)
    check.check_storage(audit, 1.0)
    found = " ".join(audit.found)
    for fault in ("outside its window", "two at once", "ended twice", "had to have", "waits",
                  "J booked", "storage at"):  # fmt: skip
        assert fault in found
