"""Housing, and what it needs around it: which complement is there, in time, and within reach.

*Housing* is capital money of the function human settlements; *complements* and their reach are data
(``rules/data/norms.yaml``). Only what the season's documents plan is seen: a school that stands
already is in no list, so a missing complement is a question, not a fault.

``fact_complement`` has one row per housing project (a capital entry, so each counts once for a
sphere and season) × complement, with ``status``:

- ``satisfied``: an undertaking of that kind within reach (straight line between points), or, for a
  service from a network, one that serves an area the housing lies in; its last month with money
  no later than the housing's;
- ``late``: there, but only after the housing: ``months_late`` from the housing's last month to that
  of the first one within reach;
- ``missing``: none within reach, though every list that would hold one was read;
- ``unknown``: the housing has no place or no months; or a list that would hold the complement was
  not read (the metro's own for what the local sphere leads, the department's or entity's for what
  another does); or a network project of the metro says nowhere which area it serves; or a complement
  that has no point names the place the housing names (``fact_namesake``), and may be the one beside it.

``near_entry`` and ``metres`` name the complement found (metres null where an area was served, not a
distance). ``share_low`` and ``share_high`` bound the truth: a point may lie off by the norm
``point.doubt``; documents may disagree about it (``fact_doubted``); a complement of the metro that has no place could be near; and an area that both
name is too large to prove that one serves the other.

Other tables: ``fact_housing`` the projects that ask; ``fact_offer`` every undertaking that is a
complement, with the months it ends in; ``fact_provider`` whether everyone who would provide a
complement in a metro and season was read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from harvester.domain.documents import Sphere
from harvester.linkage.names.proper import proper_words
from harvester.rules import expectations, institutions, norms, responsibilities
from harvester.rules.text import phrase_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ibis.expr.types import Table as IbisTable

    from harvester.alignment.facts.build import Facts
    from harvester.domain.institutions import Institution
    from harvester.engine.engine import Engine
    from harvester.rules.institutions import InstitutionBook
    from harvester.rules.norms import Complement

BULK_CAPACITY = "bulk_capacity"
"""Column of a pipeline that says what bulk services there are (``extras`` of an entry)."""

_NORMS = norms.load()
_DOUBT = _NORMS["point.doubt"].latest

# A row that gives no point of its own stands where another document puts the same undertaking.
CAPITAL_DATED = """
SELECT c.entry_id, c.undertaking_id, c.metro, c.sphere, c.owner, c.season, c.year, c.document,
       c.name, c."function", c.province, c."grant", c.place_class, c.amount_cents,
       c.probability,
       CASE WHEN c.place_class = 'located' AND c.longitude IS NOT NULL THEN c.longitude
            WHEN c.place_class <> 'network' THEN u.longitude END AS longitude,
       CASE WHEN c.place_class = 'located' AND c.longitude IS NOT NULL THEN c.latitude
            WHEN c.place_class <> 'network' THEN u.latitude END AS latitude,
       CASE WHEN c.place_class = 'located' THEN c.points ELSE '' END AS points,
       d.month0, d.month1,
       (c.place_class = 'located' AND (c.points <> '' OR c.longitude IS NOT NULL))
       OR (c.place_class <> 'network' AND u.longitude IS NOT NULL) AS drawn
