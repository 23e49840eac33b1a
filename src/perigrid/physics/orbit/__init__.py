"""Orbits: mean elements in, positions out."""
