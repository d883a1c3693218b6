"""The processor counted for the first page: what is going on under each of the four offerings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from harvester.web.matters import rows
from harvester.web.matters.naming import OFFERING_OF

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.web.scope import Scope

HOPPERS = (
    ("agreements", "Agreements", "disputes and alignments", ""),
    ("compacts", "Compacts", "protocols and long contracts", ""),
    ("finance", "Finance and rules", "", "re-phasing and gate paths: not built yet"),
    ("learning", "Learning", "", "practices of other cities: not built yet"),
)


def processor(user: AbstractBaseUser | AnonymousUser, scope: Scope) -> dict[str, Any]:
    """How many matters this person may know of stand how, in the scope's metro or everywhere."""
    only = {"metro": scope.metro} if scope.metro else {}
    known = list(rows.everything(user, timezone.localdate(), **only))
    going = [one for one in known if one.stands == "open"]
    return {
        "open": len(going),
        "grains": sum(one.stands == "grain" for one in known),
        "late": sum(bool(one.late) for one in known),
        "closed": sum(one.course.state == "closed" for one in known),
        "hoppers": [
            {
                "offering": offering, "name": name, "procedures": procedures, "later": later,
                "cases": sum(o.matter.procedure == "case" and o.offering == offering for o in going),
                "matters": sum(OFFERING_OF.get(o.matter.procedure) == offering for o in going),
            }
            for offering, name, procedures, later in HOPPERS
        ],
    }  # fmt: skip