FROM fact_capital c
LEFT JOIN (
    SELECT undertaking_id, longitude, latitude FROM in_undertakings
    WHERE place_class = 'located' AND longitude IS NOT NULL AND latitude IS NOT NULL
) u ON u.undertaking_id = c.undertaking_id
LEFT JOIN (
    SELECT entry_id, min(month0) AS month0, max(month1) AS month1 FROM fact_line
    WHERE amount_cents <> 0 AND month0 IS NOT NULL GROUP BY entry_id
) d ON d.entry_id = c.entry_id
WHERE c.amount_cents > 0 AND c.place_class <> 'administrative'
"""

HOUSING = """SELECT * FROM fact_capital_dated WHERE "function" = 'housing'"""


def _is_one(complement: Complement) -> str:
    """SQL: whether an entry is a complement of this kind."""
    named = ", ".join(f"'{function}'" for function in complement.functions)
    said = [f'"function" IN ({named})']
    if complement.left_out:
        said.append(f"NOT regexp_matches(lower(name), '{phrase_pattern(complement.left_out)}')")
    if complement.only:
        said.append(f"regexp_matches(lower(name), '{phrase_pattern(complement.only)}')")
    return " AND ".join(said)


OFFER = " UNION ALL ".join(
    f"SELECT *, '{code}' AS complement, {str(c.bulk).upper()} AS bulk FROM fact_capital_dated "
    f"WHERE {_is_one(c)}"
    for code, c in _NORMS.complements.items()
)

PROVIDER = """
SELECT p.metro, p.complement, s.season,
       bool_and(CASE WHEN p.owner = p.metro THEN r.metro IS NOT NULL
                     ELSE o.owner IS NOT NULL END) AS provided
FROM in_providers p
CROSS JOIN (SELECT DISTINCT season FROM fact_housing WHERE season IS NOT NULL) s
LEFT JOIN (
    SELECT DISTINCT metro, season FROM fact_read WHERE document IN ('pipeline', 'idp', 'budget')
) r ON r.metro = p.owner AND r.season = s.season
LEFT JOIN fact_owner_read o ON o.owner = p.owner AND o.season = s.season
GROUP BY p.metro, p.complement, s.season
"""

# Areas smaller than a municipality that an entry lies in, names, or says it serves.
_IN_AREAS = """
SELECT DISTINCT p.entry_id, p.layer, p.area_id
FROM (SELECT entry_id, layer, area_id, weight FROM in_places
      UNION ALL SELECT entry_id, layer, area_id, weight FROM in_benefits) p
JOIN in_areas a ON a.area_id = p.area_id
WHERE p.weight > 0 AND a.kind NOT IN ('municipality', 'district', 'province')
"""

# The first network project that serves an area, and whether the housing lies in it.
SERVED = f"""
WITH areas AS ({_IN_AREAS}), first_there AS (
    SELECT o.complement, o.season, a.layer, a.area_id, min(o.month1) AS month1,
           arg_min(o.entry_id, (o.month1, o.entry_id)) AS entry_id
    FROM fact_offer o JOIN areas a ON a.entry_id = o.entry_id
    WHERE o.bulk AND o.month1 IS NOT NULL
    GROUP BY o.complement, o.season, a.layer, a.area_id
)
SELECT h.entry_id, f.complement, min(f.month1) AS month1,
       arg_min(f.entry_id, (f.month1, f.entry_id)) AS near_entry
