"""Parts run from Python as they are written, and inside kernels compiled."""

import math

import numba as nb
import pytest

from perigrid.physics.compiled import KERNEL, inlined_part, kernel, part

uncached = nb.njit(**KERNEL | {"cache": False})


@part
def quotient(a, b):
    return a / b


@inlined_part
def doubled(a):
    return 2.0 * a


@uncached
def both(a, b):
    return doubled(quotient(a, b))


def test_parts_give_the_same_from_python_and_in_a_kernel():
    assert both(3.0, 4.0) == doubled(quotient(3.0, 4.0)) == 1.5


def test_division_by_zero_is_numpys_only_when_compiled():
    assert both(1.0, 0.0) == math.inf
    with pytest.raises(ZeroDivisionError):
        quotient(1.0, 0.0)


def test_a_kernel_is_compiled_and_has_no_wrapper_for_c():
    assert kernel(lambda a: a + 1.0).targetoptions["no_cfunc_wrapper"]
    assert both.nopython_signatures
