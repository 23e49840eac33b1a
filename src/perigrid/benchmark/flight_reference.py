"""The flight of `perigrid fly` once more: objects, a heap of tuples, no compiled code.

Written apart from the engine, for a fleet of single-slot computers without faults, with data on the
ground. It says what the engine must do, and how long plain Python takes for it.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from perigrid.physics.heat import two_node_advance
from perigrid.sim.flight.build import Flight
from perigrid.sim.flight.legs import Leg

NEVER = float("inf")


@dataclass
class Task:
    """A job on its way through the fleet."""

    number: int
    source: int
    model: int
    release_s: float
    deadline_s: float
    left_s: float
    input_bytes: float
    output_bytes: float
    power_share: float
    node: int = -1
    tries: int = 0
    start_s: float = math.nan
    end_s: float = math.nan
    outcome: str = ""
    due: int = -1  # number of its event
    due_kind: str = ""
    load_left_s: float = 0.0
    since_s: float = 0.0
    charged_s: float = 0.0


@dataclass
class Machine:
    """A satellite."""

    battery_j: float
    computer_k: float
    radiator_k: float
    warming_k_s: float = 0.0
    array_w: float = 0.0
    dark_since_s: float = NEVER
    backlog_s: float = 0.0
    stored_bytes: float = 0.0
    speed: float = 1.0
    busy_s: float = 0.0
    memory_bytes: float = 0.0
    promised: int = 0
    models: dict[int, list[float]] = field(default_factory=dict)  # ready, last use
    wanted: dict[int, int] = field(default_factory=dict)
    queue: deque[Task] = field(default_factory=deque)
    running: Task | None = None


class PlainFlight:
    """A flight in plain Python.

    Parameters
    ----------
    flight : Flight
        Before its first step; it is only read.
    """

    def __init__(self, flight: Flight) -> None:
        world = flight.world
        self._con: dict[str, float] = {
            name: float(world.con[0][name]) for name in world.con.dtype.names
        }
        self._line_bps = [float(one) for one in world.ends["line_bps"]]
        self._free_s, self._down_s = [0.0] * len(self._line_bps), [0.0] * len(self._line_bps)
        self._size = [float(one) for one in world.model_bytes]
        self._n = len(world.sats)
        self.machines = [
            Machine(float(one["battery_j"]), float(one["computer_k"]), float(one["radiator_k"]))
            for one in world.sats
        ]
        self.tasks = [_task(number, one) for number, one in enumerate(world.jobs)]
        self._heap: list[tuple[float, int, str, Task]] = []
        self._order = 0
        self._next = 0
        self._leg: Any = None

    def fly(self, legs: Iterable[Leg]) -> list[Task]:
        """Fly legs in turn.

        Parameters
        ----------
        legs : iterable of Leg
            Light and routes.

        Returns
        -------
        list of Task
            How every job ended.
        """
        for leg in legs:
            self._leg = leg
            for step in range(len(leg.array_w)):
                t_s, t_end_s = float(leg.t_s[step]), float(leg.t_s[step + 1])
                self._set_speeds(t_s, t_end_s, leg.array_w[step])
                self._run_events(t_end_s)
                for machine, outside_w in zip(self.machines, leg.environment_w[step], strict=True):
                    self._physics(machine, t_end_s, t_end_s - t_s, float(outside_w))
        return self.tasks

    # ------------------------------------------------------------------ events

    def _set(self, t_s: float, kind: str, task: Task) -> None:
        heapq.heappush(self._heap, (t_s, self._order, kind, task))
        self._order += 1

    def _run_events(self, t_end_s: float) -> None:
        while True:
            due_s = self._heap[0][0] if self._heap else NEVER
            waiting = self._next < len(self.tasks)
            release_s = self.tasks[self._next].release_s if waiting else NEVER
            if min(due_s, release_s) >= t_end_s:
                return
            if due_s <= release_s:
                t_s, _, kind, task = heapq.heappop(self._heap)
                getattr(self, f"_on_{kind}")(task, t_s, t_end_s)
            else:
                self._next += 1
                self._on_decide(self.tasks[self._next - 1], release_s, t_end_s)

    def _on_decide(self, task: Task, t_s: float, _t_end_s: float) -> None:
        best, load_s = self._choose(task, t_s)
        later_s = float(self._leg.t_s[-1])
        if best < 0 and later_s + task.left_s > task.deadline_s:
            task.outcome, task.end_s = "missed", t_s
        elif best < 0:
            self._set(later_s, "decide", task)
        else:
            self._promise(task, best, load_s, t_s)

    def _promise(self, task: Task, best: int, load_s: float, t_s: float) -> None:
        machine = self.machines[best]
        task.node, task.tries, task.charged_s = best, task.tries + 1, load_s + task.left_s
        machine.backlog_s += task.charged_s
        machine.stored_bytes += task.input_bytes
        machine.wanted[task.model] = machine.wanted.get(task.model, 0) + 1
        machine.promised += 1
        sent_s = max(t_s, self._free_s[task.source])
        sent_s += task.input_bytes * 8.0 / self._line_bps[task.source]
        self._free_s[task.source] = sent_s
        self._set(sent_s + self._delay_s(task.source, best), "arrive", task)

    def _on_arrive(self, task: Task, t_s: float, t_end_s: float) -> None:
        machine = self.machines[task.node]
        machine.queue.append(task)
        self._begin(machine, t_s, t_end_s)

    def _on_finish(self, task: Task, t_s: float, t_end_s: float) -> None:
        machine = self.machines[task.node]
        self._account(machine, task, t_s)
        machine.running = None
        machine.memory_bytes -= self._con["job_bytes"]
        self._release(machine, task)
        task.left_s = 0.0
        self._on_send(task, t_s, t_end_s)
        self._begin(machine, t_s, t_end_s)

    def _on_send(self, task: Task, t_s: float, _t_end_s: float) -> None:
        way_s, later_s = self._delay_s(task.source, task.node), float(self._leg.t_s[-1])
        if math.isfinite(way_s):
            sent_s = max(t_s, self._down_s[task.source])
            sent_s += task.output_bytes * 8.0 / self._line_bps[task.source]
            self._down_s[task.source] = sent_s
            self._set(sent_s + way_s + self._con["hop_s"], "deliver", task)
        elif later_s > task.deadline_s:
            task.outcome, task.end_s = "missed", t_s
        else:
            self._set(later_s, "send", task)

    def _on_deliver(self, task: Task, t_s: float, _t_end_s: float) -> None:
        task.outcome = "missed" if t_s > task.deadline_s else "delivered"
        task.end_s = t_s

    # ---------------------------------------------------------------- decision

    def _delay_s(self, source: int, node: int) -> float:
        return float(self._leg.delay_s[source - self._n, node])

    def _candidates(self, task: Task) -> list[int]:
        """List the nearest, and eight drawn from anywhere by Lehmer's generator."""
        way_s = self._leg.delay_s[task.source - self._n]
        reached = [node for node in range(self._n) if math.isfinite(way_s[node])]
        near = sorted(reached, key=lambda node: (way_s[node], node))[:24]
        last_s = way_s[near[-1]] if near else -1.0
        state, far = (task.number * 7919 + task.tries * 104729 + 12345) % (2**31 - 1), []
        for _ in range(8):
            state = (state * 48271 + 11) % (2**31 - 1)
            node = state % self._n
            if last_s < way_s[node] < NEVER:
                far.append(node)
        return near + far

    def _choose(self, task: Task, t_s: float) -> tuple[int, float]:
        best, best_s, best_load_s = -1, NEVER, 0.0
        for node in self._candidates(task):
            answer_s, load_s = self._answer(task, node, t_s)
            if answer_s < best_s:
                best, best_s, best_load_s = node, answer_s, load_s
        return best, best_load_s

    def _answer(self, task: Task, node: int, t_s: float) -> tuple[float, float]:
        """When a satellite would answer; never if it may not have the job."""
        con, machine = self._con, self.machines[node]
        if machine.stored_bytes + task.input_bytes > con["storage_bytes"]:
            return NEVER, 0.0
        if self._size[task.model] + con["job_bytes"] > con["memory_bytes"]:
            return NEVER, 0.0
        way_s = self._delay_s(task.source, node)
        bps = self._line_bps[task.source]
        arrival_s = max(t_s, self._free_s[task.source]) + task.input_bytes * 8.0 / bps + way_s
        known = task.model in machine.models or machine.wanted.get(task.model, 0) > 0
        load_s = 0.0 if known else self._size[task.model] / con["load_bytes_s"]
        speed = self._later_speed(machine, machine.backlog_s + load_s + task.left_s)
        if speed < con["least_speed"] or not self._lasts(machine, task.left_s, t_s):
            return NEVER, 0.0
        begin_s = max(arrival_s, t_s + machine.backlog_s / speed)
        back_s = way_s + con["hop_s"] + task.output_bytes * 8.0 / bps
        answer_s = begin_s + load_s + task.left_s / speed + back_s
        return (answer_s if answer_s <= task.deadline_s else NEVER), load_s

    def _later_speed(self, machine: Machine, busy_s: float) -> float:
        con = self._con
        settled_k = machine.radiator_k + machine.warming_k_s * min(busy_s, 600.0)
        settled_k += (con["idle_w"] + con["extra_w"]) / con["conductance_w_k"]
        fade = math.exp(-busy_s * con["conductance_w_k"] / con["computer_j_k"])
        hottest_k = max(settled_k + (machine.computer_k - settled_k) * fade, machine.computer_k)
        share = (con["limit_k"] - hottest_k) / (con["limit_k"] - con["throttle_k"])
        return min(1.0, max(0.0, share))

    def _lasts(self, machine: Machine, left_s: float, t_s: float) -> bool:
        con = self._con
        usable_j = max(0.0, machine.battery_j - con["floor_j"]) * con["discharge_efficiency"]
        busy_s = machine.backlog_s + left_s
        need_j, dark_s = busy_s * con["extra_w"], con["longest_dark_s"]
        if machine.dark_since_s < NEVER:
            dark_s = max(0.0, dark_s - (t_s - machine.dark_since_s))
        else:
            need_j = max(0.0, need_j - (machine.array_w - con["base_w"]) * busy_s)
        return usable_j >= need_j + con["base_w"] * dark_s

    # -------------------------------------------------------------- satellites

    def _release(self, machine: Machine, task: Task) -> None:
        machine.promised -= 1
        machine.wanted[task.model] -= 1
        if machine.promised == 0:
            machine.backlog_s = machine.stored_bytes = 0.0
        else:
            machine.backlog_s = max(0.0, machine.backlog_s - task.charged_s)
            machine.stored_bytes = max(0.0, machine.stored_bytes - task.input_bytes)

    def _begin(self, machine: Machine, t_s: float, t_end_s: float) -> None:
        while machine.running is None and machine.queue:
            task = machine.queue.popleft()
            if t_s + task.left_s > task.deadline_s:
                self._release(machine, task)
                task.outcome, task.end_s = "missed", t_s
                continue
            self._load(machine, task.model, t_s)
            machine.running, task.since_s = task, t_s
            machine.memory_bytes += self._con["job_bytes"]
            machine.models[task.model][1] = t_s
            task.load_left_s = max(0.0, machine.models[task.model][0] - t_s)
            charge_s = task.load_left_s + task.left_s
            machine.backlog_s = max(0.0, machine.backlog_s + (charge_s - task.charged_s))
            task.charged_s = charge_s
            if math.isnan(task.start_s):
                task.start_s = t_s
            self._foresee(machine, t_end_s)

    def _load(self, machine: Machine, model: int, t_s: float) -> None:
        """Have a model in memory, putting out those not used longest."""
        need = self._con["job_bytes"] + (0.0 if model in machine.models else self._size[model])
        while machine.memory_bytes + need > self._con["memory_bytes"]:
            others = [one for one in sorted(machine.models) if one != model]
            oldest = min(others, key=lambda one: machine.models[one][1])
            del machine.models[oldest]
            machine.memory_bytes -= self._size[oldest]
        if model not in machine.models:
            machine.models[model] = [t_s + self._size[model] / self._con["load_bytes_s"], -NEVER]
            machine.memory_bytes += self._size[model]

    def _foresee(self, machine: Machine, t_end_s: float) -> None:
        task = machine.running
        if task is not None and machine.speed > 0.0:
            end_s = task.since_s + task.load_left_s + task.left_s / machine.speed
            if end_s < t_end_s:
                self._set(end_s, "finish", task)

    def _account(self, machine: Machine, task: Task, t_s: float) -> None:
        passed_s = t_s - task.since_s
        loaded_s = min(passed_s, task.load_left_s)
        done_s = min((passed_s - loaded_s) * machine.speed, task.left_s)
        task.load_left_s -= loaded_s
        task.left_s -= done_s
        task.since_s = t_s
        machine.busy_s += done_s * task.power_share
        credit_s = min(task.charged_s, loaded_s + done_s)
        task.charged_s -= credit_s
        machine.backlog_s = max(0.0, machine.backlog_s - credit_s)

    def _set_speeds(self, t_s: float, t_end_s: float, array_w: Iterable[float]) -> None:
        con, dt_s = self._con, t_end_s - t_s
        for machine, supply_w in zip(self.machines, array_w, strict=True):
            machine.array_w = float(supply_w)
            if machine.array_w >= con["base_w"]:
                machine.dark_since_s = NEVER
            elif machine.dark_since_s == NEVER:
                machine.dark_since_s = t_s
            heat = (con["limit_k"] - machine.computer_k) / (con["limit_k"] - con["throttle_k"])
            usable_j = max(machine.battery_j - con["floor_j"], 0.0)
            extra_w = min(usable_j * con["discharge_efficiency"] / dt_s, con["max_discharge_w"])
            power = (machine.array_w + extra_w - con["base_w"]) / con["needed_w"]
            machine.speed = min(max(0.0, min(1.0, heat)), max(0.0, min(1.0, power)))
            self._foresee(machine, t_end_s)

    def _physics(self, machine: Machine, t_end_s: float, dt_s: float, outside_w: float) -> None:
        con = self._con
        if machine.running is not None:
            self._account(machine, machine.running, t_end_s)
        compute_w = con["idle_w"] + con["extra_w"] * (machine.busy_s / dt_s)
        machine.busy_s = 0.0
        load_w = con["bus_w"] + compute_w + con["link_w"]
        surplus_j = (machine.array_w - load_w) * dt_s
        before_j, loss_j, served = machine.battery_j, 0.0, 1.0
        if surplus_j > 0.0:
            room_j = max(0.0, con["capacity_j"] - before_j) / con["charge_efficiency"]
            put_j = min(surplus_j, con["max_charge_w"] * dt_s, room_j)
            loss_j = put_j * (1.0 - con["charge_efficiency"])
            machine.battery_j = min(before_j + put_j - loss_j, max(before_j, con["capacity_j"]))
        elif load_w > 0.0:
            usable_j = max(0.0, before_j - con["floor_j"]) * con["discharge_efficiency"]
            given_j = min(-surplus_j, con["max_discharge_w"] * dt_s, usable_j)
            drawn_j = given_j / con["discharge_efficiency"]
            loss_j = drawn_j - given_j
            machine.battery_j = max(before_j - drawn_j, min(before_j, con["floor_j"]))
            served = (machine.array_w * dt_s + given_j) / (load_w * dt_s)
        radiator_w = outside_w + (con["bus_w"] + con["link_w"]) * served + loss_j / dt_s
        computer_k, radiator_k, _ = two_node_advance(
            machine.computer_k, machine.radiator_k, compute_w * served, radiator_w, dt_s,
            con["computer_j_k"], con["radiator_j_k"], con["conductance_w_k"], con["emissivity"],
            con["area_m2"],
        )  # fmt: skip
        machine.warming_k_s = (radiator_k - machine.radiator_k) / dt_s
        machine.computer_k, machine.radiator_k = float(computer_k), float(radiator_k)


def _task(number: int, row: Any) -> Task:  # noqa: ANN401  a record of the table of jobs
    """One row of the table of jobs."""
    return Task(
        number, int(row["source"]), int(row["model"]), float(row["release_s"]),
        float(row["deadline_s"]), float(row["work_s"]), float(row["input_bytes"]),
        float(row["output_bytes"]), float(row["power_share"]),
    )  # fmt: skip
