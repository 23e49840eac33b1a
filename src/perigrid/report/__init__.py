"""Reads a RunRecord; writes tables, figures, the HTML report, explanations."""
