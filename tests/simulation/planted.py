"""Bugs to be found: each is there for the time of a ``with`` block, none is in the source."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

from perigrid.base.messages import Compute
from perigrid.control.policy.approval.autonomy import Autonomy
from perigrid.control.policy.approval.book import ApprovalBook
from perigrid.control.policy.approval.envelope import EnvelopeUse
from perigrid.control.policy.approval.orders import OrderBook
from perigrid.control.policy.authorize import Refused
from perigrid.control.policy.custody import Custody
from perigrid.control.policy.grants import GrantBook
from perigrid.ledger import reading
from perigrid.ledger.leaf import Line
from perigrid.ledger.record import RecordWriter
from simulation.agent import Agent, Command
from simulation.ground import Ground
from simulation.world import World

PLANTED: dict[str, tuple[str, Callable, int]] = {}
"""Name of a bug: the invariant that is to catch it, what plants it, and where to begin to look."""


def plants(name: str, invariant: str, first: int = 0) -> Callable:
    """Register a bug; to save time the search begins at a seed not far from where it shows."""

    def register(plant: Callable) -> Callable:
        PLANTED[name] = (invariant, contextmanager(plant), first)
        return plant

    return register


@plants("act before the record is on the disk", "unlogged-act")
def _act_before_sync():
    actions = RecordWriter.actions

    def hasty(self, t_s, decisions):
        with patch.object(RecordWriter, "_settle", RecordWriter._write_out):
            return actions(self, t_s, decisions)

    with patch.object(RecordWriter, "actions", hasty):
        yield


@plants("a refusal is carried out", "unlogged-act")
def _refusals_run():
    want = Ground._want

    def obedient(self, sequence, decisions):
        want(self, sequence, decisions)
        for place, one in enumerate(decisions):
            if isinstance(one, Refused) and isinstance(one.action, Compute):
                self.push(Command(f"{sequence}/{place}", one.action, one.verdict, 1e9))

    with patch.object(Ground, "_want", obedient):
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
        return [replace(one, territory=()) for one in scenes(self, jobs)]

    with patch.object(Custody, "_scenes", blind):
        yield


@plants("neither nonce nor time of an order is checked", "stopped", first=3)
def _no_nonce():
    # Either check alone keeps a resume that is sent again from lifting a later stop.
    add = OrderBook.add

    def gullible(self, order, t_s):
        self._nonces.clear()
        return add(self, order, t_s)

    always = patch("perigrid.control.policy.approval.orders.lifts", lambda *_: True)
    with always, patch.object(OrderBook, "add", gullible):
        yield


@plants("an expired approval is accepted", "approval")
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


@plants("one person counts as often as signing", "approval")
def _one_person_twice():
    roles = patch(
        "perigrid.control.policy.approval.book.is_quorum", lambda found, *_: len(found) > 1
    )
    with roles, patch.object(ApprovalBook, "_person", lambda _, one: one.nonce):
        yield


@plants("a node trusts its wall clock", "autonomy", first=6)
def _wall_clock():
    def latest_s(self):
        return None if self.anchor is None else self.wall_s()

    with patch.object(Agent, "latest_s", latest_s):
        yield


@plants("the dead-man timer does not run", "autonomy", first=6)
def _no_dead_man():
    with (
        patch("simulation.agent.LIFE_S", math.inf),
        patch.object(Autonomy, "has_leave", lambda *_: True),
        patch.object(Autonomy, "leave_ends_s", lambda *_: math.inf),
    ):
        yield


@plants("what is used of an envelope is not counted", "approval")
def _endless_envelope():
    with patch.object(EnvelopeUse, "take", lambda *_: ""):
        yield


@plants("what is used of a grant is given back", "limit", first=212)
def _endless_grant():
    release = GrantBook.release

    def generous(self, job_id):
        release(self, job_id)
        for account in self._accounts.values():
            account.used_s = 0.0

    with patch.object(GrantBook, "release", generous):
        yield


@plants("a grant is not looked at again before the second stage", "expired", first=30)
def _grant_once():
    with patch.object(GrantBook, "ends_s", lambda *_: math.inf):
        yield


@plants("a checkpoint is signed before the log is on the disk", "fork")
def _early_checkpoint():
    def hasty(self, event):
        self.record.events(self.world.t_s, [event])
        self.world.audit.signed(*self.record.ground())
        self._decide(event)

    with patch.object(Ground, "handle", hasty):
        yield


@plants("a report is acknowledged before it is on the disk", "lost-record")
def _early_acknowledgement():
    with patch.object(RecordWriter, "_settle", RecordWriter._write_out):
        yield


@plants("a delivery is counted as often as it comes", "done-twice", first=106)
def _counted_twice():
    def receive(self, job_id):
        self.archive.add(job_id)
        self.audit.deliver(job_id)

    with patch.object(World, "receive", receive):
        yield


@plants("a damaged last line is taken for a cut one", "damage")
def _cut_or_damaged():
    with patch.object(reading, "holds_record", lambda _: False):
        yield


@plants("hashes are not compared at reopening", "damage")
def _unread_hashes():
    with patch.object(Line, "whole", property(lambda _: True)):
        yield
