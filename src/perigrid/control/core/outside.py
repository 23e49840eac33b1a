"""What leaves the compiled core: questions that only Python can answer, each a call.

People, their orders, grants and schedulers of others are not compiled. Where the core comes to them
it asks, and goes on with the answer; it waits as long as that takes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Any, Final, Protocol

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from perigrid.control.core.messages import Table
from perigrid.control.core.shared import Shared
from perigrid.control.core.state import Core, Longs
from perigrid.physics.compiled import part

FAILED: Final = -1
"""In place of an answer: there was none, and the flight ends with the error."""
ADDRESS, BROKEN = 0, 1
"""Places in ``outside`` of a core: whom to ask, and whether an answer failed."""


class Question(IntEnum):
    """What is asked."""

    JUDGE = 0  # may the decision of this row be? A Judged
    ANSWERED = 1  # what do the answers of people about this job lead to? A Heard
    REPEAT = 2  # write what they approved into this row
    TOLD = 3  # take in the event of this number among those that are certain from the start
    EXPIRED = 4  # note that the authority for this job's step expired
    USED = 5  # charge a grant for what was computed: (job * stages + stage) * nodes + node
    CLOSED = 6  # give back what this job did not use of a grant
    ASSIGN = 7  # say which of so many jobs that wait takes which start of a satellite
    TOGETHER = 9  # ask people about all acts of the instant that wait for them, from this row on
    CHOOSE = 8  # have a scheduler of somebody else answer so many jobs that ask


class Judged(IntEnum):
    """What was said of a decision; its verdict stands in its row."""

    DONE = 0  # it may be; or people are asked, and the row is the request
    ENDED = 1  # refused for good
    HELD = 2  # refused until the row's ``until_s``
    NOT_LENT = 3  # no grant holds a way to another operator's computer
    RESERVED = 4  # people are asked about it, with the like of other jobs


class Heard(IntEnum):
    """What answers of people lead to."""

    ANEW = 0  # the next step is planned anew
    MOVE = 1  # the same move is planned again, or the same stage begun
    COMPUTE = 2
    OVER = 3  # the job ends: more by the place of the words among those spoken


Answers = Mapping[Question, Callable[[int], int]]

# Numba has no types to speak of.
_types: Any = types
_intrinsic: Any = intrinsic
_CALLED: Any = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)


class Host(Protocol):
    """Has answers, and sees what it is asked about."""

    outside: Outside

    @property
    def answers(self) -> Answers:
        """By question."""


class Outside:
    """Answers the questions of a core.

    Parameters
    ----------
    answers : mapping
        By question: takes its row, gives 0 or more.

    Notes
    -----
    What the core works on is to be seen and changed while it waits: :meth:`see` says where.
    """

    core: Core
    decisions: Table
    legs: Table
    others: Table
    filled: Longs

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._failure: BaseException | None = None
        self._called = _CALLED(self._answer)

    def see(self, core: Core, decisions: Table, legs: Table, others: Table, filled: Longs) -> None:
        """Take note of what the core works on, and have it ask here.

        Parameters
        ----------
        core : Core
            Its ``outside`` is filled in.
        decisions, legs, others, filled
            The tables of decisions, as :func:`perigrid.control.core.shared.shared` takes them.
        """
        self.core, self.decisions, self.legs, self.others = core, decisions, legs, others
        self.filled = filled
        address = ctypes.cast(self._called, ctypes.c_void_p).value
        core.outside[ADDRESS], core.outside[BROKEN] = address or 0, 0

    def _answer(self, question: int, row: int) -> int:
        try:
            return self._answers[Question(question)](row)
        except BaseException as failure:  # noqa: BLE001  it is raised behind the kernel
            self._failure = failure
            return FAILED

    def raise_failure(self) -> None:
        """Raise what an answer failed with, if one did."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure


def outside_of(*hosts: Host) -> Outside:
    """Let a core ask some hosts.

    Parameters
    ----------
    *hosts : Host
        Their ``outside`` is set.

    Returns
    -------
    Outside
        With the answers of all.
    """
    answers = {question: answer for host in hosts for question, answer in host.answers.items()}
    outside = Outside(answers)
    for host in hosts:
        host.outside = outside
    return outside


@_intrinsic
def _call(typing_context: object, address: object, question: object, row: object) -> Any:  # noqa: ANN401, ARG001
    """Call a function of C by its address."""
    signature = _types.int64(_types.int64, _types.int64, _types.int64)

    def generate(context: object, builder: Any, signature: object, given: Any) -> Any:  # noqa: ANN401, ARG001
        number = ir.IntType(64)
        called = ir.FunctionType(number, [number, number]).as_pointer()
        return builder.call(builder.inttoptr(given[0], called), given[1:])

    return signature, generate


@part
def ask_outside(c: Shared, question: int, row: int) -> int:
    """Ask Python.

    Parameters
    ----------
    c : Shared
        Its tables may be read and changed by the answer.
    question, row : int
        Of :class:`Question`, and what it is about.

    Returns
    -------
    int
        The answer; ``FAILED`` if there was none, nobody is there, or an earlier one failed.
    """
    if c.outside[BROKEN] != 0 or c.outside[ADDRESS] == 0:
        c.outside[BROKEN] = 1
        return FAILED
    said = _call(c.outside[ADDRESS], question, row)
    if said == FAILED:
        c.outside[BROKEN] = 1
    return int(said)
