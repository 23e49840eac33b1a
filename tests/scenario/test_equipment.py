"""Equipment is written out where a scenario leaves it to the schema, and nowhere else."""

from __future__ import annotations

import dataclasses

from perigrid.scenario.equipment import with_equipment
from perigrid.scenario.load import parse_scenario
from scenario_inputs import MINIMAL, changed


def meaning(text: str) -> object:
    return dataclasses.replace(parse_scenario(text, "mini.yaml", folder=None), digest="")


def test_nothing_that_the_text_says_is_changed_and_nothing_changes_its_meaning() -> None:
    full = with_equipment(MINIMAL.replace("    battery: {capacity_wh: 300}\n", ""))
    assert meaning(full) == meaning(MINIMAL.replace("    battery: {capacity_wh: 300}\n", ""))
    kept = [line for line in full.splitlines() if line in MINIMAL.splitlines()]
    assert kept == [line for line in MINIMAL.splitlines() if "battery" not in line]


def test_a_part_that_is_given_in_part_is_completed_after_what_it_has() -> None:
    text = changed(
        MINIMAL, "    battery: {capacity_wh: 300}\n", "    battery:\n      capacity_wh: 300\n"
    )
    full = with_equipment(text)
    assert meaning(full) == meaning(text)
    block = full[full.index("    battery:") :].splitlines()
    assert block[1] == "      capacity_wh: 300"
    assert block[3].startswith("      min_soc: {value: 0.3, ")
    assert full.count("capacity_wh:") == 1


def test_what_is_taken_away_stays_away() -> None:
    text = changed(MINIMAL, "    battery: {capacity_wh: 300}\n", "    laser: null\n")
    full = with_equipment(text)
    assert "laser: null" in full
    assert "aperture_cm" not in full
    assert meaning(full) == meaning(text)


def test_written_out_twice_is_written_out_once() -> None:
    once = with_equipment(MINIMAL.replace("    battery: {capacity_wh: 300}\n", ""))
    assert with_equipment(once) == once


def test_of_a_scenario_with_jobs_only_what_a_flight_reads_is_written_out() -> None:
    full = with_equipment(MINIMAL + "jobs: {count: 10}\n")
    assert "max_rate_gbps: {" in full
    for unread in ("radio:", "sensor:", "mass_kg:", "aperture_cm:"):
        assert unread not in full
        assert unread in with_equipment(MINIMAL)
