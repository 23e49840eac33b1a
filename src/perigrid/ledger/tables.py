"""Column names and types of the tables in a run folder.

The contract between the simulator that writes them and the report, explanation and audit that
read them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

JOBS: Final[dict[str, type[pl.DataType]]] = {
    "job_id": pl.Int64,
    "satellite": pl.String,  # that took it
    "t_capture_s": pl.Float64,
    "latitude_deg": pl.Float64,
    "longitude_deg": pl.Float64,
    "target": pl.Int64,
    "place": pl.String,  # name of what was asked for; empty for a cell of the land grid
    "scene": pl.Int64,
    "raw_bytes": pl.Float64,
    "cloud_truth": pl.Float64,  # cloud fraction of the scene
    "cloud_seen": pl.Float64,  # what the detector said; NaN if it never ran
    "kept": pl.Boolean,  # whether the detector keeps the scene, known here even if it never ran
    "outcome": pl.String,  # delivered, missed, in_flight
    "reason": pl.String,  # of a miss: cloud, what ended it, or if late its longest wait; else ""
    "node": pl.String,  # that computed it; empty if none
    "t_end_s": pl.Float64,  # delivery or miss, of a late one its deadline; NaN in flight
    "time_to_insight_s": pl.Float64,  # NaN unless delivered
    "wait_contact_s": pl.Float64,  # the eight parts add up to t_end - t_capture
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

ACTIONS: Final[dict[str, type[pl.DataType]]] = {
    "sequence": pl.Int64,  # record number in the ledger
    "t_s": pl.Float64,  # when decided
    "job_id": pl.Int64,
    "kind": pl.String,  # move, compute, wait, close, ask
    "product": pl.String,  # raw, answer, or empty
    "stage": pl.String,  # screen, classify, or empty
    "source": pl.String,
    "target": pl.String,
    "t_until_s": pl.Float64,  # planned arrival, or end of a wait; NaN else
    "verdict": pl.String,  # allow, deny, ask
    "rule": pl.String,
    "reason": pl.String,
}

TELEMETRY: Final[dict[str, type[pl.DataType]]] = {
    "t_s": pl.Float64,
    "satellite": pl.String,
    "illumination": pl.Float64,
    "array_w": pl.Float64,  # used, after spilling
    "battery_soc": pl.Float64,
    "computer_k": pl.Float64,
    "radiator_k": pl.Float64,
    "compute_w": pl.Float64,  # mean over the step
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
