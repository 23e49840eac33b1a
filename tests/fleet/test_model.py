"""Looking things up in a fleet."""

from missions import COMPUTER, SCENARIO
from perigrid.fleet.build import build_fleet
from perigrid.fleet.model import NodeKind


def test_rows_are_those_of_the_kind_and_cover_the_fleet():
    fleet = build_fleet(SCENARIO)
    rows = [fleet.rows(kind).tolist() for kind in NodeKind]
    assert sorted(row for some in rows for row in some) == list(range(len(fleet.names)))
    assert fleet.rows(NodeKind.SATELLITE).tolist() == list(range(fleet.n_satellites))


def test_only_satellites_and_data_centres_compute():
    fleet = build_fleet(SCENARIO)
    assert fleet.computer(0) == COMPUTER
    for row in fleet.rows(NodeKind.DATA_CENTRE):
        assert fleet.computer(int(row)) is fleet.data_centres[int(row)].computer
    for kind in (NodeKind.RELAY, NodeKind.STATION, NodeKind.GATEWAY):
        assert all(fleet.computer(int(row)) is None for row in fleet.rows(kind))
