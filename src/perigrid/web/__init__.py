"""Serves a finished run over HTTP."""
