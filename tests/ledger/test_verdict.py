from perigrid.ledger.verdict import Verdict, worst_first


def test_doubts_about_parts_are_doubts_about_the_whole_and_come_first():
    whole, good, bad = Verdict("c"), Verdict("c/good"), Verdict("c/bad")
    bad.doubt("jobs.parquet", "it was altered")
    bad.doubt("ledger/keys", "it was altered")
    assert [one.run for one in worst_first([whole, good, bad])] == ["c", "c/bad", "c/good"]
    assert not whole.ok
    assert (whole.doubts[0].where, whole.doubts[0].what) == (
        *("bad", "it is in doubt itself: 2 doubts, told below"),
    )


def test_without_doubts_the_order_stays():
    verdicts = [Verdict("c"), Verdict("c/b"), Verdict("c/a")]
    assert worst_first(verdicts) == verdicts
    assert worst_first([]) == []
