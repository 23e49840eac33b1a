"""A part that a kernel has is called by another where it lies."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from perigrid.physics.compiled import kernel, part
from perigrid.physics.far_calls import address_of, call_at


@part
def weigh(values, factor, first, last):
    if last > len(values):
        raise ValueError("not so many")
    total = 0.0
    for k in range(first, last):
        total += factor * values[k]
    values[0] = -1.0
    return int(total)


where = address_of(weigh)


@kernel
def weigh_here(values, factor, first, last):
    if first < 0:
        return where(values, factor, first, last)
    return weigh(values, factor, first, last)


@kernel
def weigh_far(place, values, factor, first, last):
    return call_at(place, values, factor, first, last) + 1


def test_a_part_does_afar_what_it_does_here():
    here, far = np.arange(5.0), np.arange(5.0)
    place = weigh_here(here, 2.0, -1, 0)
    assert place != 0
    assert weigh_far(place, far, 2.0, 1, 4) == weigh_here(here, 2.0, 1, 4) + 1 == 13
    assert here.tolist() == far.tolist() == [-1.0, 1.0, 2.0, 3.0, 4.0]


def test_what_it_refuses_it_refuses_afar():
    values = np.arange(5.0)
    place = weigh_here(values, 2.0, -1, 0)
    with pytest.raises(ValueError, match="not so many"):
        weigh_far(place, values, 2.0, 1, 9)


def test_both_kernels_come_from_the_cache(tmp_path):
    (tmp_path / "far.py").write_text(
        textwrap.dedent(
            """
            from perigrid.physics.compiled import kernel, part
            from perigrid.physics.far_calls import address_of, call_at

            @part
            def summed(a, b, c, d):
                return a + b + c + d

            where = address_of(summed)

            @kernel
            def place(a, b, c, d):
                return where(a, b, c, d)

            @kernel
            def far(address, a, b, c, d):
                return call_at(address, a, b, c, d)

            print(far(place(1, 2, 3, 4), 1, 2, 3, 4), sum(far.stats.cache_hits.values()))
            """
        )
    )
    said = [
        subprocess.run(
            [sys.executable, tmp_path / "far.py"], capture_output=True, text=True, check=True
        ).stdout.split()
        for _ in range(2)
    ]
    assert said == [["10", "0"], ["10", "1"]]
