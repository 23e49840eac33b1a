"""Column names and types of the tables in a run folder.

The contract between whatever flew, which writes them, and the report, explanation and audit that
read them. A table is one file, ``jobs.parquet``, or parts in a folder of its name. Jobs are
observations or compute jobs; of these there are no clouds, and more is known.
"""

from __future__ import annotations

from typing import Final

import polars as pl

JOBS: Final[dict[str, type[pl.DataType]]] = {
    "job_id": pl.Int64,
    "satellite": pl.String,  # that took it; of a compute job the node that held its input
    "t_capture_s": pl.Float64,  # of a compute job when it was asked for
    "latitude_deg": pl.Float64,  # NaN if data in orbit was asked about
    "longitude_deg": pl.Float64,
    "target": pl.Int64,
    "place": pl.String,  # name of what was asked for, or who asks; empty for a cell of land
    "scene": pl.Int64,  # -1 if there is none
    "raw_bytes": pl.Float64,  # to be computed on
    "cloud_truth": pl.Float64,  # cloud fraction of the scene; NaN without one
    "cloud_seen": pl.Float64,  # what the detector said; NaN if it never ran
    "kept": pl.Boolean,  # whether an answer is wanted: no stage rules it out, ran or not
    "outcome": pl.String,  # delivered, missed, in_flight
    "reason": pl.String,  # of a miss: cloud, what ended it, or if late its longest wait; else ""
    "node": pl.String,  # that computed it; empty if none
    "t_end_s": pl.Float64,  # delivery or miss (of a late observation its deadline); NaN in flight
    "time_to_insight_s": pl.Float64,  # NaN unless delivered
    "wait_contact_s": pl.Float64,  # the eight parts add up to t_end - t_capture, in flight so far
    "wait_heat_s": pl.Float64,
    "wait_battery_s": pl.Float64,
    "wait_link_s": pl.Float64,
    "wait_compute_s": pl.Float64,
    "wait_storage_s": pl.Float64,
    "wait_rule_s": pl.Float64,
    "wait_fault_s": pl.Float64,  # what a fault undid, and waiting until it was over
    "downlink_bytes": pl.Float64,
    "crosslink_bytes": pl.Float64,
    "relay_bytes": pl.Float64,
    "terrestrial_bytes": pl.Float64,
    "space_energy_j": pl.Float64,
    "ground_energy_j": pl.Float64,
}

COMPUTE_JOBS: Final[dict[str, type[pl.DataType]]] = {
    **JOBS,
    "model": pl.Int64,
    "size": pl.Float64,  # work, of that of the median job
    "t_deadline_s": pl.Float64,
    "answer_bytes": pl.Float64,
    "value": pl.Float64,  # of an answer in time
    "attempts": pl.Int64,  # times it was given to a computer
    "wrong": pl.Boolean,  # delivered wrong: no check found it
}

ACTIONS: Final[dict[str, type[pl.DataType]]] = {
    "sequence": pl.Int64,  # record number in the ledger
    "t_s": pl.Float64,  # when decided
    "job_id": pl.Int64,
    "kind": pl.String,  # move, compute, wait, close, ask; or what is noted: stop, envelope
    "product": pl.String,  # raw, answer, or empty
    "stage": pl.String,  # name of the stage, or empty
    "source": pl.String,
    "target": pl.String,
    "t_until_s": pl.Float64,  # planned arrival, or end of a wait; NaN else
    "verdict": pl.String,  # allow, deny, ask
    "rule": pl.String,
    "reason": pl.String,
}

RUN_ACTIONS: Final[dict[str, type[pl.DataType]]] = {
    **ACTIONS,
    "decision": pl.Int64,  # its number, from 0
    "heard": pl.Int64,  # events of the run that came before it
    "cause": pl.String,  # what a wait waits for, what a job is missed for; or empty
    "verdict_reason": pl.String,
    "verdict_number": pl.Int64,  # in the pinned list of verdicts
    "verdict_node": pl.String,  # at which a rule bit; or empty
    "why": pl.String,  # which words its reason is told in,
    **{f"number{k}": pl.Float64 for k in range(1, 5)},  # and the numbers in them; NaN for none
}
"""Decisions of a run that is recorded by tables, part by part; their sequence is that of a part."""

RUN_LEGS: Final[dict[str, type[pl.DataType]]] = {
    "decision": pl.Int64,  # the move
    "contact": pl.Int64,  # row of the contacts; -1 for fibre
    "kind": pl.String,
    "source": pl.String,
    "target": pl.String,
    "t_ready_s": pl.Float64,
    "t_window_s": pl.Float64,
    "t_start_s": pl.Float64,
    "t_end_s": pl.Float64,
    "t_arrival_s": pl.Float64,
    "nbytes": pl.Float64,
}

RUN_OTHERS: Final[dict[str, type[pl.DataType]]] = {
    "decision": pl.Int64,
    "node": pl.String,  # what was weighed beside it; empty for several of one reason
    "t_answer_s": pl.Float64,  # NaN if it was not worked out, or never
    "why": pl.String,
    "lost": pl.String,  # which words these are,
    "number": pl.Float64,  # the number in them; NaN for none
    "count": pl.Int64,  # of several
}

RUN_EVENTS: Final[dict[str, type[pl.DataType]]] = {
    "t_s": pl.Float64,
    "kind": pl.String,  # class of perigrid.base.messages
    "job_id": pl.Int64,  # -1 for a report of telemetry
    "node": pl.String,
    "product": pl.String,
    "cause": pl.String,  # of a refused observation; the fault of a node or a move that failed
    "stage": pl.String,
    "leg": pl.Int64,  # that failed; -1 for none
    "outcome": pl.Float64,  # NaN if nothing was found out
    "suspect": pl.Boolean,
    "kept_s": pl.Float64,  # work of a lost task that its checkpoints saved
    "t_deadline_s": pl.Float64,  # of an observation that is taken or refused, and its ground area;
    "area_m2": pl.Float64,  # NaN else
}

TELEMETRY: Final[dict[str, type[pl.DataType]]] = {
    "t_s": pl.Float64,
    "satellite": pl.String,
    "illumination": pl.Float64,
    "array_w": pl.Float64,  # used, after spilling, mean since the row before
    "battery_soc": pl.Float64,
    "computer_k": pl.Float64,
    "radiator_k": pl.Float64,
    "compute_w": pl.Float64,  # mean since the row before
    "link_w": pl.Float64,
    "storage_bytes": pl.Float64,
    "throttle": pl.Float64,  # 1 full speed, 0 stopped
    "latitude_deg": pl.Float64,
    "longitude_deg": pl.Float64,
}

CONTACTS: Final[dict[str, type[pl.DataType]]] = {
    "kind": pl.String,  # downlink, crosslink, relay
    "source": pl.String,
    "target": pl.String,
    "t_start_s": pl.Float64,
    "t_end_s": pl.Float64,
    "rate_bps": pl.Float64,
    "light_time_s": pl.Float64,
    "hops": pl.Int64,
    "max_elevation_deg": pl.Float64,
    "booked_bytes": pl.Float64,
}
