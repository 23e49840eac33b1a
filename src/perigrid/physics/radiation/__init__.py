"""Trapped particles, the dose they leave behind shielding, and the faults they cause."""
