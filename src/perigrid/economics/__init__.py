"""What it costs: launch, build, energy."""
