"""Misalignments planted on purpose: which project gets which, and what is done to its documents.

A project without a plant is consistent through all its documents, so that no detector should
fire on it. Each planted project has one misalignment only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.sample.world import SEASONS

if TYPE_CHECKING:
    from harvester.sample.world import Kind

DETECTORS = ("W01", "W02", "W03", "W04", "W06", "W07", "W10", "W12", "W16")
"""Detectors planted in projects; W20 (a submission that is missing) is planted in files."""

SHARE = 0.012
"""Share of the projects planted for each detector."""

NO_PIPELINE = ("MAN", 2019)
NO_IN_YEAR = ("BUF", 2019)
NO_AGENCY = ("HDA", 2019)
NO_PROVINCIAL, METRO_OF_NO_PROVINCIAL = ("FS-HEA", 2019), "MAN"
"""Submissions left out on purpose (institution, publication year): the plants of W20."""

MISSING = (
    ("pipeline", *NO_PIPELINE),
    ("in_year", *NO_IN_YEAR),
    ("agency_projects", *NO_AGENCY),
    ("provincial_projects", *NO_PROVINCIAL),
)
"""The same, with the document before: what W20 should find."""


GRANTS_DIFFER, CUT_AFTER = ("JHB", "ETH"), ("CPT", "EKU")
"""Metros that budget more of their largest grant than was gazetted, and metros whose largest grant
is cut after they adopted their budget: the plants of W05."""

TARGET_WITHOUT_PROJECT, WORKS_WITHOUT_TARGET = ("EC-EDU", SEASONS[-1]), ("KZN-HS", SEASONS[-1])
"""Departments and seasons of the plants of W15."""


TIED, UNTIED = frozenset({"ICDG", "NDPG"}), "USDG"
"""Grants meant for the targeted areas, and the one that pays elsewhere."""


def metro_of(institution: str) -> str:
    """The metro a missing submission is about: the institution itself, or that of its province."""
    return METRO_OF_NO_PROVINCIAL if institution == NO_PROVINCIAL[0] else institution


_VARIANTS: dict[str, tuple[str, ...]] = {
    "W04": ("provincial", "provincial", "entity", "national"),
    "W06": ("local", "provincial", "local"),
    "W07": ("local", "provincial", "local"),
    "W12": ("provincial", "elsewhere", "local", "sea"),
}

WORDS = {
    "W01": "in the BEPP pipeline of both years, in no IDP",
    "W02": "in the IDP of both years, in no budget",
    "W03": "in the budget, in neither BEPP pipeline nor IDP",
    "W04": "in its owner's list, in neither BEPP pipeline nor IDP of the metro",
    "W06": "years in the owner's document stand two years or more from those in IDP and pipeline",
    "W07": "amounts in the owner's document are far from those in IDP and pipeline",
    "W10": "metro and provincial department each budget the full amount in the same months",
    "W12": "the point in one document lies kilometres from that in another",
    "W16": "spent by the end of March far below pro rata",
}


@dataclass(frozen=True)
class Planter:
    """Decides for one metro. ``order`` is the metro's place in the list; ``aligned`` plants none."""

    metro: str
    order: int
    aligned: bool

    def plant_for(self, n: int, count: int) -> str:
        """Detector planted in the ``n``-th of ``count`` projects, or ``""``."""
        if self.aligned:
            return ""
        every = max(round(1 / (SHARE * len(DETECTORS))), 1)
        slot, rest = divmod(n - 1, every)
        few = count < every * len(DETECTORS)
        if rest != 0 and not (few and n <= 4):
            return ""
        turn = n - 1 if few else slot
        plant = DETECTORS[(turn + self.order * 4) % len(DETECTORS)]
        return plant if self._possible(plant) else ""

    def _possible(self, plant: str) -> bool:
        """A plant must show in files that exist: no in-year report, no in-year finding."""
        if plant == "W01":
            return self.metro != NO_PIPELINE[0]
        if plant == "W16":
            return self.metro != NO_IN_YEAR[0]
        return True

    def variant_for(self, plant: str, n: int) -> str:
        """Which form a plant takes."""
        variants = _VARIANTS.get(plant)
        return variants[(n // 5 + self.order) % len(variants)] if variants else ""

    def sphere_for(self, plant: str, variant: str) -> str:
        """Sphere the planted project must be of; empty: any."""
        if not plant:
            return ""
        if plant in _VARIANTS:
            return "provincial" if variant in {"elsewhere", "sea"} else variant
        return "local"

    def suits(self, plant: str, variant: str, kind: Kind) -> bool:
        """Whether a kind can carry the plant."""
        if not plant:
            return True
        unlisted = self.metro == METRO_OF_NO_PROVINCIAL
        if plant == "W10":
            return kind.id == "library" or (kind.id == "municipal_clinic" and not unlisted)
        if unlisted and kind.owner == "prov:HEA":
            # Its department's list is left out in the last season: nothing would show there.
            return False
        if plant == "W04" and variant == "entity":
            return kind.owner != NO_AGENCY[0]
        return kind.place == "located"

    def start_year(self, plant: str) -> int | None:
        """First year of cash the plant needs, or ``None``."""
        return {"W01": SEASONS[1], "W02": SEASONS[1], "W03": SEASONS[1], "W06": SEASONS[1],
                "W07": SEASONS[1], "W12": SEASONS[1], "W16": SEASONS[1]}.get(plant)  # fmt: skip

    def longest(self, plant: str) -> int | None:
        """Most years of cash the plant allows, or ``None``."""
        return 1 if plant == "W06" else None
