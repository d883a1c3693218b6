"""Relations in words, seen from either side."""

from __future__ import annotations

from harvester.linkage.relations.phases import NEXT_PHASE, PHASE_OF
from harvester.linkage.relations.programmes import PART_OF
from harvester.linkage.relations.splits import MERGED_INTO, SPLIT_INTO

SAME_PROGRAMME = "same_programme"

RELATION_WORDS = {
    PART_OF: ("is part of", "covers"),
    PHASE_OF: ("is a phase of", "has the phase"),
    NEXT_PHASE: ("comes before", "comes after"),
    SPLIT_INTO: ("was split: a part of it is", "was split off from"),
    MERGED_INTO: ("was merged into", "took in"),
    SAME_PROGRAMME: ("is of one programme with", "is of one programme with"),
}
"""By kind: what the first undertaking is to the second, and the second to the first."""


def said(kind: str, *, forward: bool) -> str:
    """What one undertaking is to another; ``forward`` when the relation starts from it."""
    return RELATION_WORDS[kind][0 if forward else 1]
