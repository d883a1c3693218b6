"""Facts of a matter in words, and people by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model

from harvester.rules.law import contents, mechanisms
from harvester.web import labels
from harvester.web.forums.standing import name_of

if TYPE_CHECKING:
    from collections.abc import Callable

FACT_WORDS = {
    "rand_cents": "Rand at stake", "rand_low_cents": "At least", "rand_high_cents": "At most",
    "people": "People in reach", "confidence": "How sure", "detector": "Kind of finding",
    "suggested_offering": "Offering that suits", "special_mechanism": "Special mechanism",
    "convener": "Who may convene the parties", "treasury_is_party": "National Treasury is a party",
    "undertaking_id": "Project",
}  # fmt: skip
CONVENERS = {
    "minister": "the Minister responsible for local government",
    "mec": "the MEC for local government of the province",
}
TRUTH = {"true": "yes", "false": "no"}


def in_words(fact: str, value: Any) -> Any:
    """The value of a fact as a person reads it."""
    said = _SAID.get(fact)
    return said(str(value)) if said else TRUTH.get(str(value), value)


def person_name(username: str) -> str:
    """A person by name; the user name where there is no account."""
    if not username:
        return ""
    found = get_user_model().objects.filter(username=username).first()
    return (found.get_full_name() or username) if found else username.removeprefix("guest:")


def _mechanism(code: str) -> str:
    found = mechanisms.load().get(code)
    return found.name if found else code


def _trigger(code: str) -> str:
    return next((one.says for one in contents.load().triggers if one.id == code), code)


def _offering(code: str) -> str:
    return labels.OFFERINGS.get(code, code)


_SAID: dict[str, Callable[[str], str]] = {
    "owner": person_name,
    "delegate": person_name,
    "forum": name_of,
    "offering": _offering,
    "suggested_offering": _offering,
    "trigger": _trigger,
    "special_mechanism": _mechanism,
    "convener": lambda code: CONVENERS.get(code, code),
}
