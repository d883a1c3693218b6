"""Who may convene the parties of a declared dispute (IGRFA 42(3) and (4)), from who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.domain.documents import Sphere

if TYPE_CHECKING:
    from collections.abc import Sequence

    from harvester.domain.institutions import Institution

MINISTER, MEC, UNKNOWN = "minister", "mec", "unknown"


@dataclass(frozen=True)
class Convening:
    """``by`` is ``minister``, ``mec`` (of ``province``) or ``unknown``; with the reference and why."""

    by: str
    province: str
    reference: str
    reason: str


def who_convenes(parties: Sequence[Institution]) -> Convening:
    """Who may convene when the parties of a declared dispute do not meet.

    The Minister where a national organ of state is party, where parties are of different provinces,
    and in what is left; the MEC for local government where a province and its municipality, or
    municipalities of one province, are the parties. Unknown where a party's province is.
    """
    spheres = {party.sphere for party in parties}
    if any(_is_national(party) for party in parties):
        return Convening(MINISTER, "", "IGRFA 42(3)", "a national organ of state is party")
    provinces = {_province(party) for party in parties}
    if "" in provinces or len(parties) < 2:
        return Convening(UNKNOWN, "", "IGRFA 42(3) and (4)", "the province of a party is not known")
    if len(provinces) > 1:
        return Convening(MINISTER, "", "IGRFA 42(3)", "the parties are of different provinces")
    (province,) = provinces
    if Sphere.LOCAL in spheres:
        return Convening(
            MEC, province, "IGRFA 42(4)",
            "the parties are a province and its municipality, or municipalities of one province",
        )  # fmt: skip
    return Convening(MINISTER, "", "IGRFA 42(3)", "no municipality is party: a residual case")


def _is_national(party: Institution) -> bool:
    """Whether a party is a national organ of state; an entity is one unless it is of a province."""
    return party.sphere is Sphere.NATIONAL or (party.sphere is Sphere.ENTITY and not party.province)


def _province(party: Institution) -> str:
    """The province a party is of; a province itself is its own."""
    return party.province or (party.code if party.sphere is Sphere.PROVINCIAL else "")
