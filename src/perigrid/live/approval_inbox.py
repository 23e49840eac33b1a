"""A folder through which a live run asks people: requests out, signed answers and orders in.

Every file appears whole or not at all; whoever writes an answer holds the folder's lock, so that
two processes never answer the same request at once. What stands in the folder proves nothing: only
signatures count, and the controller checks them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from perigrid.base.approvals import GRANT, SignedApproval, SignedOrder
from perigrid.base.digest import action_hash
from perigrid.base.errors import InputError, Problem
from perigrid.base.messages import AskApproval, Compute, Move
from perigrid.base.signing import SigningKey
from perigrid.base.withheld import Told
from perigrid.control.policy.approval.signed import sign
from perigrid.ledger.disk import replace_file
from perigrid.live.inbox_files import (
    FileId,
    list_files,
    message_json,
    order_letter,
    parse_message,
    parse_order,
    read_small,
)
from perigrid.live.notices import Notices
from perigrid.scenario.problems import no_such_node

REQUESTS: Final = "requests"
ANSWERS: Final = "answers"
ORDERS: Final = "orders"
MOST_READ: Final = 500
"""Of new orders at one look; the rest wait for the next, and the run goes on meanwhile."""
MOST_LISTED: Final = 1000
"""Of requests that people are shown, and of answers to one."""
_LOCK_S: Final = 10.0
"""How long somebody else's lock is waited for [s]."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as people see it.

    Parameters
    ----------
    id : str
        Short name within the folder.
    request : AskApproval
        What is asked.
    answers : tuple of SignedApproval
        That stand beside it.
    """

    id: str
    request: AskApproval
    answers: tuple[SignedApproval, ...]


class ApprovalInbox:
    """A folder of requests and answers.

    Parameters
    ----------
    folder : Path
        Created by the run, for the owner only; opened by everyone else.
    create : bool
        Whether this is the run.

    Raises
    ------
    InputError
        If there is no inbox and this is not the run.
    """

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        self._folder = folder
        self.notices = Notices(folder)
        if create:
            for name in (REQUESTS, ANSWERS, ORDERS):
                (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not (folder / REQUESTS).is_dir():
            remedy = "give the folder into which the live run puts its requests"
            raise InputError([Problem("this is no inbox", remedy, path=str(folder))])

    # ------------------------------------------------------------------ the run's side

    def ask(self, request: AskApproval) -> str:
        """Put a request to the people.

        Parameters
        ----------
        request : AskApproval
            What is asked.

        Returns
        -------
        str
            Its name.
        """
        name = request_id(request)
        replace_file(self._folder / REQUESTS / f"{name}.json", message_json(request))
        return name

    def withdraw(self, name: str) -> None:
        """Take a settled request away; its answers stay.

        Parameters
        ----------
        name : str
            From :meth:`ask`.
        """
        (self._folder / REQUESTS / f"{name}.json").unlink(missing_ok=True)

    def orders(self, seen: set[FileId]) -> list[tuple[str, SignedOrder, Told | None]]:
        """Read orders that have not been read yet.

        Parameters
        ----------
        seen : set
            What was looked at before; what is looked at now is added.

        Returns
        -------
        list of (str, SignedOrder, Told or None)
            File name, order, and why it was given unless a run took that already; in order of the
            names; unreadable ones are left out. At most :data:`MOST_READ` files are read.
        """
        fresh = [one for one in list_files(self._folder / ORDERS) if one not in seen][:MOST_READ]
        seen.update(fresh)
        found = []
        for name, *_ in fresh:
            content = read_small(self._folder / ORDERS / name)
            letter = None if content is None else parse_order(content)
            if letter is not None:
                found.append((name, *letter))
        return found

    def forget_reason(self, name: str) -> None:
        """Leave of an order's file what a record may hold.

        Parameters
        ----------
        name : str
            File name, from :meth:`orders`.
        """
        path = self._folder / ORDERS / name
        content = read_small(path)
        letter = None if content is None else parse_order(content)
        if letter is not None:
            replace_file(path, order_letter(letter[0], None))

    # ------------------------------------------------------------------ both sides

    def answers(
        self, name: str, signers: Iterable[str] | None = None
    ) -> tuple[SignedApproval, ...]:
        """Read the answers to a request.

        Parameters
        ----------
        name : str
            Of the request.
        signers : iterable of str, optional
            Ids of the keys whose answers are read; all if left out.

        Returns
        -------
        tuple of SignedApproval
            In order of their signing; unreadable ones are left out.
        """
        folder = self._folder / ANSWERS
        if signers is None:
            paths = sorted(folder.glob(f"{name}.*.json"))[:MOST_LISTED]
        else:
            paths = [folder / f"{name}.{signer}.json" for signer in signers]
        found = []
        for path in paths:
            answer = _read(path, SignedApproval)
            if isinstance(answer, SignedApproval):
                found.append(answer)
        return tuple(sorted(found, key=lambda one: (one.signed_at_s, one.signer)))

    # ------------------------------------------------------------------ the people's side

    def open_requests(self) -> list[Asked]:
        """List what is asked.

        Returns
        -------
        list of Asked
            In order of time.
        """
        found = []
        for path in sorted((self._folder / REQUESTS).glob("*.json"))[:MOST_LISTED]:
            request = _read(path, AskApproval)
            if isinstance(request, AskApproval):
                found.append(Asked(path.stem, request, self.answers(path.stem)))
        return sorted(found, key=lambda one: (one.request.asked_s, one.id))

    def find(self, name: str) -> Asked:
        """Look a request up.

        Parameters
        ----------
        name : str
            Its name, or the beginning of it.

        Returns
        -------
        Asked
            The request.

        Raises
        ------
        InputError
            If none or several begin so.
        """
        found = [one for one in self.open_requests() if name and one.id.startswith(name)]
        if len(found) == 1:
            return found[0]
        message = f"{len(found) or 'no'} open requests begin with {name!r}"
        remedy = "see perigrid approvals list"
        raise InputError([Problem(message, remedy, path=str(self._folder))])

    def answer(self, name: str, key: SigningKey, role: str, *, word: str = GRANT) -> SignedApproval:
        """Sign an answer and put it in.

        Parameters
        ----------
        name : str
            Of the request, or the beginning of it.
        key : SigningKey
            The person's.
        role : str
            In which the person signs.
        word : str
            ``grant`` or ``refuse``.

        Returns
        -------
        SignedApproval
            As written.

        Raises
        ------
        InputError
            If the person has answered already, signs in a role that is not wanted (such an answer
            would not count), or would sign another action than the one shown.
        """
        with self._locked():
            asked = self.find(name)
            wanted = asked.request.roles
            if wanted and role not in wanted:
                remedy = f"somebody has to sign as {' or '.join(wanted)}"
                message = f"an answer as {role} does not count for {asked.id}"
                raise InputError([Problem(message, remedy, path=str(self._folder))])
            signer = key.verify_key.signer_id
            place = self._folder / ANSWERS / f"{asked.id}.{signer}.json"
            if place.exists():
                remedy = "one person answers once; another has to sign too"
                raise InputError([Problem("you have answered this", remedy, path=str(place))])
            now_s, context = self.notices.now()
            _demand_shown(asked.request, context, place)
            answer = sign(_draft(asked.request, role, word, now_s), key)
            replace_file(place, message_json(answer))
        return answer

    def order(self, draft: SignedOrder, key: SigningKey, reason: Told) -> SignedOrder:
        """Sign an order and put it in.

        Parameters
        ----------
        draft : SignedOrder
            Its time of issue is set here; its nodes must be the run's.
        key : SigningKey
            The person's.
        reason : Told
            Why, as the draft commits to it.

        Returns
        -------
        SignedOrder
            As written.

        Raises
        ------
        InputError
            If the run has no such node: the order would hold nothing.
        """
        names = self.notices.nodes()
        wrong = [name for name in draft.nodes if names and name not in names]
        if wrong:
            raise InputError([no_such_node(name, names, str(self._folder)) for name in wrong])
        with self._locked():
            number = self._free_number()
            now_s, context = self.notices.now()
            length_s = draft.expires_s - draft.issued_s
            nonce = f"{context.get('run', '')} {key.verify_key.signer_id} {number}".lstrip()
            timed = replace(draft, issued_s=now_s, expires_s=now_s + length_s, nonce=nonce)
            order = sign(timed, key)
            content = order_letter(order, reason)
            replace_file(self._folder / ORDERS / f"{number:06d}.json", content, mode=0o600)
        return order

    def _free_number(self) -> int:
        """Choose a number for the next order that no file has."""
        names = {name for name, *_ in list_files(self._folder / ORDERS)}
        number = len(names)
        while f"{number:06d}.json" in names:
            number += 1
        return number

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other people's commands out; whoever never lets go is not waited for."""
        place = self._folder / ".lock"
        flags = os.O_RDWR | os.O_CREAT | os.O_NONBLOCK | os.O_NOFOLLOW
        handle = os.open(place, flags, 0o644)
        try:
            until_s = time.monotonic() + _LOCK_S
            while not _claimed(handle):
                if time.monotonic() > until_s:
                    message, remedy = "somebody else is writing into this inbox", "try again"
                    raise InputError([Problem(message, remedy, path=str(place))])
                time.sleep(0.02)
            yield
        finally:
            os.close(handle)


