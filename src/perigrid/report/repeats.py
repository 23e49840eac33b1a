"""Steps of a job that say the same again and again, told once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from perigrid.report.steps import Step
from perigrid.report.words import exact_duration


def told_once(steps: Iterable[Step]) -> Iterator[Step]:
    """Tell steps that repeat, with nothing else between them, as one with a count and the span.

    Parameters
    ----------
    steps : iterable of Step
        In order of time.

    Yields
    ------
    Step
        As they are, but for repeats. A job that looks every minute whether its node is back, or
        whether a stop was lifted, has one line for each thing it is told every time.
    """
    run: dict[object, list[Step]] = {}
    for step in steps:
        if not step.again:
            yield from map(_as_one, run.values())
            run = {}
            yield step
        else:
            run.setdefault((step.again, step.alternatives), []).append(step)
    yield from map(_as_one, run.values())


def _as_one(same: list[Step]) -> Step:
    first, last = same[0], same[-1]
    if len(same) == 1:
        return first
    span = exact_duration(last.until_s - first.t_s)
    words = f"{first.words} ({len(same)} times within {span})"
    return replace(first, words=words, until_s=last.until_s)
