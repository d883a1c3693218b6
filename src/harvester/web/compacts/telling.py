"""Each commitment of a protocol as a page shows it: its ladder, its project, the forms for this person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.web.compacts import found
from harvester.web.compacts.forms import ContestForm, ReplaceForm
from harvester.web.matters import courses
from harvester.web.permissions import Action, may, subject_of
from harvester.web.queries import projects

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

    from harvester.web.compacts.promises import Compact
    from harvester.web.harvest_store import HarvestTables


def may_here(user: AbstractBaseUser | AnonymousUser, compact: Compact, action: Action) -> bool:
    """Whether this person may do this in a protocol as it stands now."""
    matter = compact.shown.matter
    level = courses.level_of(matter, compact.shown.course)
    return may(user, action, subject_of(matter.key, level))


def told_of(
    user: AbstractBaseUser | AnonymousUser, compact: Compact, tables: HarvestTables | None
) -> list[dict[str, Any]]:
    """Each commitment with its ladder in the harvest in service, and the forms that are for this
    person."""
    may_contest = may_here(user, compact, Action.CONTEST_VERDICT)
    may_replace = may_here(user, compact, Action.REPLACE_COMMITMENT)
    told = []
    for one in compact.promises:
        named = one.commitment.undertaking
        told.append({
            "promise": one, "commitment": one.commitment,
            # A draft is shown in the year it names; what binds in the year it can land in.
            "rungs": found.ladder(tables, one.lands.commitment if one.agreed else one.commitment)
            if tables and named else [],
            "project": projects.project(tables, named) if tables and named else None,
            "can_contest": may_contest and one.verdict is not None,
            "can_replace": may_replace and compact.binding is not None,
            "contest_form": ContestForm(auto_id=f"contest_{one.commitment.id}_%s"),
            "replace_form": ReplaceForm(auto_id=f"replace_{one.commitment.id}_%s"),
        })  # fmt: skip
    return told
