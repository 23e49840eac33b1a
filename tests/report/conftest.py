"""A small made-up comparison folder: plausible numbers, no physics, the same bytes every time."""

import hashlib
import json

import numpy as np
import polars as pl
import pytest

from perigrid.ledger import tables
from tests.flight_cases import STORM, served, small

ARCHITECTURES = ("bent-pipe", "relay", "onboard", "orbital")
CAUSES = ("contact", "heat", "battery", "link", "compute", "storage", "rule")
SATELLITES = tuple(f"SCS-01 {chr(65 + i)}" for i in range(12))
START = "2026-10-01T00:00:00Z"
HOURS = 24.0
PLACES = (
    ("Sanya", "operator", 18.3, 109.3),
    ("Kashi", "operator", 39.5, 75.9),
    ("Miyun", "operator", 40.5, 116.9),
    ("Punta Arenas", "gateway", -53.0, -70.9),
    ("Hitra", "gateway", 63.6, 8.8),
    ("Tolhuin", "gateway", -54.5, -67.2),
    ("Hangzhou", "data-centre", 30.3, 120.2),
)
NODES = (*SATELLITES, *(name for name, *_ in PLACES))
# median delay [s], spread of the logarithm, causes of waiting
DELAYS = {
    "bent-pipe": (11_000.0, 0.7, (0.7, 0, 0, 0.28, 0.02, 0, 0)),
    "relay": (95.0, 0.9, (0.3, 0, 0, 0.6, 0.1, 0, 0)),
    "onboard": (8_300.0, 0.7, (0.92, 0.01, 0.03, 0.01, 0.03, 0, 0)),
    "orbital": (250.0, 1.6, (0.7, 0.04, 0.02, 0.02, 0.21, 0, 0.01)),
}
SCREENS = ("relay", "onboard", "orbital", "bent-pipe")


def subpoint(satellite, t_s):
    """A circular orbit that is good enough for a picture."""
    phase = 2 * np.pi * (t_s / 5_690.0 + satellite / len(SATELLITES))
    tilt = np.radians(97.4)
    latitude = np.degrees(np.arcsin(np.sin(tilt) * np.sin(phase)))
    along = np.degrees(np.arctan2(np.cos(tilt) * np.sin(phase), np.cos(phase)))
    return latitude, (along - t_s / 240.0 + 130.0 + 180.0) % 360.0 - 180.0


def jobs(architecture, n_jobs, rng):
    """Jobs whose waiting adds up to their time to insight."""
    median_s, spread, split = DELAYS[architecture]
    index = np.arange(n_jobs)
    t_capture = np.sort(rng.uniform(0, HOURS * 3600.0, n_jobs))
    satellite = rng.integers(0, len(SATELLITES), n_jobs)
    latitude, longitude = subpoint(satellite, t_capture)
    cloud = rng.beta(0.6, 0.5, n_jobs)
    delay = median_s * np.exp(spread * rng.normal(size=n_jobs))
    t_end = t_capture + delay
    outcome = np.where(cloud > 0.7, "missed", "delivered").astype(object)
    reason = np.where(cloud > 0.7, "cloud", "").astype(object)
    lost = (index % 29 == 7) & (cloud <= 0.7)
    outcome[lost], reason[lost] = "missed", "contact"
    late = t_end > HOURS * 3600.0
    outcome[late], reason[late], t_end[late] = "in_flight", "", np.nan
    elapsed = np.where(late, HOURS * 3600.0 - t_capture, delay)
    raw = np.full(n_jobs, 1.9e9)
    moves_raw = architecture in {"bent-pipe", "relay"}
    done = outcome == "delivered"
    answer = np.where(done, 4_100.0, 0.0)
    down = np.where(late, 0.0, raw if moves_raw else answer)
    node = "Hangzhou" if moves_raw else None
    table = {
        "job_id": index,
        "satellite": [SATELLITES[i] for i in satellite],
        "t_capture_s": t_capture,
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "target": index % 400,
        "place": ["" for _ in index],
        "scene": index % 24,
        "raw_bytes": raw,
        "cloud_truth": cloud,
        "cloud_seen": np.where(late, np.nan, cloud),
        "kept": cloud <= 0.7,
        "outcome": outcome.tolist(),
        "reason": reason.tolist(),
        "node": [node or SATELLITES[(i + (architecture == "orbital")) % 12] for i in satellite],
        "t_end_s": t_end,
        "time_to_insight_s": np.where(done, delay, np.nan),
        **{f"wait_{cause}_s": elapsed * part for cause, part in zip(CAUSES, split, strict=True)},
        "wait_fault_s": np.zeros(n_jobs),
        "downlink_bytes": np.zeros(n_jobs) if architecture == "relay" else down,
        "crosslink_bytes": raw * 0.4 if architecture == "orbital" else np.zeros(n_jobs),
        "relay_bytes": down if architecture == "relay" else np.zeros(n_jobs),
        "terrestrial_bytes": down,
        "space_energy_j": np.full(n_jobs, 900.0 if moves_raw else 2_700.0),
        "ground_energy_j": np.full(n_jobs, 1_400.0 if moves_raw else 0.2),
    }
    return pl.DataFrame(table, schema=tables.JOBS)


