import sys

import pytest

from perigrid.base.errors import WorkError
from perigrid.benchmark.development import development_module


def test_a_library_is_imported():
    assert development_module("json.decoder") is sys.modules["json.decoder"]


@pytest.mark.parametrize(
    ("module", "package", "named"),
    [("sgp4.api", "", "sgp4"), ("orbital_compute", "orbital-compute", "orbital-compute")],
)
def test_without_it_the_benchmark_says_what_to_install(monkeypatch, module, package, named):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(WorkError, match=rf"needs {named}: pip install 'perigrid\[dev\]'"):
        development_module(module, package)
