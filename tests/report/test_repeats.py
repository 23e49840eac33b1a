"""Repeats are told once, with their number and span; all else stays as it is."""

from __future__ import annotations

from perigrid.report.repeats import told_once
from perigrid.report.steps import Step


def wait(t_s: float, why: str = "away", lasts_s: float = 60.0) -> Step:
    return Step(t_s, f"waits: {why}", "wait", (), why, t_s + lasts_s)


def refused(t_s: float) -> Step:
    return Step(t_s, "refused: stop", "decide", again="stop", until_s=t_s)


def other(t_s: float) -> Step:
    return Step(t_s, "sent", "send")


def test_a_job_that_looks_every_minute_says_so_once():
    told = list(told_once([other(0.0), *(wait(60.0 * k) for k in range(1, 6)), other(360.0)]))
    assert [step.words for step in told] == ["sent", "waits: away (5 times within 5 min)", "sent"]
    assert [step.t_s for step in told] == [0.0, 60.0, 360.0]
    assert told[1].until_s == 360.0


def test_other_reasons_and_other_alternatives_are_other_steps():
    lone = [wait(0.0), wait(60.0, "quarantine"), Step(120.0, "waits: away", "wait", None, "away")]
    assert list(told_once(lone)) == lone


def test_what_happens_between_parts_them():
    steps = [wait(0.0), other(60.0), wait(61.0)]
    assert list(told_once(steps)) == steps


def test_a_refusal_and_the_wait_after_it_repeat_together():
    steps = [step for k in range(4) for step in (refused(60.0 * k), wait(60.0 * k))]
    words = [step.words for step in told_once(steps)]
    assert words == [
        "refused: stop (4 times within 3 min)",
        "waits: away (4 times within 4 min)",
    ]
