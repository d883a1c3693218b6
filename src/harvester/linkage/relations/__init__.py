"""Undertakings that are not one, and yet belong together: programmes, phases, splits, merges."""

from harvester.linkage.relations.relate import MOST_PER_UNDERTAKING, relate
from harvester.linkage.relations.words import RELATION_WORDS, said

__all__ = ["MOST_PER_UNDERTAKING", "RELATION_WORDS", "relate", "said"]
