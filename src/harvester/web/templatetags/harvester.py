"""How templates write money, days, codes and addresses."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.forms import CheckboxSelectMultiple, RadioSelect
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from harvester.alignment.indicators import Scale
from harvester.domain.money import format_rand, format_rand_short
from harvester.web import labels

if TYPE_CHECKING:
    from harvester.web.scope import Scope

register = template.Library()
LETTERS = {"national": "n", "provincial": "p", "local": "l", "entity": "e"}
# A no-break space, so that no figure is wrapped.
NARROW = "\u00a0"


@register.filter
def rand(cents: int | None) -> str:
    """``R 1 234 567``."""
    return format_rand(cents).replace(" ", NARROW)


@register.filter
def short_rand(cents: int | None) -> str:
    """``R 31.4 bn``."""
    return format_rand_short(cents).replace(" ", NARROW)


@register.filter
def number(value: float | None) -> str:
    """``12 345``; a dash for nothing."""
    if value is None or value == "":
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.2f}".replace(",", NARROW)
    return f"{int(value):,}".replace(",", NARROW)


@register.filter
def percent(value: float | None) -> str:
    """``61 %``; ``unknown`` for nothing."""
    return "unknown" if value is None else f"{value * 100:.0f}{NARROW}%"


@register.filter
def points(change: float) -> str:
    """A change between two shares: ``+12 points``."""
    whole = round(change * 100)
    return f"{whole:+d}{NARROW}points" if whole else f"0{NARROW}points"


_IN_FIGURES = re.compile(r"(?<=\bR) (?=\d)|(?<=\d) (?=(?:\d{3}|bn|m|%)(?!\w))")


@register.filter
def unbroken(sentence: str) -> str:
    """A sentence in which no figure is broken over two lines."""
    return _IN_FIGURES.sub(NARROW, sentence)


@register.filter
def said(value: float | None, scale: Scale) -> str:
    """The value of an indicator in its own scale: ``61 %``, ``0.43 times``, ``7.5 months``."""
    return scale.say(value).replace(" ", NARROW)


@register.filter
def day(value: dt.date | str | None) -> str:
    """``23 Oct 2018``."""
    if isinstance(value, str):
        try:
            value = dt.date.fromisoformat(value)
        except ValueError:
            return value
    return "" if value is None else f"{value.day}{NARROW}{value:%b}{NARROW}{value:%Y}"


@register.filter
def year(start: int | None) -> str:
    """``2018/19`` of its first half."""
    return "" if start is None else f"{start}/{(start + 1) % 100:02d}"


@register.filter
def words(code: str | None, kind: str) -> str:
    """The words for a code."""
    return labels.words(kind, code or "")


@register.filter
def listed(text: str | None) -> list[str]:
    """The parts of a text with commas between."""
    return [part for part in (text or "").split(",") if part]


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """A value of a mapping."""
    return mapping.get(key) if mapping else None


@register.filter
def is_list(value: object) -> bool:
    """Whether a value is several."""
    return isinstance(value, list | tuple)


@register.filter
def is_choices(field: Any) -> bool:
    """Whether a field of a form is a group of boxes or buttons, each with a label of its own."""
    return isinstance(field.field.widget, CheckboxSelectMultiple | RadioSelect)


@register.filter
def iso_moment(text: str) -> str:
    """``3 Sep 2018 09:00`` in this country's time, of a moment in ISO form; unknown for nothing."""
    if not text:
        return "unknown"
    moment = timezone.localtime(dt.datetime.fromisoformat(text))
    return f"{day(moment.date())} {moment:%H:%M}"


@register.simple_tag
def party(code: str) -> SafeString:
    """An institution as a tag in the colour of its sphere, with the sphere's word."""
    sphere = labels.institution_sphere(code)
    name = labels.place_name(code) if labels.is_municipality(code) else labels.institution(code)
    letter = LETTERS.get(sphere, "u")
    told = sphere if sphere in LETTERS else ""
    return format_html('<span class="tag t-{}">{}<i>{}</i></span>', letter, name or "unknown", told)


@register.simple_tag
def sphere_tag(sphere: str) -> SafeString:
    """A sphere as a tag in its colour."""
    return format_html('<span class="tag t-{}">{}</span>', LETTERS.get(sphere, "u"), sphere)


@register.simple_tag
def severity(code: str) -> SafeString:
    """How bad a finding is: a word first, a colour second."""
    short = {"high": "hi", "medium": "mid", "low": "lo"}.get(code, "lo")
    return format_html('<span class="sev {}">{}</span>', short, labels.SEVERITIES.get(code, code))


def _query(scope: Scope | None, more: dict[str, Any]) -> str:
    told = {**(scope.pairs if scope else {})}
    told.update({name.rstrip("_"): str(value) for name, value in more.items()})
    return urlencode({k: v for k, v in told.items() if v not in {"", "None"}}, safe="/,:")


@register.simple_tag(takes_context=True)
def go(context: template.Context, name: str, *args: object, **query: object) -> str:
    """The address of a page with the scope kept; further values by name (``from_`` for ``from``)."""
    told = _query(context.get("scope"), query)
    address = reverse(name, args=args)
    return f"{address}?{told}" if told else address


@register.simple_tag
def turned(shown: Any, **changes: object) -> str:
    """The address of a list with some values changed."""
    return "?" + shown.query(**{name: str(value) for name, value in changes.items()})


@register.simple_tag
def heading(page: Any, name: str, label: str = "", css: str = "") -> SafeString:
    """A column's heading with its sort: once up, again down, again not."""
    column = next(c for c in page.listing.columns if c.name == name)
    text = label or column.label
    first, other = (f"-{name}", name) if column.kind != "text" else (name, f"-{name}")
    following = {"": first, first: other, other: ""}.get(page.sort, first)
    state = {name: "ascending", f"-{name}": "descending"}.get(page.sort, "none")
    arrow = {"ascending": " ▲", "descending": " ▼"}.get(state, "")
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}"><a class="sort" href="?{}">{}{}</a></th>',
        css,
        state,
        page.query(sort=following),
        text,
        arrow,
    )


_UNKNOWN = mark_safe('<span class="unknown">unknown</span>')


@register.simple_tag
def told(row: dict[str, Any], column: Any) -> str:
    """The value of a statement's column in words; what is missing is unknown, never nought."""
    value = row.get(column.name)
    if column.kind == "text":
        return "" if value is None else str(value)
    if value is None:
        return "" if column.name not in row else _UNKNOWN
    if column.kind == "rand":
        return format_html('<span title="{}">{}</span>', rand(value), short_rand(value))
    if column.kind == "measure":
        return Scale(row["scale"]).say(value).replace(" ", NARROW)
    if column.kind == "share":
        return percent(value)
    return f"{value:.1f}" if column.kind == "number" else number(value)


@register.simple_tag
def attributes(**pairs: object) -> SafeString:
    """Attributes for those values that are not empty."""
    told = [
        (name.replace("_", "-"), value) for name, value in pairs.items() if value not in {None, ""}
    ]
    return format_html_join("", ' {}="{}"', told)


@lru_cache(maxsize=64)
def _version(path: str) -> str:
    found = finders.find(path)
    if not found:
        return ""
    with open(found, "rb") as stream:  # noqa: PTH123  finders give text paths
        return hashlib.sha256(stream.read()).hexdigest()[:10]


@register.simple_tag
def asset(path: str) -> str:
    """Address of a static file, with its content's hash so that a new one is fetched at once."""
    version = "" if settings.DEBUG else f"?v={_version(path)}"
    return mark_safe(static(path) + version)  # noqa: S308  our own constant paths
