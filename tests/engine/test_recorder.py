"""What is written of a log and of telemetry, and what stays."""

import numpy as np
import polars as pl

from perigrid.base.architecture import RELAY
from perigrid.base.messages import Verdict
from perigrid.control.core.messages import ActionKind
from perigrid.engine.parts import PartWriter
from perigrid.engine.recorder import Recorder
from perigrid.engine.state import Count, Filled
from perigrid.ledger.leaf import RECORD, parse_line
from perigrid.ledger.merkle import root
from tests.engine.plain import built


class Plainly:
    """Every decision by default."""

    def reasons(self, decisions, legs):
        return ["so"] * len(decisions)

    def verdicts(self, decisions):
        return [Verdict("allow", "default", "why not")] * len(decisions)

    def whys(self, others):
        return ["late"] * len(others)

    def said(self):
        return [Verdict("allow", "default", "why not")]

    def news(self):
        return None


def recorder_of(world, folder):
    parts = PartWriter(folder, {"architecture": "x"})
    stages = world.scenario.pipeline.names
    return Recorder(parts, world.fleet, world.outlook, world.outlook.t_s, stages, Plainly())


def fill(w, decisions, events, left):
    w.log.decisions["kind"] = ActionKind.CLOSE
    w.log.filled[:] = decisions, 0, 0, events + left, 0
    w.counts[Count.OLD_EVENTS], w.counts[Count.OLD_DECISIONS] = events, decisions


def test_an_instant_that_waits_for_its_decisions_stays_in_the_log(world, tmp_path):
    w, recorder = built(world, RELAY), recorder_of(world, tmp_path)
    w.log.events["job"] = np.arange(len(w.log.events))
    fill(w, 3, 5, 2)
    recorder.write_log(w)
    assert w.log.filled.tolist() == [0, 0, 0, 2, 0]
    assert w.log.events["job"][:2].tolist() == [5, 6]
    assert not w.counts[[Count.OLD_EVENTS, Count.OLD_DECISIONS]].any()
    fill(w, 4, 2, 0)
    recorder.write_log(w)
    events = pl.read_parquet(sorted((tmp_path / "events").iterdir()))
    assert events["job_id"].to_list() == [0, 1, 2, 3, 4, 5, 6]
    actions = pl.read_parquet(sorted((tmp_path / "actions").iterdir()))
    assert actions["decision"].to_list() == list(range(7))
    assert actions["sequence"].to_list() == [2, 2, 2, 5, 5, 5, 5], "records of the parts"
    assert not (tmp_path / "legs").exists(), "there were none"
    recorder.parts.record.close()


def test_the_root_of_decisions_is_entered_once_and_before_their_part(world, tmp_path):
    w, recorder = built(world, RELAY), recorder_of(world, tmp_path)
    w.log.leaves[:] = np.random.default_rng(0).integers(0, 256, w.log.leaves.shape)
    fill(w, 3, 5, 0)
    recorder.commit(w)
    recorder.commit(w)
    w.log.filled[Filled.DECISIONS] = w.counts[Count.OLD_DECISIONS] = 7
    roots = [root(map(bytes, w.log.leaves[rows])).hex() for rows in (slice(3), slice(3, 7))]
    recorder.write_log(w)
    recorder.parts.record.close()
    lines = (tmp_path / RECORD).read_bytes().splitlines()
    entries = [parse_line(line).entry for line in lines[1:]]
    assert [one["kind"] for one in entries] == ["batch", "batch", "part", "part"]
    assert [(one["first"], one["rows"], one["root"]) for one in entries[:2]] == [
        (0, 3, roots[0]), (3, 4, roots[1]),
    ]  # fmt: skip
    assert not w.counts[Count.COMMITTED]


def test_telemetry_goes_on_where_it_was_written(world, tmp_path):
    w, recorder = built(world, RELAY), recorder_of(world, tmp_path)
    for steps in (4, 0, 3):
        w.telemetry[:] = steps
        w.counts[Count.TOLD] = steps
        recorder.write_telemetry(w)
        assert w.counts[Count.TOLD] == 0
    told = pl.read_parquet(sorted((tmp_path / "telemetry").iterdir()))
    assert told["t_s"].unique().sort().to_list() == w.t_s[1:8].tolist()
    assert recorder.state()["parts"] == 2
    assert w.log.filled[Filled.EVENTS] == 0
    recorder.parts.record.close()
