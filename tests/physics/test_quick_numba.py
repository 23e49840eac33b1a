"""What is put in the place of steps of Numba gives what they give."""

import numba as nb
import numpy as np
import pytest
from numba.core import compiler, itanium_mangler, targetconfig, types
from numba.experimental import structref

from perigrid.physics import quick_numba
from perigrid.physics.compiled import KERNEL


def flags(**changes):
    made = compiler.Flags()
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def test_options_are_the_same_that_say_the_same():
    assert targetconfig.TargetConfig.__eq__ is quick_numba._same_options
    default = compiler.Flags.options["release_gil"].default
    assert flags() == flags(release_gil=default)
    assert hash(flags()) == hash(flags(release_gil=default))
    assert flags() != flags(release_gil=not default)
    assert flags(release_gil=True) != flags(no_cfunc_wrapper=True)
    assert flags() != "flags"


def test_a_function_is_compiled_for_each_set_of_options():
    careful = nb.njit(error_model="python")(lambda a: 1.0 / a)
    quick = nb.njit(**KERNEL)(lambda a: 1.0 / a)
    assert quick(0.0) == np.inf
    with pytest.raises(ZeroDivisionError):
        careful(0.0)


@structref.register
class Pair(types.StructRef):
    """Two values."""


def test_the_payload_of_a_structure_is_that_of_its_fields():
    whole, halves = Pair([("a", types.int64)]), Pair([("a", types.float64)])
    assert whole.get_data_type().field_dict == {"a": types.int64}
    assert halves.get_data_type().field_dict == {"a": types.float64}
    assert whole.get_data_type() is Pair([("a", types.int64)]).get_data_type()


@nb.njit(**KERNEL)
def put(target, count, source):
    target[:count] = source


def test_an_array_of_another_shape_is_not_put_in():
    target = np.zeros(4)
    put(target, 2, np.array([3.0, 4.0]))
    put(target, 1, np.array([5.0]))
    assert target.tolist() == [5.0, 4.0, 0.0, 0.0]
    with pytest.raises(ValueError, match="has another shape"):
        put(target, 3, np.ones(2))


def test_names_of_machine_code_are_short_and_one_for_each_type():
    many, more = ([(f"field_{k}", types.int64) for k in range(n)] for n in (99, 100))
    names = [itanium_mangler.mangle("f", [Pair(fields), types.int64]) for fields in (many, more)]
    assert len(set(names)) == 2
    assert max(map(len, names)) < 120
    assert names[0] == itanium_mangler.mangle("f", [Pair(many), types.int64])
    assert itanium_mangler.mangle("f", [types.int64, types.float64]) == "_Z1fxd"
