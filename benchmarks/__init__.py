"""Measured figures with peers beside them. Never part of the tests: machines differ, ratios hold."""
