"""Forums in a line for the first page: the next meeting, and decisions past their day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harvester.web.forums import deciding
from harvester.web.forums.standing import name_of
from harvester.web.models import Meeting

if TYPE_CHECKING:
    import datetime as dt

    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser


def forums(user: AbstractBaseUser | AnonymousUser, today: dt.date) -> dict[str, Any]:
    """The next meeting of any forum, and how many decisions this person may know of are late."""
    coming = Meeting.objects.filter(on__gte=today, closed=None).order_by("on", "number").first()
    late = sum(one.late for one in deciding.decisions_of(user, today, due__lt=today))
    return {"next": coming, "name": name_of(coming.forum) if coming else "", "late": late}
