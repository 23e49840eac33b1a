import pytest

from perigrid.report.facts import Comparison
from perigrid.report.figures.bars import binding_bars, outcome_bars, stacked_bars


def test_every_bar_is_whole(comparison_record):
    architectures = Comparison.of(comparison_record).architectures
    for bars in (binding_bars(architectures), outcome_bars(architectures)):
        for bar in bars:
            assert sum(segment.part for segment in bar.segments) == pytest.approx(1.0)


def test_outcomes_tell_screened_from_missed(comparison_record):
    names = [
        segment.name
        for segment in outcome_bars(Comparison.of(comparison_record).architectures)[0].segments
    ]
    assert names == ["delivered", "screened out", "missed: contact", "in flight"]


def test_the_picture_is_told_in_words_too(comparison_record):
    architectures = Comparison.of(comparison_record).architectures
    made = stacked_bars(binding_bars(architectures), "Shares.")
    assert 'aria-label="Shares. bent-pipe: contact 70 %, link 28 %, compute 2 %.' in made


def test_nothing_to_share_out():
    assert "<svg" not in stacked_bars([], "Shares.")
