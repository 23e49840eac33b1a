"""Approval and autonomy: who signed what, within which bounds, until when, and who may stop it."""
