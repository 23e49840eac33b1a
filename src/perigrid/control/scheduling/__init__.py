"""Schedulers: which node, when."""
