import json
from pathlib import Path

from perigrid.base.architecture import COMPARED
from perigrid.sim.world import World

KEYS = {
    *("insights_delivered", "insights_missed", "time_to_insight_s", "bytes"),
    *("energy_j_per_insight", "compute_w_mean", "sustained_compute_w", "battery_soc_min"),
    *("radiator_k_max", "binding"),
}


def test_the_comparison_has_the_contracts_shape(
    comparison: tuple[dict, Path], world: World
) -> None:
    result, folder = comparison
    assert list(result) == [
        *("scenario", "hours", "seed", "observations", "architectures", "detector", "assumed")
    ]
    assert list(result["architectures"]) == [architecture.name for architecture in COMPARED]
    for figures in result["architectures"].values():
        assert set(figures) >= KEYS
        assert set(figures["time_to_insight_s"]) >= {"p50", "p95", "mean"}
        assert set(figures["bytes"]) == {"downlink", "crosslink", "relay", "terrestrial"}
        assert set(figures["energy_j_per_insight"]) == {"total", "space", "ground"}
    assert set(result["detector"]) >= {"scenes", "precision", "recall"}
    assert result["detector"]["scenes"] == len(world.bank)
    assert json.loads((folder / "comparison.json").read_text()) == result


def test_all_architectures_see_the_same_observations(comparison: tuple[dict, Path]) -> None:
    import polars as pl

    columns = ["satellite", "t_capture_s", "target", "scene", "raw_bytes"]
    tables = [
        pl.read_parquet(comparison[1] / name / "jobs.parquet").select(columns)
        for name in comparison[0]["architectures"]
    ]
    assert all(table.equals(tables[0]) for table in tables)


def test_each_architecture_uses_its_links_only(comparison: tuple[dict, Path]) -> None:
    used = {
        name: {kind for kind, nbytes in figures["bytes"].items() if nbytes > 0.0}
        for name, figures in comparison[0]["architectures"].items()
    }
    assert used["bent-pipe"] == used["onboard"] == {"downlink", "terrestrial"}
    assert used["relay"] == {"relay", "terrestrial"}
    assert used["orbital"] <= {"downlink", "crosslink", "terrestrial"}
