"""What a decision sees, as arrays that compiled code shares: fleet, jobs, models, network."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

NEAR: Final = 24
"""Candidates nearest over the network."""
FAR: Final = 8
"""Candidates drawn from the whole fleet, so that a crowded region is left."""
SHOWN: Final = 3
"""Alternatives recorded with every decision."""
NOBODY: Final = -1


class Limits(NamedTuple):
    """Numbers that all satellites and jobs share.

    Parameters
    ----------
    memory_bytes, storage_bytes, job_bytes : float
        Memory and storage of a satellite; memory of a job at work besides its model [B].
    slots : int
        Jobs that a satellite works on side by side.
    extra_w, base_w, idle_w : float
        All slots busy above idle; what is served before them, idle included; idle alone [W].
    floor_j, discharge_efficiency : float
        No job may draw the battery below it [J]; energy at the bus per energy drawn.
    throttle_k, limit_k, conductance_w_k, heat_capacity_j_k : float
        Of the computer [K, W/K, J/K].
    longest_dark_s : float
        No night of the orbit lasts longer [s].
    least_speed : float
        A computer slower than this share of full speed counts as stopped by heat.
    hop_s : float
        Processing delay of the satellite that sends an answer down [s].
    load_bytes_s : float
        Rate at which a model is read into memory [B/s].
    n_ground : int
        Ground nodes, which follow the satellites as nodes of the network.
    """

    memory_bytes: float
    storage_bytes: float
    job_bytes: float
    slots: int
    extra_w: float
    base_w: float
    idle_w: float
    floor_j: float
    discharge_efficiency: float
    throttle_k: float
    limit_k: float
    conductance_w_k: float
    heat_capacity_j_k: float
    longest_dark_s: float
    least_speed: float
    hop_s: float
    load_bytes_s: float
    n_ground: int


class Satellites(NamedTuple):
    """State of every satellite that a decision weighs.

    Parameters
    ----------
    battery_j, computer_k, radiator_k, array_w : (n,) float array
        Now, and array power of the step [J, K, K, W].
    warming_k_s : (n,) float array
        Trend of the radiator [K/s].
    dark_since_s : (n,) float array
        When the array ceased to carry the base load; inf while it does [s].
    away : (n + n_ground,) int32 array
        Above 0 while a node is out of order.
    barred_s : (n,) float array
        No new jobs before this time [s].
    forbidden : (n,) uint8 array
        1 where a rule forbids the jobs' data.
    backlog_s : (n,) float array
        Work promised and not yet done, loading included, at full speed of one slot [s].
    stored_bytes : (n,) float array
        Inputs held or on their way [B].
    resident : (n, n_models) uint8 array
        1 for models in memory.
    wanted : (n, n_models) int32 array
        Jobs promised that need the model.
    """

    battery_j: Floats
    computer_k: Floats
    radiator_k: Floats
    array_w: Floats
    warming_k_s: Floats
    dark_since_s: Floats
    away: Ints
    barred_s: Floats
    forbidden: Bytes
    backlog_s: Floats
    stored_bytes: Floats
    resident: Bytes
    wanted: Ints


class Requests(NamedTuple):
    """What is asked for, in the order of release.

    Parameters
    ----------
    source : (n_jobs,) int32 array
        Node that holds the input: a satellite, or a ground node from ``n_satellites`` on.
    release_s, deadline_s : (n_jobs,) float array
        When asked, and when the answer is worthless [s].
    work_s : (n_jobs,) float array
        At full speed of one slot [s].
    input_bytes, output_bytes : (n_jobs,) float array
        Sizes [B].
    value : (n_jobs,) float array
        Of an answer in time.
    model : (n_jobs,) int32 array
        Which model.
    model_bytes : (n_models,) float array
        Their sizes [B].
    """

    source: Ints
    release_s: Floats
    deadline_s: Floats
    work_s: Floats
    input_bytes: Floats
    output_bytes: Floats
    value: Floats
    model: Ints
    model_bytes: Floats


class Network(NamedTuple):
    """The network between two snapshots, and its lines.

    Parameters
    ----------
    delay_s : (n_ground, n + n_ground) float array
        Quickest way from each ground node; inf where there is none [s].
    near : (n_ground, NEAR) int32 array
        Nearest satellites, nearest first; -1 where there are fewer.
    exit_node : (n,) int32 array
        Ground node that each satellite reaches first; -1 for none.
    row_start : (n + 1,) int64 array
        Rows of the lasers.
    neighbour : (n_lasers,) int32 array
        Other ends.
    laser_s : (n_lasers,) float array
        Delays with the sender's processing [s].
    line_bps : (n + n_ground,) float array
        Rate at which a node sends [bit/s].
    line_free_s, down_free_s : (n + n_ground,) float array
        When the line out of a node, and the line down to it, is free [s].
    """

    delay_s: Floats
    near: Ints
    exit_node: Ints
    row_start: Longs
    neighbour: Ints
    laser_s: Floats
    line_bps: Floats
    line_free_s: Floats
    down_free_s: Floats


class Scratch(NamedTuple):
    """Room for one decision.

    Parameters
    ----------
    node : (NEAR + FAR,) int32 array
        Candidates.
    delay_s : (NEAR + FAR,) float array
        From the source to each [s].
    reason : (NEAR + FAR,) uint8 array
        :class:`perigrid.control.dispatch.codes.Reason`.
    answer_s, load_s, wait_s : (NEAR + FAR,) float array
        Expected answer; time to load the model; time in the queue [s].
    edge : (EDGE,) int32 array
        Frontier of the search from a satellite.
    edge_s : (EDGE,) float array
        Its delays [s].
    """

    node: Ints
    delay_s: Floats
    reason: Bytes
    answer_s: Floats
    load_s: Floats
    wait_s: Floats
    edge: Ints
    edge_s: Floats


EDGE: Final = 256


def new_scratch() -> Scratch:
    """Make room for one decision.

    Returns
    -------
    Scratch
        Uninitialised.
    """
    count = NEAR + FAR
    return Scratch(
        node=np.empty(count, dtype=np.int32),
        delay_s=np.empty(count),
        reason=np.empty(count, dtype=np.uint8),
        answer_s=np.empty(count),
        load_s=np.empty(count),
        wait_s=np.empty(count),
        edge=np.empty(EDGE, dtype=np.int32),
        edge_s=np.empty(EDGE),
    )