def request_id(request: AskApproval) -> str:
    """Name a request.

    Parameters
    ----------
    request : AskApproval
        What is asked.

    Returns
    -------
    str
        Of its hash and the time it was asked: the same action asked again is another request.
    """
    text = f"{request.subject_hash} {request.asked_s!r}"
    return f"{request.job_id}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def _demand_shown(request: AskApproval, context: Mapping[str, str], place: Path) -> None:
    """Raise if the hash to be signed is not that of the action that the request shows."""
    shown = request.subject
    is_action = isinstance(shown, (Move, Compute)) and shown.job_id == request.job_id
    if not is_action or action_hash(shown, dict(context)) != request.subject_hash:
        message = "this request shows one action and asks to sign another"
        remedy = "do not sign it: somebody altered the inbox, or it is of another run"
        raise InputError([Problem(message, remedy, path=str(place))])


def _draft(request: AskApproval, role: str, word: str, now_s: float) -> SignedApproval:
    return SignedApproval(
        subject=request.subject_hash,
        answer=word,
        signer="",
        role=role,
        signed_at_s=max(now_s, request.asked_s),
        expires_s=request.expires_s,
        nonce=f"{request_id(request)} {word}",
        evidence=request.evidence,
    )


def _read(path: Path, kind: type) -> Any | None:  # noqa: ANN401  of the kind asked for
    content = read_small(path)
    return None if content is None else parse_message(content, kind)


def _claimed(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
