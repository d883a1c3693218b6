"""Undertakings that are not one, and yet belong together: programmes, phases, splits, merges."""

from harvester.linkage.relations.relate import MOST_PER_UNDERTAKING, relate

__all__ = ["MOST_PER_UNDERTAKING", "relate"]
