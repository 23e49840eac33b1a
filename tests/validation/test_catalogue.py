import math
import subprocess
import sys

import pytest

from perigrid.base.errors import InputError
from perigrid.validation.catalogue import CASES, run


@pytest.mark.validation
@pytest.mark.parametrize("name", list(CASES))
def test_every_case_is_within_its_tolerance(name):
    cases = CASES[name]()
    assert cases
    for case in cases:
        assert case.passed, f"{case.case}: {case.ours} against {case.published} {case.unit}"
        assert case.source
        assert case.note.startswith(("tolerance", "published as a range"))
        assert math.isfinite(case.tolerance)


def test_names_of_cases_are_unique():
    names = [case.case for case in run([])]
    assert len(names) == len(set(names))


def test_run_keeps_the_order_asked_for():
    cases = run(["link-budget", "array-white-paper"])
    assert cases[0].case.startswith("telescope gain")
    assert cases[-1].case.startswith("side of a 5 GW array")


def test_unknown_name_is_a_mistake_of_the_user():
    with pytest.raises(InputError, match="no validation case 'moon'") as caught:
        run(["moon", "link-budget"])
    assert "link-budget" in str(caught.value)


def test_catalogue_imports_no_reference_library():
    # The cases must run where only the package's own requirements are installed.
    check = (
        "import sys, perigrid.validation.catalogue as c; c.run([]);"
        "sys.exit(any(m in sys.modules for m in ('skyfield', 'satkit', 'astropy', 'networkx')))"
    )
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
