"""Moves that were found before others were booked are timed anew when they are issued."""

from __future__ import annotations

from pathlib import Path

import pytest

from core_cases import CROSS, DOWN, GROUND, JOB, core, jobs_of, told
from perigrid.base.architecture import ORBITAL
from perigrid.base.jobs import Cause
from perigrid.base.messages import Captured, Move, Wait
from perigrid.base.registry import SCHEDULERS
from plug_ins import install

SENDING_S = 0.8
EAGER = """
from perigrid.base.jobs import Product
from perigrid.base.messages import Move


class Mine:
    weighs_places = True

    def choose(self, ready, freed, belief, outlook):
        moves = []
        for one in ready:
            way = belief.reached(one.job, one.node)[1]
            number = one.job.job_id
            moves.append(Move(number, Product.RAW, one.node, 1, way.legs, "all at once"))
        return moves
"""


def controller(end_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A scheduler that gives the same link to all that ask in the same instant."""
    install(tmp_path / "site", monkeypatch, SCHEDULERS, "mine", "Mine", EAGER)
    jobs = jobs_of(JOB, JOB, JOB)
    rows = [(CROSS, 0, 1, 0.0, end_s), (DOWN, 1, GROUND, 0.0, 9000.0)]
    made = core(ORBITAL, jobs, rows, scheduler="mine")
    return made, told(made, *(Captured(10.0, job) for job in jobs))


def test_legs_found_for_one_time_are_sent_one_after_the_other(tmp_path, monkeypatch) -> None:
    _, moves = controller(9000.0, tmp_path, monkeypatch)
    begin_s = [move.legs[0].t_start_s for move in moves]
    assert begin_s == pytest.approx([10.0, 10.0 + SENDING_S, 10.0 + 2 * SENDING_S])
    for move in moves:
        (leg,) = move.legs
        assert leg.t_end_s - leg.t_start_s == pytest.approx(SENDING_S)
        assert leg.t_arrival_s == pytest.approx(leg.t_end_s + 0.005)
        assert leg.t_ready_s == 10.0


def test_what_fits_no_more_asks_again(tmp_path, monkeypatch) -> None:
    _, actions = controller(11.7, tmp_path, monkeypatch)
    assert [type(one) for one in actions] == [Move, Move, Wait]
    last = actions[2]
    assert (last.until_s, last.cause) == (11.0, Cause.LINK)
    assert last.reason == "its link was just given to another scene"
