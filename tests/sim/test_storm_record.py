"""One order of what happened and was decided, from the tables of a run."""

from __future__ import annotations

from pathlib import Path

from flights import table
from perigrid.base.architecture import ORBITAL
from perigrid.ledger.tables import RUN_LEGS
from perigrid.sim.run import simulate
from perigrid.sim.storm_record import told
from perigrid.sim.world import build_world
from storms import storm

LEG = ("contact", "t_start_s", "t_end_s", "t_arrival_s", "nbytes")


def test_events_and_decisions_are_told_in_one_order(tmp_path: Path) -> None:
    world = build_world(storm("seed=3"))
    simulate(world, ORBITAL, tmp_path)
    names = world.fleet.names
    entries = told(tmp_path, names)
    assert [one["t_s"] for one in entries] == sorted(one["t_s"] for one in entries)
    events = [event for one in entries for event in one.get("events", ())]
    actions = [row["action"] for one in entries for row in one.get("decisions", ())]
    tables = {name: table(tmp_path, name) for name in ("events", "actions", "legs")}
    assert [one["type"] for one in events] == tables["events"]["kind"].to_list()
    assert [one["type"].lower() for one in actions] == tables["actions"]["kind"].to_list()
    legs = [leg for one in actions for leg in one["legs"]]
    assert set(LEG) < set(RUN_LEGS)
    for name in LEG:
        assert [leg[name] for leg in legs] == tables["legs"][name].to_list()
    assert [names[leg["source"]] for leg in legs] == tables["legs"]["source"].to_list()
    heard, counts = 0, []
    for entry in entries:
        heard += "events" in entry
        if "decisions" in entry:
            counts.append(heard)
    assert counts == tables["actions"]["heard"].to_list(), "each behind all that it heard"
