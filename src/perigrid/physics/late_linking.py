"""Parts of kernels are put together, optimised and turned into machine code once: in the kernel.

Numba does all three for every function anew, with all that it calls: a chain of parts is compiled
at each of its links. What is kept of a part here is its own code, as the compiler's intermediate
form; a kernel links what it calls, directly or not, and optimises it together.
"""

from __future__ import annotations

import gc
from typing import Any

from llvmlite import binding
from numba.core import codegen, compiler

# Numba has no types to speak of.
_library: Any = codegen.JITCodeLibrary
_compiler: Any = compiler.Compiler


class _Codegen:
    """A code generator for what never runs by itself."""

    def __init__(self, plain: Any) -> None:  # noqa: ANN401  see above
        self._plain = plain

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  see above
        return getattr(self._plain, name)

    def set_env(self, env_name: str, env: object) -> None:
        """Do nothing: there is no machine code yet that would use it."""


class _PartLibrary(_library):  # type: ignore[misc]
    """Code of one part, without that of the parts that it calls."""

    _shared_module: Any

    @property
    def codegen(self) -> _Codegen:
        """Where libraries are made."""
        return _Codegen(self._codegen)

    def enable_object_caching(self) -> None:
        """Do nothing: kernels are cached."""

    def get_pointer_to_function(self, name: str) -> int:  # noqa: ARG002  Numba's own interface
        """Give no pointer: a part is called from kernels alone."""
        self._ensure_finalized()
        return 0

    def _optimize_functions(self, ll_module: Any) -> None:  # noqa: ANN401  see above
        """Optimise the part alone: once for all, and not what it only names, as Numba does."""
        ll_module.data_layout = self._codegen._data_layout  # noqa: SLF001  as Numba does
        passes, builder = self._codegen._function_pass_manager()  # noqa: SLF001
        for function in ll_module.functions:
            if not function.is_declaration:
                passes.run(function, builder)

    def finalize(self) -> None:
        """End without linking or optimising."""
        self._raise_if_finalized()
        self._finalize_dynamic_globals()
        self._finalized = True

    def _get_module_for_linking(self) -> Any:  # noqa: ANN401  see above
        """Put the part and all that it calls together."""
        if self._shared_module is None:
            whole = self._final_module.clone()
            for library in self._called({}):
                whole.link_in(_to_link(library), preserve=True)
            for function in whole.functions:
                if not function.is_declaration and function.linkage == binding.Linkage.external:
                    function.linkage = "linkonce_odr"
            self._shared_module = whole
        return self._shared_module

    def _called(self, found: dict[Any, None]) -> dict[Any, None]:
        """List the libraries of all that is called, each once."""
        for library in self._linking_libraries:
            if library not in found:
                found[library] = None
                self._reload_init.update(library._reload_init)  # noqa: SLF001  as Numba does
                if isinstance(library, _PartLibrary):
                    library._called(found)  # noqa: SLF001  one of these
        return found


def _to_link(library: Any) -> Any:  # noqa: ANN401  see above
    """Give a library's own code, which other copies may replace."""
    if not isinstance(library, _PartLibrary):
        return library._get_module_for_linking()  # noqa: SLF001  as Numba's libraries do
    module = library._final_module.clone()  # noqa: SLF001  one of these
    for function in module.functions:
        if not function.is_declaration and function.linkage == binding.Linkage.external:
            function.linkage = "linkonce_odr"
    return module


class KernelCompiler(_compiler):  # type: ignore[misc]
    """Compiles a kernel and its parts with no search for garbage.

    Nearly all of the millions of objects that it makes live until it ends, and a tenth of the time
    went into finding that out.
    """

    def compile_extra(self, function: Any) -> Any:  # noqa: ANN401  see above
        """Compile a function, as Numba does."""
        searches = gc.isenabled()
        gc.disable()
        try:
            return super().compile_extra(function)
        finally:
            if searches:
                gc.enable()


class PartCompiler(_compiler):  # type: ignore[misc]
    """Compiles a part up to the point where kernels take it."""

    def define_pipelines(self) -> Any:  # noqa: ANN401  see above
        """Give the usual passes a library of this kind."""
        state = self.state
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()
