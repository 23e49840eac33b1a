"""A new scenario from a library one, with its JSON Schema beside it."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Final

from perigrid.base.errors import ScenarioError
from perigrid.scenario import library
from perigrid.scenario.equipment import with_equipment
from perigrid.scenario.json_schema import EDITOR_LINE, FILE_NAME, json_schema_text
from perigrid.scenario.problems import Place

SCENARIO_NAME: Final = "scenario.yaml"

_HEAD = """\
{editor}
#
# Made from the library scenario `{template}`. Units stand in the keys. A number is plain
#     capacity_wh: 1000
# or says where it is from
#     capacity_wh: {{value: 1000, source: "data sheet", date: 2026-08-22, confidence: measured}}
# with confidence measured, published, derived or assumed; `source`, `date` and `confidence` of a
# section hold for the plain numbers in it. What is left out takes the default of the schema. What
# most people change of a satellite is written out; with a number change its source, or cut it.
#
#     perigrid check {file}
#     perigrid plan {file}
#     perigrid {fly} {file}
"""


def init(directory: str, template: str = "three-body") -> tuple[Path, Path]:
    """Write a scenario and its JSON Schema into a folder.

    Parameters
    ----------
    directory : str
        Folder, made if it is not there.
    template : str
        Name of a library scenario.

    Returns
    -------
    tuple of Path
        The scenario and the schema.

    Raises
    ------
    ScenarioError
        If there is no such template, a file is there already, or the folder cannot be written;
        then nothing was changed.
    """
    text = template_text(template)
    folder = Path(directory)
    contents = {folder / SCENARIO_NAME: text, folder / FILE_NAME: json_schema_text()}
    problems = [
        Place(str(path)).problem("is there already", "choose another folder, or move it away")
        for path in contents
        if os.path.lexists(path)
    ]
    if problems:
        raise ScenarioError(problems)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in contents.items():
            write_new(path, content)
    except (OSError, ValueError) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        problem = Place(directory).problem(f"cannot be written: {reason}", "choose another folder")
        raise ScenarioError([problem]) from failure
    return folder / SCENARIO_NAME, folder / FILE_NAME


def template_text(template: str) -> str:
    """Compose the content of a new scenario.

    Parameters
    ----------
    template : str
        Name of a library scenario.

    Returns
    -------
    str
        YAML with an editor line and instructions.
    """
    body = re.sub(r"\A(#.*\n)+\n?", "", library.read(template))
    fly = "fly" if re.search(r"^jobs:", body, re.MULTILINE) else "compare"
    head = _HEAD.format(editor=EDITOR_LINE, template=template, file=SCENARIO_NAME, fly=fly)
    return head + "\n" + with_equipment(body)


def write_new(path: Path, content: str) -> None:
    """Write a file that is not there yet, whole or not at all.

    Parameters
    ----------
    path : Path
        Where.
    content : str
        What.

    Raises
    ------
    FileExistsError
        If somebody else was faster.

    Notes
    -----
    The text goes to a temporary file of the same folder, which is then linked to its name: unlike
    a rename, a link never replaces a file that came to be there in the meantime.
    """
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(scratch).chmod(0o644)
        _link(Path(scratch), path)
    finally:
        Path(scratch).unlink(missing_ok=True)


def _link(scratch: Path, path: Path) -> None:
    """Give the finished file its name; rename where the file system has no hard links."""
    try:
        path.hardlink_to(scratch)
    except FileExistsError:
        raise
    except OSError:
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is there already") from None
        scratch.rename(path)
