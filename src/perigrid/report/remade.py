"""Whether a report that no ledger covers is the one that its folder leads to."""

from __future__ import annotations

from typing import Final

from perigrid.base.errors import RunFolderError
from perigrid.ledger.source import Source
from perigrid.ledger.verdict import Verdict
from perigrid.report.html import html_report

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
        page = html_report(folder).encode()
    except RunFolderError:  # of a flight there is none: it stays a file that nothing covers
        return
    verdict.uncovered.remove(REPORT)
    if Source(verdict.run, folder).read(REPORT) == page:
        verdict.shown.append(f"{REPORT} is, byte for byte, what the files beside it lead to")
    else:
        what = "it is not what the files beside it lead to: altered, or of another version"
        verdict.doubt(REPORT, f"{what}; perigrid report writes it anew")
