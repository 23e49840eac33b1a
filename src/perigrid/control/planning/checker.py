"""An independent check of schedules: the day is lived through once more, slot by slot.

It shares no code with the schedulers, which keep prices, headrooms and partial trajectories. Here
every satellite simply runs what the schedule says, and whatever is broken is said in words.
"""

from __future__ import annotations

from collections import defaultdict

from perigrid.control.planning.instance import Instance, Schedule

_SLACK = 1e-6
"""Rounding allowed, as a share of the limit."""


def faults(instance: Instance, schedule: Schedule) -> list[str]:
    """Live through a schedule and say what breaks.

    Parameters
    ----------
    instance : Instance
        What there is and what is asked.
    schedule : Schedule
        What is to be done.

    Returns
    -------
    list of str
        One sentence per broken limit; empty if the schedule can be flown.
    """
    found: list[str] = []
    by_satellite: dict[int, list[int]] = defaultdict(list)
    for job in range(instance.n_jobs):
        placed = (schedule.start[job] >= 0, schedule.satellite[job] >= 0, schedule.sent[job] >= 0)
        if not any(placed):
            continue
        found += _order(instance, schedule, job)
        by_satellite[int(schedule.satellite[job])].append(job)
    for satellite in range(instance.n_satellites):
        found += _live(instance, schedule, satellite, by_satellite[satellite])
    return found


def _order(instance: Instance, schedule: Schedule, job: int) -> list[str]:
    """Pixels arrive, then the job runs, then its output goes down, in time."""
    work = instance.work
    satellite, start, sent = (
        int(part[job]) for part in (schedule.satellite, schedule.start, schedule.sent)
    )
    moves: dict[int, int] = {}
    for node, slots in zip(work.candidate[job], work.delay[job], strict=True):
        if node >= 0:  # a satellite may be named twice: the quicker way counts
            moves[int(node)] = min(int(slots), moves.get(int(node), int(slots)))
    if satellite not in moves:
        return [f"job {job} runs on satellite {satellite}, which may not compute it"]
    rules = {
        "starts before its pixels are there": start >= work.release[job] + moves[satellite],
        "is sent before it has ended": sent >= start + work.duration[job],
        "is sent after its deadline": sent <= work.deadline[job],
    }
    return [f"job {job} {text}" for text, holds in rules.items() if not holds]


def _live(instance: Instance, schedule: Schedule, satellite: int, jobs: list[int]) -> list[str]:
    """One satellite's day."""
    sky, work = instance.satellites, instance.work
    battery_j, warm_k = float(sky.start_j[satellite]), float(sky.start_k[satellite])
    found = []
    for slot in range(instance.n_slots):
        running = [
            job
            for job in jobs
            if schedule.start[job] <= slot < schedule.start[job] + work.duration[job]
        ]
        waiting = [
            job
            for job in jobs
            if schedule.start[job] + work.duration[job] <= slot <= schedule.sent[job]
        ]
        drawn_j = sum(float(work.energy_j[job]) for job in running)
        battery_j += float(sky.gain_j[satellite, slot]) - drawn_j
        battery_j = min(battery_j, float(sky.capacity_j[satellite]))
        warm_k = sky.kept_share * warm_k + float(sky.warming_k[satellite, slot])
        warm_k += sky.warming_k_per_j * drawn_j
        held_bytes = sum(float(work.memory_bytes[job]) for job in running)
        held_bytes += sum(float(work.output_bytes[job]) for job in waiting)
        sent_bytes = sum(
            float(work.output_bytes[job]) for job in jobs if schedule.sent[job] == slot
        )
        limits = {
            "runs two jobs at once": len(running) - 1,
            "runs a job while it is closed": len(running) * int(sky.closed[satellite, slot]),
            "empties its battery": _over(-battery_j, -float(sky.floor_j[satellite])),
            "overheats": _over(warm_k, float(sky.limit_k[satellite])),
            "runs out of memory": _over(held_bytes, float(sky.memory_bytes[satellite, slot])),
            "sends too much": _over(sent_bytes, float(sky.downlink_bytes[satellite, slot])),
        }
        found += [
            f"satellite {satellite} {text} in slot {slot}"
            for text, excess in limits.items()
            if excess > 0
        ]
    return found


def _over(value: float, limit: float) -> float:
    """Excess above a limit and its rounding."""
    return value - limit - _SLACK * max(1.0, abs(limit)) if limit != float("inf") else -1.0
