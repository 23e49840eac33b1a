"""Wall clock: the world is agents that run the real models."""
