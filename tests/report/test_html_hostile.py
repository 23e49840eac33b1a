"""Whatever the texts of a run folder hold, the page shows it and obeys none of it."""

import json
import re
import unicodedata
from html import escape

import polars as pl
import pytest

from perigrid.base.shown import printable
from perigrid.report.html import html_report
from tests.report.conftest import ARCHITECTURES, write_comparison
from tests.report.test_html import Page

MARK = (
    "</title></style></script><script>alert(1)</script><img src=x onerror=y>\" onload='z' &lt;"
    "{{ 7*7 }}]]>--><!--\x00\x07\x1b[2J\x9b\u202e\u2066\u2028\u200b\ufeff\ud7ff"
)
MEANT = {"start", "architecture", "confidence", "role", "outcome"}
"""Fields whose words mean something to the reader; anything else there is refused."""
OWN = {*ARCHITECTURES, "cloud", ""}

AREA = "Saimaa"


def spoilt(text):
    """Add the mark, before the number of a scene."""
    name, blank, number = text.rpartition(" ")
    if name == AREA:
        return name + MARK + blank + number
    return text if text in OWN else text + MARK


def spoil(value, key=""):
    """Add markup and controls to every text below, names in keys included."""
    if isinstance(value, dict):
        named = key in {"element_age_s", "versions", "detector", "denied", "asked",
                        "missed_by", "provenance"}  # fmt: skip
        return {spoilt(one) if named else one: spoil(item, one) for one, item in value.items()}
    if isinstance(value, list):
        return [spoil(item, key) for item in value]
    return spoilt(value) if isinstance(value, str) and key not in MEANT else value


def governed(name):
    figures = {"delivered": 9, "energy_j": 1.0, "energy_j_per_insight": 1.0, "bytes": {},
               "time_to_insight_s": {"p50": 1.0, "p90": 2.0}}  # fmt: skip
    times = {"p50": 1.0, "p90": 2.0}
    approvals = {"asked": 1, "granted": 1, "refused": 0, "expired": 0}
    return {
        "with": figures, "without": figures, "lost": 0, "gained": 0, "lost_by": {},
        "added_s": times, "approvals": {**approvals, "answer_s": times, "age_s": times},
        "denied": {f"no-raw-{name}": 1}, "asked": {f"hand-{name}": 1},
    }  # fmt: skip


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The same comparison with harmless texts, and with a mark at the end of each."""
    folder = write_comparison(tmp_path_factory.mktemp("c") / "c", n_jobs=60, step_s=3600.0)
    place = folder / "comparison.json"
    record = json.loads(place.read_text())
    record["governance"] = {name: governed(name) for name in ARCHITECTURES}
    place.write_text(json.dumps(record))
    for name in ARCHITECTURES:
        jobs = folder / name / "jobs.parquet"
        scenes = (pl.int_range(pl.len()) % 3 + 1).cast(pl.String)
        named = pl.concat_str(pl.lit(f"{AREA} "), scenes).alias("place")
        pl.read_parquet(jobs).with_columns(named).write_parquet(jobs)
    clean = html_report(folder)
    for path in folder.rglob("*.json"):
        path.write_text(json.dumps(spoil(json.loads(path.read_text()))))
    for path in folder.rglob("*.parquet"):
        table = pl.read_parquet(path)
        columns = [one for one in table.columns if table[one].dtype == pl.String]
        words = [pl.col(one).map_elements(spoilt, pl.String) for one in columns if one not in MEANT]
        table.with_columns(words).write_parquet(path)
    return clean, html_report(folder)


def skeleton(page):
    """Elements with their attributes, but for labels: a long name finds no room on a map."""
    return [(tag, sorted(names)) for tag, names in Page(page).tags if tag != "text"]


def test_no_text_adds_an_element_or_an_attribute(pages):
    clean, hostile = pages
    assert len(hostile) > len(clean) + 100 * len(MARK)
    assert skeleton(hostile) == skeleton(clean)
    assert hostile.count("<script>") == clean.count("<script>") == 1
    assert hostile.count("<!--") == clean.count("<!--")


def test_no_control_and_no_mark_of_direction_gets_through(pages):
    _, hostile = pages
    odd = {one for one in hostile if unicodedata.category(one) in {"Cc", "Cf", "Zl", "Zp", "Cs"}}
    assert odd <= {"\n"}


SHOWN = (
    "Three-Body: a day of SCS-01", "three-body", "Twelve computing satellites photograph",
    "earliest-arrival", "--seed 7", "0.1.0", "SCS-01 L", "Sanya", "Hitra", "Hangzhou", "Saimaa",
    "5.4 days old at the start", "no figure is public", "2026-05-14", "field_7", " Wh",
    "s2cloudless", "detector", "contact", "no-raw-relay", "hand-onboard", "precision",
)  # fmt: skip


@pytest.mark.parametrize("words", SHOWN)
def test_the_text_is_there_written_out(pages, words):
    _, hostile = pages
    told = escape(printable(MARK, lines=True), quote=False)[:40]
    found = re.search(re.escape(words) + r"[^<]{0,60}" + re.escape(told), hostile)
    assert found, words
