from perigrid.cli.audit_verdict import SHOWN, document, text
from perigrid.ledger.verdict import Verdict


def test_the_worst_stands_first():
    verdict = Verdict("run", records=3, logs={"ground": 3}, uncovered=["slides.html"])
    verdict.gaps.append("a gap")
    verdict.shown.append("something")
    assert text(verdict, None).splitlines() == [
        "run: verified, but for one file that no ledger covers",
        "  not covered by any ledger: slides.html",
        "  something",
        "  3 records in one log",
        "  gap: a gap",
    ]
    verdict.doubt("jobs.parquet", "altered")
    said = text(verdict, None).splitlines()
    assert said[:2] == ["run: NOT VERIFIED: one doubt", "  doubt: jobs.parquet: altered"]
    told = document(verdict, None)
    assert list(told)[:4] == ["run", "ok", "doubts", "uncovered"]
    assert not told["ok"]


def test_many_are_cut_short_and_nothing_commands_the_terminal():
    verdict = Verdict("run")
    for number in range(SHOWN + 2):
        verdict.doubt(f"file {number}", "\x1b[2Jaltered\nrun: verified")
        verdict.uncovered.append(f"other {number}")
    said = text(verdict, None)
    assert "and 2 more doubts; --json has all" in said
    assert "and 2 more files; --json has all" in said
    assert "\x1b" not in said
    assert "\nrun: verified" not in said
