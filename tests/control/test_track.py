import math
from dataclasses import replace

from perigrid.base.jobs import Job, StageName
from perigrid.control.act_facts import evidence_of
from perigrid.control.track import Track

JOB = Job(0, 3, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0, 0)


def test_what_was_seen_is_told_until_the_last_stage() -> None:
    track = Track(JOB, 3)
    assert track.seen == ""
    track.done, track.cloud_seen = StageName.SCREEN, 0.25
    assert track.seen == "the detector saw 25% cloud: worth classifying"
    track.done = StageName.CLASSIFY
    assert track.seen == ""


def test_nothing_is_cloudy_before_the_detector_ran() -> None:
    track = Track(JOB, 3)
    assert math.isnan(track.cloud_seen)
    assert not track.is_cloudy(0.7)
    track.cloud_seen = 0.7
    assert not track.is_cloudy(0.7)
    track.cloud_seen = 0.71
    assert track.is_cloudy(0.7)


def test_evidence_is_that_of_what_is_known_now() -> None:
    track = Track(JOB, 3)
    seen = [track.evidence()]
    assert track.evidence() is seen[0]
    track.done = StageName.SCREEN
    seen.append(track.evidence())
    track.cloud_seen = 0.25
    seen.append(track.evidence())
    track.cloud_seen = 0.5
    seen.append(track.evidence())
    track.job = replace(JOB, raw_bytes=2.0)
    seen.append(track.evidence())
    assert len(set(seen)) == len(seen)
    assert seen[-1] == evidence_of(track.job, track.done, track.cloud_seen)
    track.job, track.cloud_seen, track.done = JOB, math.nan, None
    assert track.evidence() == seen[0]
