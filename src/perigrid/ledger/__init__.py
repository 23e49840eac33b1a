"""The append-only record of a run: the only source for reports, explanation and audit."""