def telemetry(architecture, step_s):
    """Light, charge, heat and compute as sines with an eclipse."""
    t_s = np.arange(0.0, HOURS * 3600.0 + 1.0, step_s)
    frames = []
    for row, name in enumerate(SATELLITES):
        phase = (t_s / 5_690.0 + row / 12) % 1.0
        lit = np.where(phase < 0.62, 1.0, 0.0)
        busy = 60.0 + (80.0 if architecture in {"onboard", "orbital"} else 0.0) * lit
        latitude, longitude = subpoint(row, t_s)
        zero = np.zeros_like(t_s)
        frames.append(
            pl.DataFrame(
                {
                    "t_s": t_s,
                    "satellite": [name] * len(t_s),
                    "illumination": lit,
                    "array_w": 400.0 * lit,
                    "battery_soc": 0.75 + 0.2 * np.sin(2 * np.pi * (phase - 0.1)),
                    "computer_k": 296.0 + busy / 6 + 5.0 * lit,
                    "radiator_k": 281.0 + busy / 9 + 5.0 * np.sin(2 * np.pi * phase),
                    "compute_w": busy,
                    "link_w": zero,
                    "storage_bytes": zero,
                    "throttle": zero + 1.0,
                    "latitude_deg": latitude,
                    "longitude_deg": longitude,
                },
                schema=tables.TELEMETRY,
            )
        )
    return pl.concat(frames).sort("t_s", "satellite", maintain_order=True)


def contacts():
    rows = [
        {
            "kind": kind,
            "source": SATELLITES[i % 12],
            "target": target,
            "t_start_s": 1_200.0 * i,
            "t_end_s": 1_200.0 * i + 420.0,
            "rate_bps": 4.5e8,
            "light_time_s": 0.005,
            "hops": 4 * (kind == "relay"),
            "max_elevation_deg": 41.0 if kind == "downlink" else float("nan"),
            "booked_bytes": 1.0e9,
        }
        for i in range(60)
        for kind, target in (("downlink", PLACES[i % 3][0]), ("relay", PLACES[3 + i % 2][0]))
    ]
    return pl.DataFrame(rows, schema=tables.CONTACTS)


def leg(kind, source, target, ready_s, window_s, end_s, nbytes):
    return {
        "type": "Leg", "contact": -1 if kind == "terrestrial" else 3, "kind": kind,
        "source": NODES.index(source), "target": NODES.index(target), "t_ready_s": ready_s,
        "t_window_s": window_s, "t_start_s": window_s, "t_end_s": end_s, "t_arrival_s": end_s,
        "nbytes": nbytes,
    }  # fmt: skip


