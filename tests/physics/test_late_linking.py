"""Parts that call parts: code of each once, the same results, and caches that hold all of it."""

import gc
import subprocess
import sys
import textwrap

import numba as nb
import pytest
from numba import extending

from perigrid.physics.compiled import KERNEL, part
from perigrid.physics.late_linking import PartCompiler


@part
def squared(a):
    return a * a


@part
def raised(a):
    return squared(squared(a)) + 1.0


@part
def raised_twice(a):
    return raised(raised(a)) - squared(a)


@nb.njit(**KERNEL)
def by_chain(a):
    return raised_twice(a) + squared(a)


def test_a_chain_of_parts_gives_what_it_gives_in_python():
    assert by_chain(1.5) == raised_twice(1.5) + squared(1.5)


def test_a_part_brings_what_it_calls_and_has_no_machine_code():
    compiled = nb.njit(pipeline_class=PartCompiler, no_cpython_wrapper=True)(raised_twice)
    compiled.compile((nb.float64,))
    library = compiled.overloads[nb.float64,].library
    assert library.get_pointer_to_function("anything") == 0
    names = [one.name for one in library._get_module_for_linking().functions]
    assert any("squared" in name for name in names)


def test_code_of_a_chain_is_found_in_the_cache_by_another_process(tmp_path):
    (tmp_path / "chain.py").write_text(
        textwrap.dedent(
            """
            from perigrid.physics.compiled import kernel, part

            @part
            def doubled(a):
                return a + a

            @part
            def quadrupled(a):
                return doubled(doubled(a))

            @kernel
            def run(a):
                return quadrupled(a) + doubled(a)

            print(run(3.0), sum(run.stats.cache_hits.values()))
            """
        )
    )
    said = [
        subprocess.run(
            [sys.executable, str(tmp_path / "chain.py")],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        for _ in range(2)
    ]
    assert said == [["18.0", "0"], ["18.0", "1"]]


@pytest.mark.parametrize("searches", [True, False])
def test_no_garbage_is_looked_for_while_a_kernel_is_compiled(searches):
    seen = []

    def raised_here(a):
        """Stand for what only the compiler sees."""

    @extending.overload(raised_here)
    def compiled_here(a):
        seen.append(gc.isenabled())
        return lambda a: a

    kernel = nb.njit(**KERNEL)(lambda a: raised_here(a))
    (gc.enable if searches else gc.disable)()
    try:
        kernel(1.0)
        assert gc.isenabled() is searches
    finally:
        gc.enable()
    assert set(seen) == {False}


def test_garbage_is_looked_for_again_where_a_kernel_cannot_be_compiled():
    kernel = nb.njit(**KERNEL)(lambda a: a + "text")
    with pytest.raises(nb.core.errors.TypingError):
        kernel(1.0)
    assert gc.isenabled()
