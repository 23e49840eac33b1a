"""Which satellite of a large fleet does a job: one compiled decision, arrays in, a row out."""
