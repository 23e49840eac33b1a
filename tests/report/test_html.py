import html
import json
import re
from html.parser import HTMLParser

import pytest

from perigrid.base.errors import RunFolderError
from perigrid.report.html import MAX_BYTES, html_report, write_report
from perigrid.report.words import count, duration, energy, share, size
from tests.report.conftest import ARCHITECTURES

VOID = {"meta", "br", "input"}


class Page(HTMLParser):
    """Collects tags and attributes, and checks that every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open = [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(comparison_dir):
    return html_report(comparison_dir)


@pytest.fixture(scope="module")
def words(page):
    """The words a reader sees, with plain spaces."""
    visible = re.sub(r"<(style|script)>.*?</\1>", " ", page, flags=re.DOTALL)
    plain = html.unescape(re.sub(r"<[^>]+>", " ", visible)).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", plain)


def test_every_element_is_closed(page):
    assert len(Page(page).tags) > 100


def test_loads_nothing_from_anywhere(page):
    for tag, attributes in Page(page).tags:
        assert tag not in {"link", "img", "iframe", "object", "base", "form"}
        assert "src" not in attributes
        for name in ("href", "xlink:href", "action", "poster"):
            assert (attributes.get(name) or "#").startswith("#"), (tag, attributes)
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


def test_is_small(page):
    assert len(page.encode()) < MAX_BYTES


def test_a_busy_run_stays_small(make_comparison):
    folder = make_comparison(n_jobs=20_000, step_s=60.0)
    assert len(html_report(folder).encode()) < MAX_BYTES


def test_same_folder_gives_the_same_bytes(comparison_dir, page, tmp_path):
    written = write_report(comparison_dir, tmp_path / "report.html")
    assert written.read_bytes() == page.encode()


def test_shows_the_figures_of_every_architecture(words, comparison_record):
    for name, entry in comparison_record["architectures"].items():
        assert name in words
        times = entry["time_to_insight_s"]
        shown = [
            count(entry["insights_delivered"]),
            count(entry["in_flight"]),
            *(duration(times[key]) for key in ("p50_all", "p50", "p95", "mean")),
            *(size(amount) for amount in entry["bytes"].values() if amount),
            *(energy(amount) for amount in entry["energy_j_per_insight"].values()),
            *(share(part) for part in entry["binding"].values()),
        ]
        for cell in shown:
            assert f" {cell} " in words, (name, cell)


def test_draws_every_architecture(page):
    for name in ARCHITECTURES:
        assert page.count(f'aria-label="Map of observations, {name}:') == 1
        assert f'aria-label="{name}: sunlight' in page


def test_pictures_have_words_and_tables_have_headers(page):
    tags = Page(page).tags
    for tag, attributes in tags:
        if tag == "svg" and attributes.get("aria-hidden") != "true":
            assert attributes["role"] == "img"
            assert len(attributes["aria-label"]) > 20
        if tag == "th":
            assert attributes["scope"] in {"col", "row", "rowgroup"}
    assert page.count("<caption>") == page.count("<table")


def test_says_how_to_reproduce(words, comparison_dir):
    manifest = json.loads((comparison_dir / "relay" / "manifest.json").read_text())
    for text in (manifest["command"], manifest["digest"], "earliest-arrival", "seed 7"):
        assert text in words
    for name in ARCHITECTURES:
        lines = (comparison_dir / name / "ledger" / "record.jsonl").read_text().splitlines()
        assert json.loads(lines[-1])["hash"] in words


def test_lists_sources_and_counts_confidence(page, words):
    assert words.count("no figure is public; typical of the class") == 10
    assert "10 assumed 10 derived 10 published 10 measured" in words
    assert "https://example.invalid/a?b=1&amp;c=2" in page


def test_warns_of_old_elements(words):
    assert "elements of SCS-01 L are 5.4 days old" in words
    assert "oldest 5.4 d" in words


def test_hostile_words_are_shown_and_not_run(make_comparison):
    title = '</title><script>alert("1")</script>{{ 7*7 }}<img src=x onerror=y>'
    page = html_report(make_comparison(title=title, n_jobs=70, step_s=3600.0))
    assert Page(page).tags
    assert "<script>alert" not in page
    assert "<img" not in page
    assert page.count("<script>") == 1
    assert "{{ 7*7 }}" in page


def test_a_single_run_has_a_report_too(comparison_dir):
    page = html_report(comparison_dir / "orbital")
    assert "Map of observations, orbital" in page
    assert "Map of observations, relay" not in page


def test_a_folder_that_contradicts_itself_is_refused(make_comparison):
    folder = make_comparison(n_jobs=70, step_s=3600.0)
    place = folder / "comparison.json"
    record = json.loads(place.read_text())
    record["architectures"]["relay"]["insights_delivered"] += 1
    place.write_text(json.dumps(record))
    with pytest.raises(RunFolderError, match="delivered insights"):
        html_report(folder)


def test_every_table_that_may_be_cut_can_be_scrolled_and_has_a_name(comparison_dir):
    page = html_report(comparison_dir)
    regions = re.findall(r'<div class="scroll"[^>]*>', page)
    assert len(regions) == page.count("<table")
    assert all('tabindex="0" role="region" aria-label="' in region for region in regions)
    assert ".scroll.cut::before" in page


def test_numbers_stand_by_section(comparison_dir):
    page = html_report(comparison_dir)
    assert page.count('<tr class="section">') > 1
    assert 'colspan="5" scope="rowgroup"' in page


def test_a_flight_of_compute_jobs_has_a_report_in_its_own_words(flight_dir):
    page = html_report(flight_dir)
    assert len(page.encode()) < MAX_BYTES
    assert page == html_report(flight_dir)
    assert "1,500 jobs in 0.5 h" in page
    assert "time from request to answer" in page
    assert "Map of jobs, orbital" in page
    assert "Light, battery, heat and compute" in page
    assert 'href="#detector"' not in page
    told = page[page.index("<body>") : page.index('<section id="assumptions">')]
    for word in ("insight", "shutter", "scene", "observ", "detector", "cloud"):
        assert word not in told.lower(), word
