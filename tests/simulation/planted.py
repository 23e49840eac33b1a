"""Bugs to be found: each switched on for the time of a ``with`` block, none of them in the source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from perigrid.control.lending import Lending
from perigrid.control.policy.approval.authority import Authority
from perigrid.control.policy.approval.book import ApprovalBook
from perigrid.control.policy.approval.envelope import EnvelopeUse
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.authorize import Refused
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.grants import GrantBook
from perigrid.ledger import record
from perigrid.ledger.leaf import Line
from perigrid.ledger.record import RecordWriter
from simulation.agent import Agent
from simulation.ground import Ground
from simulation.world import World

PLANTED: dict[str, tuple[str, Callable]] = {}
"""Name of a bug: the invariant that is to catch it, and what plants it."""


def plants(name: str, invariant: str) -> Callable:
    """Register a bug."""

    def register(plant: Callable) -> Callable:
        PLANTED[name] = (invariant, contextmanager(plant))
        return plant

    return register


@contextmanager
def _all(*patches) -> Iterator[None]:
    from contextlib import ExitStack

    with ExitStack() as stack:
        for one in patches:
            stack.enter_context(one)
        yield


@plants("act before the record is on the disk", "unlogged-act")
def _act_before_sync():
    with patch.object(RecordWriter, "_settle", RecordWriter._write_out):
        yield


@plants("a refusal is carried out", "unlogged-act")
def _refusals_run():
    with patch.object(Refused, "may_run", property(lambda _: True)):
        yield


@plants("a command is begun as often as it comes", "done-twice")
def _commands_twice():
    take = Agent.take

    def forgetful(self, command):
        known = self.accepted.pop(command.id, None)
        take(self, command)
        if known is not None:
            self.ended.pop(command.id, None)

    with patch.object(Agent, "take", forgetful):
        yield


@plants("a scene's territory is not looked up", "residency")
def _no_territory():
    scenes = Custody._scenes

    def blind(self, jobs):
        from dataclasses import replace

        return [replace(one, territory=()) for one in scenes(self, jobs)]

    with patch.object(Custody, "_scenes", blind):
        yield


@plants("the nonce of an order is not checked", "stopped")
def _no_nonce():
    add = OrderBook.add

    def gullible(self, order, t_s):
        self._nonces.clear()
        return add(self, order, t_s)

    with patch.object(OrderBook, "add", gullible):
        yield


@plants("an expired approval is accepted", "expired")
def _expired_counts():
    expires_s = ApprovalBook.expires_s

    def late(self, subject, t_s):
        return max(expires_s(self, subject, t_s), t_s + 900.0)

    with (
        patch.object(ApprovalBook, "_counts", lambda *_: True),
        patch("perigrid.control.policy.approval.book._out_of_time", lambda *_: None),
        patch.object(ApprovalBook, "expires_s", late),
    ):
        yield


@plants("one person counts as often as signing", "expired")
def _one_person_twice():
    roles = patch("perigrid.control.policy.approval.book.is_quorum", lambda found, *_: len(found) > 1)
    with roles, patch.object(ApprovalBook, "_person", lambda _, one: one.nonce):
        yield


@plants("a node trusts its wall clock", "expired")
def _wall_clock():
    with patch.object(Agent, "latest_s", Agent.wall_s):
        yield


@plants("the life of an agent's leave is not checked", "autonomy")
def _no_dead_man():
    may_begin = Agent.may_begin

    def bold(self, command):
        kept, self.anchor = self.anchor, None if self.anchor is None else (1e9, *self.anchor[1:])
        try:
            with patch.object(Agent, "latest_s", lambda one: kept and kept[0] + one.counter_s() - kept[1]):
                return may_begin(self, command)
        finally:
            self.anchor = kept

    with patch.object(Agent, "may_begin", bold), patch.object(Authority, "_barred", lambda *_: None):
        yield


@plants("what is used of an envelope is not counted", "limit")
def _endless_envelope():
    with patch.object(EnvelopeUse, "take", lambda *_: ""):
        yield


@plants("what is used of a grant is given back", "limit")
def _endless_grant():
    release = GrantBook.release

    def generous(self, job_id):
        release(self, job_id)
        for account in self._accounts.values():
            account.used_s = 0.0

    with patch.object(GrantBook, "release", generous):
        yield


@plants("a grant is not looked at again before the second stage", "expired")
def _grant_once():
    with patch.object(Lending, "ends_s", lambda *_: float("inf")), patch.object(
        GrantBook, "ends_s", lambda *_: float("inf")
    ):
        yield


@plants("a checkpoint is signed before the log is on the disk", "fork")
def _early_checkpoint():
    handle = Ground.handle

    def hasty(self, event):
        self.record.events(self.world.t_s, [event])
        self.world.audit.signed(*self.record.ground())
        self._decide(event, replayed=False)

    assert handle
    with patch.object(Ground, "handle", hasty):
        yield


@plants("a report is acknowledged before it is on the disk", "lost-record")
def _early_acknowledgement():
    with patch.object(Ground, "_make_durable", lambda _: None), patch.object(
        RecordWriter, "_settle", RecordWriter._write_out
    ), patch.object(World, "act", lambda *_: None):
        yield


@plants("a delivery is counted as often as it comes", "done-twice")
def _counted_twice():
    def receive(self, job_id):
        self.archive.add(job_id)
        self.audit.deliver(job_id)

    with patch.object(World, "receive", receive):
        yield


@plants("a damaged last line is taken for a cut one", "damage")
def _cut_or_damaged():
    with patch.object(record, "holds_record", lambda _: False):
        yield


@plants("hashes are not compared at reopening", "damage")
def _unread_hashes():
    with patch.object(Line, "whole", property(lambda _: True)):
        yield


@plants("a report is taken in as often as it comes", "lost-job")
def _reports_twice():
    def is_new(self, command_id, event):
        wanted = self.wanted.get(getattr(event, "job_id", -1))
        return wanted is not None and type(wanted.action).__name__ in ("Close", "Move", "Compute")

    with patch.object(Ground, "_is_new", is_new):
        yield


assert json and _all
