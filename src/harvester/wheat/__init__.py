"""Detectors: misalignments as findings with stable keys and evidence down to the cell."""
