"""The ``policies`` folder of a scenario, read as text; the policy gate parses what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from perigrid.base.errors import InputError, Problem, ScenarioError
from perigrid.scenario.files import read_text
from perigrid.scenario.model import PolicyFile
from perigrid.scenario.problems import Place

MAX_POLICY_BYTES: Final = 1_000_000
"""A thousand policies of ten lines are about 300 kB."""

MAX_POLICY_FILES: Final = 100
_SUFFIXES: Final = (".cedar", ".json")
_PROSE: Final = (".md", ".txt", ".rst", ".pdf", ".cedarschema")
_PROSE_NAMES: Final = ("readme", "license", "licence", "notice")
"""What may lie beside policies; any other file is thought to be one with a slip in its name."""


def read_policy_folder(folder: Path | None, name: str, place: Place) -> tuple[PolicyFile, ...]:
    """Read every ``*.cedar`` and ``*.json`` of a folder.

    Parameters
    ----------
    folder : Path or None
        Where relative paths start; None for a library scenario.
    name : str
        The folder as the scenario names it.
    place : Place
        Of the key, for errors.

    Returns
    -------
    tuple of PolicyFile
        Sorted by name, which is the folder's and the file's.

    Raises
    ------
    ScenarioError
        If there is no such folder, no policy in it, or a file cannot be read.
    """
    if folder is None:
        raise ScenarioError([place.problem("a library scenario has no files", "use rules")])
    try:
        found = sorted((folder / name).iterdir())
    except (OSError, ValueError) as error:
        message = f"{name}: {getattr(error, 'strerror', None) or error}"
        remedy = "name a folder of *.cedar files, relative to the scenario"
        raise ScenarioError([place.problem(message, remedy, "policies")]) from error
    strangers = [path.name for path in found if _is_meant(path)]
    if strangers:
        message = f"{name}: {strangers[0]!r} looks like a policy and would not be read"
        remedy = "end its name in .cedar or .json, or take it out of the folder"
        raise ScenarioError([place.problem(message, remedy, "policies")])
    chosen = [path for path in found if path.suffix in _SUFFIXES]
    if not any(path.suffix == ".cedar" for path in chosen):
        message = f"{name}: no *.cedar file in it"
        raise ScenarioError([place.problem(message, "add one, or remove the key", "policies")])
    if len(chosen) > MAX_POLICY_FILES:
        message = f"{name}: {len(chosen)} files; at most {MAX_POLICY_FILES} are read"
        raise ScenarioError([place.problem(message, "join some of them", "policies")])
    return _read_all(chosen, name)


def _is_meant(path: Path) -> bool:
    """Whether a file is not read though somebody may take it for a policy."""
    name = path.name
    hidden_or_prose = name.startswith(".") or path.suffix.lower() in _PROSE
    known = path.suffix in _SUFFIXES or name.casefold() in _PROSE_NAMES
    if known:
        return False
    return not hidden_or_prose or any(word in name.casefold() for word in ("ceda", "json"))


def _read_all(paths: list[Path], folder: str) -> tuple[PolicyFile, ...]:
    files: list[PolicyFile] = []
    problems: list[Problem] = []
    for path in paths:
        shown = f"{folder.rstrip('/')}/{path.name}"
        try:
            text = read_text(path, shown, MAX_POLICY_BYTES, ScenarioError)
        except InputError as error:
            problems += error.problems
        else:
            files.append(PolicyFile(shown, text))
    if problems:
        raise ScenarioError(problems)
    return tuple(files)
