import pytest

from perigrid.base.errors import RunFolderError
from perigrid.report.manifest import parse_manifest
from tests.report.conftest import NODES, PLACES, manifest


def test_keeps_every_number_with_its_origin():
    parsed = parse_manifest(manifest("relay", "A title"))
    assert len(parsed.provenance) == 40
    assert {row.confidence for row in parsed.provenance} == {
        "measured", "published", "derived", "assumed"
    }  # fmt: skip


def test_knows_the_nodes_and_where_the_ground_ones_are():
    parsed = parse_manifest(manifest("relay", "A title"))
    assert parsed.nodes == NODES
    assert [place.name for place in parsed.places] == [name for name, *_ in PLACES]


def test_a_command_given_as_words_is_joined():
    record = manifest("relay", "A title") | {"command": ["perigrid", "run", "x"]}
    assert parse_manifest(record).command == "perigrid run x"


def test_flights_of_versions_with_other_tables_are_refused():
    with pytest.raises(RunFolderError, match="earlier version, which wrote other tables"):
        parse_manifest({"architecture": "fly"})


def test_what_was_served_stands_in_it():
    record = manifest("relay", "A title")
    assert parse_manifest(record).workload == "imagery"
    assert parse_manifest(record | {"workload": "batch"}).workload == "batch"
