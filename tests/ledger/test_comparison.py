"""What all parts of a comparison share; how it is verified stands in ``test_audit_folder``."""

from dataclasses import replace

import pytest

from ledger import small_run
from perigrid.ledger.comparison import Compared, checkpoint_of, compared_in, part_of
from perigrid.ledger.reading import read_record
from perigrid.ledger.source import Source

PART = Compared("ab" * 32, 7, 1.0, ("onboard", "orbital"), both=True)


def test_a_part_says_of_which_comparison_it_is_and_under_which_folder():
    part = PART.inside("without-rules").inside("orbital")
    folder, comparison = part_of(part.pins())
    assert folder == "without-rules/orbital"
    assert comparison == part_of(PART.pins())[1]
    assert comparison != part_of(replace(PART, seed=8).pins())[1]
    assert part_of({}) == part_of({"comparison": 7}) == ("", {})


def test_it_is_read_back_from_pins():
    assert compared_in(PART.inside("orbital").pins()) == PART.inside("orbital")
    assert compared_in({}) is None
    stated = PART.pins()["comparison"]
    for key, value in (("seed", "7"), ("hours", None), ("architectures", 3), ("more", 1)):
        assert compared_in({"comparison": stated | {key: value}}) is None


@pytest.mark.parametrize("again", [False, True])
def test_its_record_holds_the_state_of_every_run(tmp_path, again):
    folder = small_run.write_comparison(tmp_path / "c", replace(PART, both=False))
    if again:  # what an earlier attempt left is replaced
        small_run.reseal(folder, PART, ["onboard", "orbital"])
    pins, first, second, seal = read_record(folder / "ledger")
    assert pins["pins"]["architecture"] == "compare"
    for entry, name in ((first, "onboard"), (second, "orbital")):
        state = checkpoint_of(Source(name, folder / name))
        assert (entry["folder"], entry["origin"]) == (name, state.origin)
        assert (entry["size"], entry["root"]) == (state.size, state.root.hex())
    assert set(seal["files"]) == {"comparison.json", "manifest.json", "report.html"}
