from dataclasses import replace

from perigrid.base.jobs import Job
from perigrid.control.act_facts import evidence_of
from perigrid.control.track import Track

JOB = Job(0, 3, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0, 0)


def test_a_job_is_unplaced_until_it_leaves_or_a_stage_is_done() -> None:
    track = Track(JOB, 3)
    assert track.is_unplaced
    track.holder = 4
    assert not track.is_unplaced
    track.holder, track.results = 3, {"screen": 0.1}
    assert not track.is_unplaced
    track.results, track.history.stay = {}, True
    assert not track.is_unplaced


def test_evidence_is_that_of_what_is_known_now() -> None:
    track = Track(JOB, 3)
    seen = [track.evidence()]
    assert track.evidence() is seen[0]
    track.results["screen"] = 0.25
    seen.append(track.evidence())
    track.results["screen"] = 0.5
    seen.append(track.evidence())
    track.results["classify"] = None
    seen.append(track.evidence())
    track.job = replace(JOB, raw_bytes=2.0)
    seen.append(track.evidence())
    assert len(set(seen)) == len(seen)
    assert seen[-1] == evidence_of(track.job, track.results)
    track.job, track.results = JOB, {}
    assert track.evidence() == seen[0]
