"""Numbers by section, the least certain first."""

from perigrid.base.provenance import Provenance
from perigrid.report.origins import by_section, natural, section_of


def one(key, confidence):
    return Provenance(key, 1.0, "1", "somewhere", "2026-11-22", confidence)


ROWS = [
    one("hours", "assumed"),
    one("groups.a.battery.cells_10", "assumed"),
    one("groups.a.battery.cells_2", "assumed"),
    one("groups.a.battery.mass", "published"),
    one("stations.10.g", "derived"),
    one("stations.2.g", "derived"),
]


def test_the_least_certain_and_among_them_the_fullest_section_first():
    found = by_section(ROWS, 100)
    assert [(section.name, section.confidence) for section in found] == [
        ("groups.a.battery", "assumed"),
        ("scenario", "assumed"),
        ("stations.2", "derived"),
        ("stations.10", "derived"),
        ("groups.a.battery", "published"),
    ]


def test_numbers_in_keys_count_as_numbers():
    assert [row.key[-2:] for row in by_section(ROWS, 100)[0].rows] == ["_2", "10"]
    assert sorted(["b10", "b9", "a"], key=natural) == ["a", "b9", "b10"]


def test_no_more_than_asked_for_is_kept():
    found = by_section(ROWS, 3)
    assert sum(len(section.rows) for section in found) == 3
    assert by_section([], 5) == []


def test_a_section_is_all_but_the_last_step():
    assert section_of("groups.a.battery.mass") == "groups.a.battery"
    assert section_of("hours") == "scenario"
