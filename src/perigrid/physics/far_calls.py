"""A part of one kernel that another calls where it lies, so that it is compiled once for both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

# Numba has no types to speak of.
_types: Any = types
_cgutils: Any = cgutils


def address_of(function: Callable[..., Any]) -> Any:  # noqa: ANN401  see above
    """Make what gives the address of a part that takes four arguments.

    Parameters
    ----------
    function : callable
        A part.

    Returns
    -------
    intrinsic
        In a kernel, given arguments for the part: where the code for arguments of these types lies.
        It is there as long as the kernel is.
    """

    def type_address(context: Any, one: Any, two: Any, three: Any, four: Any) -> Any:  # noqa: ANN401
        arguments = one, two, three, four
        known = context.resolve_value_type(function)
        inner = known.get_call_type(context, arguments, {})

        def put(target: Any, builder: Any, _signature: Any, _values: Any) -> Any:  # noqa: ANN401
            call, convention = target.get_function(known, inner), target.call_conv
            target.add_linking_libs(getattr(call, "libs", ()))
            kind = convention.get_function_type(inner.return_type, inner.args)
            name = builder.module.get_unique_name(f"{builder.function.name}.far")
            entry = ir.Function(builder.module, kind, name)
            names = [f"a{k}" for k in range(len(inner.args))]
            convention.decorate_function(entry, names, inner.args, noalias=False)
            inside = ir.IRBuilder(entry.append_basic_block("entry"))
            packed = target.get_arg_packer(inner.args)
            values = packed.from_arguments(inside, convention.get_arguments(entry))
            convention.return_value(inside, call(inside, values))
            return builder.ptrtoint(entry, target.get_value_type(_types.intp))

        return _types.intp(*arguments), put

    return intrinsic(type_address)


def _call_at(_context: Any, address: Any, one: Any, two: Any, three: Any, four: Any) -> Any:  # noqa: ANN401
    """Call a part where it lies; it returns an integer.

    Parameters
    ----------
    address : int
        From :func:`address_of`, for arguments of the same types.
    one, two, three, four
        Arguments of the part.

    Returns
    -------
    int
        What the part returns.
    """

    def put(target: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401
        convention, kinds = target.call_conv, signature.args[1:]
        kind = convention.get_function_type(signature.return_type, kinds)
        entry = builder.inttoptr(values[0], kind.as_pointer())
        status, found = convention.call_function(
            builder, entry, signature.return_type, kinds, values[1:]
        )
        with _cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return found

    return _types.int64(address, one, two, three, four), put


call_at: Any = intrinsic(_call_at)
