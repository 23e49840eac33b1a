"""Frozen description of a mission, its schema, its parser and the library of scenarios."""
