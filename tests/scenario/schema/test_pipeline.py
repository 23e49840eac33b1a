from perigrid.scenario.schema.pipeline import EXECUTED, PipelineSpec
from perigrid.workload.measured import classify_stage, screen_stage


def test_the_stages_in_use_are_those_listed_or_the_two_measured() -> None:
    assert [name for name, _ in PipelineSpec.model_validate({}).used()] == ["screen", "classify"]
    own = {"name": "one", "model": "m", "pixel_m": 1.0, "ops_per_pixel": 1.0}
    listed = PipelineSpec.model_validate({"stages": [own]})
    assert [name for name, _ in listed.used()] == ["one"]


def test_shipped_models_are_known_by_the_names_of_their_profiles() -> None:
    for stage in (screen_stage(), classify_stage()):
        assert EXECUTED[stage.model] == stage.executes
