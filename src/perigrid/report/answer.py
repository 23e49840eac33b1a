"""The answer in one sentence, computed from the figures: what orbit wins, and where it loses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from perigrid.report.facts import ArchitectureFacts, Comparison
from perigrid.report.words import count, duration, energy, listing, more, share, size

_FIRST: Final = ("orbital", "onboard", "bent-pipe")
"""Those that speak for computing in orbit and on the ground, where they took part."""

_NOTICEABLE: Final = 1.01
"""Below one percent of difference two figures count as equal."""

_SMALL: Final = 0.01
"""Crosslink traffic below this part of the bytes saved is not worth a clause."""


def answer_sentence(comparison: Comparison | Mapping[str, Any]) -> str:
    """Say what the comparison found, with the losses of orbit next to its gains.

    Parameters
    ----------
    comparison : Comparison or mapping
        The figures, or the record in ``comparison.json``.

    Returns
    -------
    str
        One sentence per finding, in a single line.
    """
    return " ".join(findings(Comparison.of(comparison)))


def findings(figures: Comparison) -> list[str]:
    """List the sentences of the answer.

    Parameters
    ----------
    figures : Comparison
        The figures.

    Returns
    -------
    list of str
        Times, insights if they differ, bytes to the ground, energy if orbit saves some, where
        orbit loses, where satellites ran out of energy.
    """
    if not figures.observations:
        return ["Nothing was observed, so there is nothing to compare."]
    parts = [
        _times(figures),
        _groups(figures),
        _delivered(figures),
        _bytes_down(figures),
        _thrift(figures),
    ]
    parts += [_losses(figures), _lacking(figures), _outside(figures)]
    return [part for part in parts if part]


# Medians, fastest first.
def _times(figures: Comparison) -> str:
    terms = figures.terms
    timed = [facts for facts in figures.architectures if not math.isnan(facts.median_s)]
    if not timed:
        return f"No {terms.answer} was delivered from {count(figures.observations)} {terms.jobs}."
    timed.sort(key=lambda facts: facts.median_s)
    spoken = [f"{facts.name} {_median(facts)}" for facts in timed]
    silent = [facts.name for facts in figures.architectures if facts not in timed]
    tail = f"; {listing(silent)} delivered nothing" if silent else ""
    return f"From {terms.begin} to {terms.answer}, at the median: {', '.join(spoken)}{tail}."


def _median(facts: ArchitectureFacts) -> str:
    if facts.median_s == math.inf:
        return "more than half still waiting at the end"
    return duration(facts.median_s, 2)


# Where a median says little: some came at once, the others much later.
def _groups(figures: Comparison) -> str:
    spoken = [
        f"{facts.name} {share(facts.quick_share)} within {duration(facts.quick_s, 2)} "
        f"and the later ones after {duration(facts.rest_s, 2)}"
        for facts in figures.architectures
        if facts.in_two_groups
    ]
    return f"In two groups, with few in between: {'; '.join(spoken)}." if spoken else ""


# Counts of insights, only when they differ: medians of unequal sets mislead alone.
def _delivered(figures: Comparison) -> str:
    counts = [facts.delivered for facts in figures.architectures]
    if not any(counts):
        return ""
    if max(counts) <= min(counts) * _NOTICEABLE and len(counts) > 1:
        return ""
    spoken = [f"{facts.name} {count(facts.delivered)}" for facts in figures.architectures]
    terms = figures.terms
    from_what = f"{terms.answers.capitalize()} from {count(figures.observations)} {terms.jobs}"
    return f"{from_what}: {', '.join(spoken)}."


# Bytes to the ground, the best of orbit against the traditional way.
def _bytes_down(figures: Comparison) -> str:
    orbit, ground = _first(_orbit(figures)), _first(_ground(figures))
    if orbit is None or ground is None or not (orbit.delivered and ground.delivered):
        return ""
    if ground.ground_bytes <= 0.0:
        return ""
    part = orbit.ground_bytes / ground.ground_bytes
    word = "fewer" if part <= 1.0 else "more"
    times = share(1.0 - part) if part <= 1.0 else more(part)
    said = f"{_begin(orbit.name)} sent {times} {word} bytes to the ground than {ground.name}"
    between = orbit.link_bytes["crosslink"]
    if between > _SMALL * ground.ground_bytes:
        said += f", and moved {size(between, 2)} between satellites"
    return f"{said}."


# Energy, if the thriftier way of computing in orbit takes less than the better ground way.
def _thrift(figures: Comparison) -> str:
    flown = _orbit(figures)
    orbit = min((facts for facts in flown if _energy(facts) > 0.0), key=_energy, default=None)
    rivals = _ground(figures)
    best = min((facts for facts in rivals if _energy(facts) > 0.0), key=_energy, default=None)
    if orbit is None or best is None or not _energy(orbit) * _NOTICEABLE < _energy(best):
        return ""
    part = share(1.0 - _energy(orbit) / _energy(best))
    name = _begin(orbit.name)
    return (
        f"{name} spent {part} less energy on each {figures.terms.answer} than {best.name}, "
        "idle power aside."
    )


# Computers beyond what they survive: the run goes on, a mission would not.
def _outside(figures: Comparison) -> str:
    hot = [facts for facts in figures.architectures if facts.outside_temperature_s > 0.0]
    if not hot:
        return ""
    spoken = [f"{duration(facts.outside_temperature_s, 2)} in {facts.name}" for facts in hot]
    return (
        "Computers were hotter or colder than they survive, summed over satellites: "
        f"{listing(spoken)}."
    )


# Satellites at the floor of their batteries: their payload was off.
def _lacking(figures: Comparison) -> str:
    short = [facts for facts in figures.architectures if facts.ran_short]
    if not short:
        return ""
    spoken = [f"{energy(facts.unserved_j, 3)} in {facts.name}" for facts in short]
    return f"Satellites ran out of energy: {listing(spoken)} could not be served."


# Where computing in orbit is worse than the better of the ground architectures.
def _losses(figures: Comparison) -> str:
    orbit = _first(_orbit(figures))
    rivals = [facts for facts in _ground(figures) if facts.delivered]
    if orbit is None or not rivals:
        return ""
    late, terms = "longer at the 95th percentile", figures.terms
    found = [
        _slower(orbit, rivals, terms.wanted)
        or _worse(orbit, rivals, lambda facts: facts.p95_s, "takes", late),
        _worse(orbit, rivals, _energy, "uses", f"more energy per {terms.answer}"),
        _fewer(orbit, rivals, terms.answers),
    ]
    losses = [loss for loss in found if loss]
    if not losses:
        ways = ("neither" if len(rivals) == 2 else "no") + " ground way"
        lost = f"loses to {ways}" if len(rivals) > 1 else f"does not lose to {rivals[0].name}"
        said = listing(_compared(orbit, rivals, terms.answers))
        return f"On {said}, {orbit.name} {lost}; cost and carbon are not counted here."
    return f"Where orbit loses: {orbit.name} {listing(losses)}."


# What both sides have a figure of.
def _compared(orbit: ArchitectureFacts, rivals: list[ArchitectureFacts], answers: str) -> list[str]:
    timed = math.isfinite(orbit.median_s)  # of a rival without, half had not come at the end
    spent = _energy(orbit) > 0.0 and any(_energy(facts) > 0.0 for facts in rivals)
    named = (("time", timed), ("energy", spent), (f"{answers} delivered", True))
    return [name for name, is_known in named if is_known]


# The median of orbit beside the best; one that has none, with half still waiting, has lost.
def _slower(orbit: ArchitectureFacts, rivals: list[ArchitectureFacts], wanted: str) -> str:
    best = min(rivals, key=lambda facts: facts.median_s)
    if orbit.median_s == math.inf > best.median_s:
        took = f"{best.name} took {duration(best.median_s, 2)} at the median"
        return f"has more than half of its {wanted} still waiting at the end, where {took},"
    return _worse(orbit, rivals, lambda facts: facts.median_s, "takes", "longer at the median")


# How far a figure that should be small is above the best rival's; empty if it is not.
def _worse(
    orbit: ArchitectureFacts,
    rivals: list[ArchitectureFacts],
    figure: Callable[[ArchitectureFacts], float],
    verb: str,
    comparative: str,
) -> str:
    able = [facts for facts in rivals if figure(facts) > 0.0]
    if not able or not math.isfinite(figure(orbit)):
        return ""
    best = min(able, key=figure)
    times = figure(orbit) / figure(best)
    if times <= _NOTICEABLE:
        return ""
    return f"{verb} {more(times)} {comparative} than {best.name}"


def _fewer(orbit: ArchitectureFacts, rivals: list[ArchitectureFacts], answers: str) -> str:
    best = max(rivals, key=lambda facts: facts.delivered)
    if orbit.delivered * _NOTICEABLE >= best.delivered:
        return ""
    part = share(1.0 - orbit.delivered / best.delivered)
    return f"delivers {part} fewer {answers} than {best.name}"


def _energy(facts: ArchitectureFacts) -> float:
    return facts.energy_j.get("total", math.nan)


def _orbit(figures: Comparison) -> list[ArchitectureFacts]:
    return [facts for facts in figures.architectures if facts.in_orbit]


def _ground(figures: Comparison) -> list[ArchitectureFacts]:
    return [facts for facts in figures.architectures if facts.composed and not facts.in_orbit]


def _first(flown: list[ArchitectureFacts]) -> ArchitectureFacts | None:
    """Choose the one that speaks for all of a kind."""
    rank = {name: place for place, name in enumerate(_FIRST)}
    return min(flown, key=lambda facts: rank.get(facts.name, len(rank)), default=None)


def _begin(name: str) -> str:
    return name[:1].upper() + name[1:]
