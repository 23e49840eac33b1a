"""Whether a report, and what a comparison says its rules cost, is what its folder leads to."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from perigrid.base.errors import RunFolderError
from perigrid.ledger.audit_folder import COMPARISON, WITHOUT_RULES
from perigrid.ledger.comparison import compared_in
from perigrid.ledger.source import Source
from perigrid.ledger.table_file import understood
from perigrid.ledger.verdict import Verdict
from perigrid.report.html import html_report

_GOVERNANCE: Final = "governance"
REPORT: Final = "report.html"


def check_report(verdict: Verdict, source: Source) -> None:
    """Make a report anew that was written later, and compare it byte for byte.

    Parameters
    ----------
    verdict : Verdict
        Of a run or comparison; takes the doubt, or that the report is what it should be. Only
        what is not in doubt itself says what a report should be.
    source : Source
        What is verified; the run is it, or a folder in it.
    """
    if source.folder is None or not verdict.ok or REPORT not in verdict.uncovered:
        return
    folder = source.folder / verdict.run.removeprefix(source.label).strip("/")
    try:
        what = _differs(folder)
    except RunFolderError:  # of a flight there is none: it stays a file that nothing covers
        return
    verdict.uncovered.remove(REPORT)
    if what:
        verdict.doubt(REPORT, what)
    else:
        verdict.shown.append(_THE_SAME)


def check_whole(verdict: Verdict, source: Source) -> None:
    """Work out anew what a comparison says besides the figures of its runs.

    Whoever has the keys can sign any report and any cost of rules.

    Parameters
    ----------
    verdict : Verdict
        Of a comparison; takes the doubts, or what was shown. Its runs and itself are in no doubt.
    source : Source
        Folder or bundle of the comparison.

    Raises
    ------
    RunFolderError
        If what stands there means nothing.
    """
    stated, part = source.json(COMPARISON), compared_in(verdict.pins)
    names = part.architectures if part is not None and part.both and not part.folder else ()
    with _on_disk(source) as folder, understood(source.label):
        if stated.get(_GOVERNANCE, {}) != _costs(folder, names):
            what = f"{_GOVERNANCE} is not what comes of the runs with the rules and without them"
            verdict.doubt(COMPARISON, what)
        if not source.has(REPORT):
            return
        if what := _differs(folder):
            verdict.doubt(REPORT, what)
        elif _THE_SAME not in verdict.shown:
            verdict.shown.append(_THE_SAME)


_THE_SAME: Final = f"{REPORT} is, byte for byte, what the files beside it lead to"


def _differs(folder: Path) -> str:
    """Say that a report is another one than its folder leads to; nothing if it is the same."""
    page = html_report(folder).encode()
    if Source(str(folder), folder).read(REPORT) == page:
        return ""
    what = "it is not what the files beside it lead to: altered, or of another version"
    return f"{what}; perigrid report writes it anew"


def _costs(folder: Path, names: Iterable[str]) -> object:
    """Give what the rules cost by architecture that was flown both ways, as JSON values."""
    from perigrid.sim.impact import governance_cost  # noqa: PLC0415  plain verifying flies nothing

    free = folder / WITHOUT_RULES
    costs = {name: governance_cost(folder / name, free / name) for name in names}
    return json.loads(json.dumps(costs))


@contextmanager
def _on_disk(source: Source) -> Iterator[Path]:
    """Give the folder of a comparison, a passing one for a bundle."""
    if source.folder is not None:
        yield source.folder
        return
    with tempfile.TemporaryDirectory(prefix="perigrid-bundle-") as scratch:
        for name, content in source.contents.items():  # plain names, each once
            place = Path(scratch) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        yield Path(scratch)