def story(architecture, job):
    """The decisions of one job as the controller would take them: (t_s, action)."""
    number, t0, t1 = job["job_id"], job["t_capture_s"], job["t_end_s"]
    end_s = HOURS * 3600.0 + 900.0 if np.isnan(t1) else t1
    step_s = min(8.0, (end_s - t0) / 8)
    on_ground = architecture in {"bent-pipe", "relay"}
    product, nbytes = ("raw", job["raw_bytes"]) if on_ground else ("answer", 4_100.0)
    kind, place = ("relay", "Hitra") if architecture == "relay" else ("downlink", "Sanya")
    sender = job["satellite"] if on_ground else job["node"]
    opens_s, down_s, there_s = end_s - 3 * step_s, end_s - 2 * step_s, end_s - step_s
    legs = [
        leg(kind, sender, place, t0 + 2 * step_s, opens_s, down_s, nbytes),
        leg("terrestrial", place, "Hangzhou", down_s, down_s, there_s, nbytes),
    ]
    move = {"type": "Move", "job_id": number, "product": product,
            "source": legs[0]["source"], "target": legs[1]["target"], "legs": legs,
            "reason": "earliest arrival over the booked contacts"}  # fmt: skip
    compute = {"type": "Compute", "job_id": number, "node": NODES.index(job["node"]),
               "stage": "screen", "reason": "where the pixels are"}  # fmt: skip
    dropped = job["reason"] == "cloud" and not on_ground
    steps = [(t0, move), (there_s, compute)] if on_ground else [(t0, compute)]
    steps += [] if on_ground or dropped else [(t0 + 2 * step_s, move)]
    if not np.isnan(t1):
        delivered = job["outcome"] == "delivered"
        detail = "answer at the centre" if delivered else "no way down before the deadline"
        if job["reason"] == "cloud":
            detail = "the detector saw 98% cloud, more than 70%"
        steps.append((t1, {"type": "Close", "job_id": number, "delivered": delivered,
                           "reason": job["reason"], "detail": detail}))  # fmt: skip
    return [step for step in steps if step[0] <= HOURS * 3600.0]


def action_row(sequence, t_s, action):
    """A row of the actions table."""
    kind, until_s = action["type"].lower(), float("nan")
    if kind == "move":
        until_s = action["legs"][-1]["t_arrival_s"]
    if kind == "close":
        reason = ": ".join(part for part in (action["reason"], action["detail"]) if part)
    ends = [action.get("source", action.get("node")), action.get("target")]
    names = ["" if row is None else NODES[row] for row in ends]
    return (sequence, t_s, action["job_id"], kind, action.get("product", ""),
            action.get("stage", ""), *names, until_s, "allow", "",
            reason if kind == "close" else action["reason"])  # fmt: skip


