"""Scenario files in, frozen scenarios out: the only door for user input."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

from perigrid.base.errors import ScenarioError
from perigrid.scenario import library
from perigrid.scenario.ages import age_warnings, stale_findings
from perigrid.scenario.checks import check, refuse
from perigrid.scenario.convert import to_model
from perigrid.scenario.digest import scenario_digest
from perigrid.scenario.external import read_externals
from perigrid.scenario.files import MAX_SCENARIO_BYTES, read_text
from perigrid.scenario.idle import idle_in_flight, idle_keys, idle_warnings, that_count
from perigrid.scenario.known_names import known_findings
from perigrid.scenario.model import ElementSets, Scenario
from perigrid.scenario.node_names import name_findings, node_places
from perigrid.scenario.numbers import provenance_of
from perigrid.scenario.overrides import apply_overrides
from perigrid.scenario.plausible import doubts
from perigrid.scenario.problems import Place, did_you_mean, listed
from perigrid.scenario.schema.fields import Origin
from perigrid.scenario.tree import read_tree
from perigrid.scenario.validate import validate
from perigrid.scenario.vocabulary import Vocabulary

_SUFFIXES = (".yaml", ".yml")


def load_scenario(scenario: str, *, overrides: tuple[str, ...] = ()) -> Scenario:
    """Load a scenario by path or library name.

    Parameters
    ----------
    scenario : str
        Path of a YAML file, or a name of the library.
    overrides : tuple of str
        ``dotted.path=value`` changes, applied in order.

    Returns
    -------
    Scenario
        Complete, checked, in SI units.

    Raises
    ------
    InputError
        If anything is wrong with the file, an override, or a file it refers to; all problems of
        the first stage that fails (syntax, overrides, schema, relations, files) at once.
    ScenarioError
        If there is neither such a file nor such a name.
    """
    if scenario in library.names():
        text = library.read(scenario)
        return parse_scenario(text, scenario, folder=None, overrides=overrides)
    path = Path(scenario)
    if not _is_path(scenario, path):
        known = library.names()
        message = f"no file and no library scenario '{scenario}'{did_you_mean(scenario, known)}"
        remedy = f"the library has {listed(known)}; a path ends in .yaml"
        raise ScenarioError([Place(scenario).problem(message, remedy)])
    text = read_text(path, scenario, MAX_SCENARIO_BYTES, ScenarioError)
    return parse_scenario(text, scenario, folder=path.parent, overrides=overrides)


def _is_path(scenario: str, path: Path) -> bool:
    """Take for a path what looks like one or is there; a NUL byte cannot be looked up."""
    if "\0" in scenario or len(scenario) > 4096:
        return False
    try:
        there = path.exists()
    except OSError:
        there = False
    return there or path.suffix.lower() in _SUFFIXES or "/" in scenario or "\\" in scenario


def parse_scenario(
    text: str, path: str, *, folder: Path | None, overrides: tuple[str, ...] = ()
) -> Scenario:
    """Parse the text of a scenario.

    Parameters
    ----------
    text : str
        YAML 1.2.
    path : str
        The file's name in errors.
    folder : Path or None
        Where the relative paths in it start; None if it may refer to no file.
    overrides : tuple of str
        ``dotted.path=value`` changes, applied in order.

    Returns
    -------
    Scenario
        Complete, checked, in SI units.

    Raises
    ------
    InputError
        As in :func:`load_scenario`.
    """
    tree = read_tree(text, path)
    apply_overrides(tree, overrides)
    spec = validate(tree)
    check(spec, tree)
    fallback = Origin(f"given in {_short(path)} without a source", "", "assumed")
    externals = read_externals(spec, tree, text, folder, fallback)
    scenario = to_model(spec, externals, _portable(path))
    found = (
        name_findings(spec, scenario),
        known_findings(spec, Vocabulary.of(scenario)),
        stale_findings(spec, scenario),
    )
    refuse(itertools.chain(*found), tree)
    warnings = tuple(
        warning
        for group in scenario.groups
        if isinstance(group.orbit, ElementSets)
        for warning in age_warnings(group.name, group.orbit.elements, scenario.start)
    )
    idle = idle_keys(spec)
    warnings += idle_warnings(idle, spec, tree)
    in_flight = idle_warnings(idle_in_flight(spec), spec, tree, "for compute jobs")
    numbers = [*provenance_of(spec, tree, fallback), *externals.provenance]
    provenance = tuple(that_count(numbers, idle, spec))
    return dataclasses.replace(
        scenario,
        digest=scenario_digest(scenario),
        provenance=provenance,
        warnings=warnings + doubts(spec),
        flight_warnings=in_flight,
        node_places=tuple(node_places(spec, tree)),
    )


def _short(path: str) -> str:
    return Path(path).name


def _portable(path: str) -> str:
    """Keep a run folder free of the machine's own paths."""
    return _short(path) if Path(path).is_absolute() else path