FROM fact_housing h
JOIN areas a ON a.entry_id = h.entry_id
JOIN first_there f ON f.season = h.season AND f.layer = a.layer AND f.area_id = a.area_id
GROUP BY h.entry_id, f.complement
"""

# Offers of a metro and season that could be anywhere in it, or at any time.
LOOSE = f"""
WITH placed AS (SELECT DISTINCT entry_id FROM ({_IN_AREAS}))
SELECT o.metro, o.season, o.complement, bool_or(o.place_class = 'network') AS network
FROM fact_offer o LEFT JOIN placed p ON p.entry_id = o.entry_id
WHERE o.month1 IS NULL OR (NOT o.drawn AND NOT (o.bulk AND p.entry_id IS NOT NULL))
GROUP BY o.metro, o.season, o.complement
"""

_UNPLACED = """
SELECT DISTINCT undertaking_id, metro, season, complement FROM fact_offer
WHERE NOT drawn AND place_class <> 'network'
"""

COMPLEMENT = f"""
WITH asked AS (
    SELECT h.entry_id, h.undertaking_id, h.metro, h.sphere, h.owner, h.season, h.year, h.name,
           h.amount_cents, h.probability, h.month1,
           h.drawn AS placed,
           k.complement, k.reach, k.bulk, n.on_time_metres, n.late_entry, n.late_metres,
           s.month1 AS served_month1, s.near_entry AS served_entry,
           coalesce(p.provided, FALSE) AS provided,
           l.metro IS NOT NULL AS loose, coalesce(l.network, FALSE) AS network,
           w.entry_id IS NOT NULL AS namesake,
           d.entry_id IS NOT NULL OR o.entry_id IS NOT NULL AS doubted,
           CASE WHEN n.on_time_metres <= k.reach THEN n.on_time_entry END AS on_time_entry,
           least(n.late_month1, CASE WHEN s.month1 > h.month1 THEN s.month1 END) AS late_month1
    FROM fact_housing h
    CROSS JOIN in_complements k
    LEFT JOIN fact_near n ON n.entry_id = h.entry_id AND n.complement = k.complement
    LEFT JOIN fact_served s ON s.entry_id = h.entry_id AND s.complement = k.complement
    LEFT JOIN fact_provider p ON p.metro = h.metro AND p.complement = k.complement
         AND p.season = h.season
    LEFT JOIN fact_loose l ON l.metro = h.metro AND l.complement = k.complement
         AND l.season = h.season
    LEFT JOIN fact_namesake w ON w.entry_id = h.entry_id AND w.complement = k.complement
    LEFT JOIN fact_doubted d ON d.entry_id = h.entry_id
    LEFT JOIN fact_doubted o ON o.entry_id = n.on_time_entry
), judged AS (
    SELECT *,
           CASE WHEN month1 IS NULL THEN 'unknown'
                WHEN on_time_entry IS NOT NULL OR served_month1 <= month1 THEN 'satisfied'
                WHEN NOT placed OR NOT provided OR (bulk AND network) OR namesake
                THEN 'unknown'
                WHEN late_month1 IS NOT NULL THEN 'late'
                ELSE 'missing' END AS status
    FROM asked
)
SELECT entry_id, undertaking_id, metro, sphere, owner, season, year, name, amount_cents,
       probability, complement, bulk, reach, status,
       CASE status WHEN 'satisfied' THEN coalesce(on_time_entry, served_entry)
                   WHEN 'late' THEN coalesce(late_entry, served_entry) END AS near_entry,
       CASE status WHEN 'satisfied' THEN CASE WHEN on_time_entry IS NOT NULL THEN on_time_metres END
                   WHEN 'late' THEN late_metres END AS metres,
       CASE status WHEN 'satisfied' THEN 0 WHEN 'late' THEN late_month1 - month1 END
       AS months_late,
       CASE status WHEN 'satisfied' THEN 1.0 WHEN 'unknown' THEN NULL ELSE 0.0 END AS share,
       CASE WHEN status = 'satisfied' AND on_time_metres <= reach - {_DOUBT} AND NOT doubted
            THEN 1.0 ELSE 0.0 END AS share_low,
       CASE WHEN status IN ('satisfied', 'unknown') OR loose OR on_time_metres > reach OR doubted
            THEN 1.0 ELSE 0.0 END AS share_high
FROM judged
"""

FACTS = {
    "fact_capital_dated": CAPITAL_DATED,
    "fact_housing": HOUSING,
    "fact_offer": OFFER,
    "fact_provider": PROVIDER,
    "fact_served": SERVED,
    "fact_loose": LOOSE,
    "fact_complement": COMPLEMENT,
}


def namesakes(facts: Facts) -> pa.Table:
    """``fact_namesake``: ``entry_id`` of housing, ``complement``, where one without a point names its place.

    The place is what the rows of an undertaking give as location, else what their names tell, the
    municipality's own name left out.
    """
    places = _Places(facts)
    unplaced: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in facts.query(_UNPLACED).to_pylist():
        asked = row["metro"], row["season"], row["complement"]
        unplaced[asked] |= places.of(row["undertaking_id"], row["metro"])
    houses = facts.query(
        "SELECT entry_id, undertaking_id, metro, season FROM fact_housing WHERE drawn"
    )
    found = [
        (row["entry_id"], complement)
        for row in houses.to_pylist()
        for complement in _NORMS.complements
        if not places.of(row["undertaking_id"], row["metro"]).isdisjoint(
            unplaced.get((row["metro"], row["season"], complement), ())
        )
    ]
    return pa.table({
        "entry_id": pa.array([entry for entry, _ in found], pa.string()),
        "complement": pa.array([complement for _, complement in found], pa.string()),
    })  # fmt: skip


class _Places:
    """Words of places that the rows of housing and of complements without a point say."""

    def __init__(self, facts: Facts) -> None:
        asked = f"""
