import math
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from perigrid.base.errors import InputError
from perigrid.validation.catalogue import CASES, run

REFERENCES = ("skyfield", "satkit", "astropy", "networkx", "sgp4", "brahe", "erfa")


@cache
def cases_of(name):
    """Work each case out once for all tests of this module."""
    return CASES[name]()


@pytest.mark.validation
@pytest.mark.parametrize("name", list(CASES))
def test_every_case_is_within_its_tolerance_or_known_to_miss_it(name, monkeypatch):
    # The cases must run where only the package's own requirements are installed.
    for reference in REFERENCES:
        monkeypatch.setitem(sys.modules, reference, None)
    cases = cases_of(name)
    assert cases
    for case in cases:
        told = f"{case.case}: {case.ours} against {case.published} {case.unit}"
        assert case.passed != case.known_miss, told
        assert not case.known_miss or "missed by" in case.note
        assert case.source
        assert case.note.startswith(("tolerance", "published as a range"))
        assert math.isfinite(case.tolerance)


def test_names_of_cases_are_unique():
    names = [case.case for name in CASES for case in cases_of(name)]
    assert len(names) == len(set(names))


def test_the_readme_counts_every_figure():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (told,) = re.findall(r"`perigrid validate`: (\d+) published figures", readme)
    assert int(told) == sum(len(cases_of(name)) for name in CASES)


def test_run_keeps_the_order_asked_for():
    cases = run(["link-budget", "array-white-paper"])
    assert cases[0].case.startswith("telescope gain")
    assert cases[-1].case.startswith("side of a 5 GW array")


def test_unknown_name_is_a_mistake_of_the_user():
    with pytest.raises(InputError, match="no validation case 'moon'") as caught:
        run(["moon", "link-budget"])
    assert "link-budget" in str(caught.value)


def test_catalogue_imports_no_reference_library():
    check = (
        "import sys, perigrid.validation.catalogue;"
        f"sys.exit(any(name in sys.modules for name in {REFERENCES}))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
