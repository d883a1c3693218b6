"""An issue that anyone reports: a grain for triage, marked so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.utils import timezone

from harvester.domain.errors import UserError
from harvester.rules import institutions
from harvester.web.actions.acting import Actor
from harvester.web.actions.matters import LONGEST_TEXT, LONGEST_TITLE, open_matter
from harvester.web.rights import Level

if TYPE_CHECKING:
    import datetime as dt

    from harvester.web.models import Matter

MOST_AN_HOUR = 5
"""Reports from one address in an hour."""
HOUR = 3600
_MARKUP = re.compile(r"<\s*[a-zA-Z/!]|\[/?url|javascript:", re.IGNORECASE)


class TooManyError(UserError):
    """More reports from one address than anyone would write by hand."""


def count_attempt(address: str) -> None:
    """Count one report from a network address. Raises :class:`TooManyError` past the limit."""
    key = f"reports:{address}"
    if not cache.add(key, 1, HOUR) and cache.incr(key) > MOST_AN_HOUR:
        raise TooManyError(
            "too many reports came from your address within an hour.", mend="Try again later."
        )


def report(
    *,
    title: str,
    text: str,
    metro: str = "",
    institution: str = "",
    name: str = "",
    contact: str = "",
    at: dt.datetime | None = None,
) -> Matter:
    """Keep a report as a grain, read by the secretariat and those it concerns.

    Raises ``UserError`` for markup, an empty or overlong text, and a place or institution that is
    not known.
    """
    when = at or timezone.now()
    book = institutions.load()
    told = {"title": title, "text": text, "name": name, "contact": contact}
    for where, words in told.items():
        if _MARKUP.search(words):
            raise UserError("write plain words, without markup.", where=where)
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise UserError(f"say in at most {LONGEST_TEXT} characters what is wrong.", where="text")
    if len(title.strip()) > LONGEST_TITLE:
        raise UserError(f"at most {LONGEST_TITLE} characters.", where="title")
    parties = [code for code in dict.fromkeys((institution, metro)) if code]
    for code in parties:
        if book.get(code) is None:
            raise UserError("no institution is known by that code.", where="institution")
    if not parties:
        raise UserError("say which city or institution it concerns.", where="metro")
    known = {"marked": "reported", "statement": text.strip(), "evidence": ["report"]}
    known |= {"reported_by": name.strip()[:120]} if name.strip() else {}
    known |= {"contact": contact.strip()[:200]} if contact.strip() else {}
    return open_matter(
        Actor.guest(name or "somebody"), "case", title=title, parties=parties, known=known,
        opened=timezone.localdate(when), level=Level.PARTIES, metro=metro, at=when,
    )  # fmt: skip