def write_ledger(folder, architecture, table):
    """Ledger and actions table of the same actions, in order of time."""
    acts = [act for job in table.to_dicts()[:60] for act in story(architecture, job)]
    acts.sort(key=lambda act: (act[0], act[1]["job_id"]))
    rows, lines, previous = [], [], "0" * 64
    for sequence, (t_s, action) in enumerate(acts):
        rows.append(action_row(sequence, t_s, action))
        verdict = {"type": "Verdict", "decision": "allow", "rule": "", "reason": ""}
        record = {"sequence": sequence, "t_s": t_s, "kind": "actions",
                  "decisions": [{"action": action, "verdict": verdict}],
                  "previous": previous}  # fmt: skip
        text = json.dumps(record, sort_keys=True, separators=(",", ":"))
        previous = hashlib.sha256(text.encode()).hexdigest()
        lines.append(json.dumps({**record, "hash": previous}, separators=(",", ":")))
    (folder / "ledger").mkdir()
    (folder / "ledger" / "record.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    frame = pl.DataFrame(rows, schema=tables.ACTIONS, orient="row")
    frame.write_parquet(folder / "actions.parquet")


def figures(table, watch, split):
    """The entry of comparison.json that belongs to a table of jobs."""
    done = table.filter(pl.col("outcome") == "delivered")
    missed = table.filter(pl.col("outcome") == "missed")
    times = done["time_to_insight_s"]
    n_done = max(done.height, 1)
    space, ground = table["space_energy_j"].sum(), table["ground_energy_j"].sum()
    return {
        "insights_delivered": done.height,
        "insights_missed": missed.height,
        "in_flight": table.height - done.height - missed.height,
        "missed_by": {
            reason: missed.filter(pl.col("reason") == reason).height
            for reason in ("cloud", "contact")
        },
        "time_to_insight_s": {
            "p50": times.quantile(0.5), "p95": times.quantile(0.95), "mean": times.mean(),
            "p50_all": times.quantile(0.5) * 1.25,
        },
        "bytes": {
            kind: table[f"{kind}_bytes"].sum()
            for kind in ("downlink", "crosslink", "relay", "terrestrial")
        },
        "bytes_saved": {"decisions": table["raw_bytes"].sum() * 0.999, "pixels": 4.1e11},
        "energy_j_per_insight": {
            "total": (space + ground) / n_done, "space": space / n_done, "ground": ground / n_done
        },
        "outside_temperature_s": 0.0,
        "held_laser_j_per_insight": 0.25 * space / n_done,
        "compute_w_mean": watch["compute_w"].mean(),
        "link_w_mean": watch["link_w"].mean(),
        "sustained_compute_w": 142.0,
        "battery_soc_min": watch["battery_soc"].min(),
        "radiator_k_max": watch["radiator_k"].max(),
        "binding": dict(zip(CAUSES, split, strict=True)),
    }  # fmt: skip


def provenance(n_rows):
    sources = (
        ("measured", "roofline of the profile in the repository"),
        ("published", "operator's announcement, 2025; https://example.invalid/a?b=1&c=2"),
        ("derived", "from the array's area and efficiency"),
        ("assumed", "no figure is public; typical of the class"),
    )
    return [
        {
            "key": f"groups.0.battery.field_{i}", "value": 10.5 * i, "unit": "Wh",
            "source": sources[i % 4][1], "date": "2026-05-14", "confidence": sources[i % 4][0],
        }
        for i in range(n_rows)
    ]  # fmt: skip


def manifest(architecture, title):
    return {
        "scenario": "three-body",
        "title": title,
        "summary": "Twelve computing satellites photograph the Earth for a day.",
        "digest": hashlib.sha256(title.encode()).hexdigest(),
        "architecture": architecture,
        "hours": HOURS,
        "seed": 7,
        "start": START,
        "perigrid": "0.1.0",
        "command": "perigrid compare three-body --hours 24 --seed 7",
        "scheduler": "earliest-arrival",
        "element_age_s": {name: 86_400.0 * (1 + i * 0.4) for i, name in enumerate(SATELLITES)},
        "warnings": ["elements of SCS-01 L are 5.4 days old at the start"],
        "assumed": provenance(40),
        "models": {
            "detector": {"scenes": 24, "precision": 0.95, "recall": None},
            "provenance": {"detector": "s2cloudless 1.7.2"},
        },
        "nodes": list(NODES),
        "places": [
            {"name": name, "role": role, "country": "CN", "latitude_deg": lat, "longitude_deg": lon}
            for name, role, lat, lon in PLACES
        ],
    }


def write_comparison(root, *, title="Three-Body: a day of SCS-01", n_jobs=500, step_s=300.0):
    """Write a whole comparison folder and return its path."""
    entries = {}
    for architecture in ARCHITECTURES:
        folder = root / architecture
        folder.mkdir(parents=True)
        table = jobs(architecture, n_jobs, np.random.default_rng(11))
        watch = telemetry(architecture, step_s)
        table.write_parquet(folder / "jobs.parquet")
        watch.write_parquet(folder / "telemetry.parquet")
        contacts().write_parquet(folder / "contacts.parquet")
        write_ledger(folder, architecture, table)
        entries[architecture] = figures(table, watch, DELAYS[architecture][2])
        texts = {"manifest": manifest(architecture, title), "summary": entries[architecture]}
        for name, record in texts.items():
            (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    record = {
        "scenario": "three-body", "hours": HOURS, "seed": 7, "observations": n_jobs,
        "architectures": entries, "assumed": provenance(40),
        "detector": {"scenes": 24, "precision": 0.95, "recall": 0.91, "false_alarms": 1},
    }  # fmt: skip
    (root / "comparison.json").write_text(json.dumps(record), encoding="utf-8")
    return root


@pytest.fixture(scope="session")
def comparison_dir(tmp_path_factory):
    """Read only: shared by all tests."""
    return write_comparison(tmp_path_factory.mktemp("comparison"))


@pytest.fixture
def make_comparison(tmp_path):
    """Write a comparison of one's own, to be broken or altered."""

    def make(**options):
        return write_comparison(tmp_path / "comparison", **options)

    return make


@pytest.fixture(scope="session")
def comparison_record(comparison_dir):
    return json.loads((comparison_dir / "comparison.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def flight_dir(tmp_path_factory):
    """A flight of compute jobs in a storm of faults, short of time."""
    place = tmp_path_factory.mktemp("flight") / "f"
    served(small(*STORM, "jobs.count=1500", "jobs.deadline_minutes=8"), place)
    return place