SELECT DISTINCT m.undertaking_id, e.location_text, e.name FROM in_entries e
JOIN in_memberships m ON m.entry_id = e.entry_id SEMI JOIN (
    SELECT undertaking_id FROM ({_UNPLACED}) UNION SELECT undertaking_id FROM fact_housing
) a ON a.undertaking_id = m.undertaking_id
"""
        self._located: dict[str, set[str]] = defaultdict(set)
        self._named: dict[str, set[str]] = defaultdict(set)
        for row in facts.query(asked).to_pylist():
            self._located[row["undertaking_id"]].add(row["location_text"])
            self._named[row["undertaking_id"]].add(row["name"])
        self._own = {
            one.code: frozenset().union(*map(proper_words, (one.name, *one.aliases)))
            for one in institutions.load()
        }

    def of(self, undertaking: str, metro: str) -> set[str]:
        """Words of the place of an undertaking, but for those of its municipality's name."""
        for texts in (self._located, self._named):
            found = set().union(*map(proper_words, texts[undertaking]))
            found -= self._own.get(metro, frozenset())
            if found:
                return found
        return set()


def bulk_stated(engine: Engine, entries: IbisTable | None) -> pa.Table:
    """What plans say of the bulk services of a project: ``entry_id, words``, as published."""
    rows = []
    if entries is not None:
        telling = entries.extras.contains(f'"{BULK_CAPACITY}"')
        rows = engine.arrow(entries.filter(telling).select("entry_id", "extras")).to_pylist()
    return pa.table(
        {
            "entry_id": pa.array([row["entry_id"] for row in rows], pa.string()),
            "words": pa.array(
                [str(json.loads(row["extras"])[BULK_CAPACITY]) for row in rows], pa.string()
            ),
        }
    )


@cache
def complements() -> pa.Table:
    """The rule file as a table: ``complement, label, reach`` (metres), ``bulk``."""
    told = _NORMS.complements
    return pa.table(
        {
            "complement": list(told),
            "label": [c.label for c in told.values()],
            "reach": [_NORMS[c.reach].latest for c in told.values()],
            "bulk": [c.bulk for c in told.values()],
        }
    )


@cache
def providers() -> pa.Table:
    """Who would provide a complement in a municipality: ``metro, complement, owner``.

    The municipality itself for a function that the local sphere leads; else those of the leading
    sphere that answer for the function and of whom a list is expected at all.
    """
    book = institutions.load()
    lead = {function: rule.lead for function, rule in responsibilities.load().items()}
    rows = [
        {"metro": one.code, "complement": code, "owner": owner}
        for one in book
        if one.sphere is Sphere.LOCAL
        for code, complement in _NORMS.complements.items()
        for function in complement.functions
        for owner in _owners(book, one, function, lead[function])
    ]
    return pa.Table.from_pylist(rows)


def _owners(
    book: InstitutionBook, municipality: Institution, function: str, lead: Sphere
) -> Iterator[str]:
    if lead is Sphere.LOCAL:
        yield municipality.code
        return
    expected = {rule.publisher_for(municipality, book) for rule in expectations.load()}
    for code in sorted(expected - {None}):
        answers = {book.functions_of_sectors.get(sector) for sector in book.sectors(code)}
        found = book.get(code)
        if found is not None and found.sphere is lead and function in answers:
            yield code
