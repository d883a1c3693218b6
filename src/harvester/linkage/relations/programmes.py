"""Projects that are part of a programme: a row that covers them names them, or they name it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harvester.linkage.relations.evidence import Reason, Relation, same

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvester.engine.engine import Engine

PART_OF = "part_of"
MOST_PARENTS = 24
"""A name on more programmes than this names none of them."""

GENERIC = ("the", "of", "for", "and", "in", "programme", "programmes", "program", "project", "projects",
           "catalytic", "initiative", "plan")  # fmt: skip
"""Words that do not tell one programme from another."""

_DULL = ", ".join(f"'{word}'" for word in GENERIC)


def _key(text: str) -> str:
    """SQL: the telling words of a folded text, each once, in order of the alphabet."""
    words = f"list_filter(string_split({text}, ' '), lambda x: x NOT IN ('', {_DULL}))"
    return f"list_sort(list_distinct({words}))"


def _fold(text: str) -> str:
    return f"trim(regexp_replace(lower(substr({text}, 1, 400)), '[^a-z0-9]+', ' ', 'g'))"


def _code(text: str) -> str:
    return f"regexp_replace(upper(substr({text}, 1, 80)), '[^A-Z0-9]', '', 'g')"


# What each undertaking names as its parent, by name and by code.
_NAMED = f"""
WITH told AS (
    SELECT undertaking_id, metro, institution, owner, {_fold("parent_text")} AS parent,
        {_code("parent_text")} AS code FROM relate_rows WHERE parent_text <> ''
    UNION ALL
    SELECT undertaking_id, metro, institution, owner, '', {_code("part")} FROM (
        SELECT undertaking_id, metro, institution, owner,
            unnest(string_split(replace(references_text || ';' || other_code, ',', ';'), ';')) AS part
        FROM relate_rows WHERE references_text <> '' OR other_code <> '')
)
SELECT DISTINCT undertaking_id, metro, institution, owner, {_key("parent")} AS named, code FROM told
"""

# What may be named: every row by its name, programmes by their code too.
_PARENTS = f"""
SELECT DISTINCT undertaking_id, metro, institution, owner, kind = 'programme' AS programme,
    {_key("folded")} AS named, CASE WHEN kind = 'programme' THEN {_code("source_code")} ELSE '' END AS code
FROM relate_rows
"""

# Only names that somebody gives as a parent and few undertakings bear; of projects, not one word.
_WANTED = f"""
SELECT p.* FROM relate_parents p
SEMI JOIN (SELECT named FROM relate_named WHERE len(named) > 0) n ON n.named = p.named
SEMI JOIN (SELECT named FROM relate_parents GROUP BY named
    HAVING count(DISTINCT undertaking_id) <= {MOST_PARENTS}) few ON few.named = p.named
WHERE p.programme OR len(p.named) > 1
"""

_CODED = f"""
SELECT * FROM relate_parents WHERE length(code) >= 5 AND length(regexp_replace(code, '[^0-9]', '', 'g')) >= 3
    AND code IN (SELECT code FROM relate_parents WHERE code <> '' GROUP BY code
        HAVING count(DISTINCT undertaking_id) <= {MOST_PARENTS})
"""

# A programme's name at the beginning of a project's: "Quelmara renewal: clinic". Two words at least.
_STEMS = f"""
WITH stems AS (
    SELECT DISTINCT undertaking_id, metro, institution, owner,
        trim(regexp_replace(folded, ' (programme|programmes|program|projects|project|initiative)$', ''))
            AS stem
    FROM relate_rows WHERE kind = 'programme'
), first_words AS (
    SELECT *, split_part(stem, ' ', 1) || ' ' || split_part(stem, ' ', 2) AS two FROM stems
    WHERE stem LIKE '% %' AND length(stem) >= 8
)
SELECT * FROM first_words WHERE two IN (
    SELECT two FROM first_words GROUP BY two HAVING count(*) <= {MOST_PARENTS})
"""

# One pair of undertakings for each way in which a part points at its programme.
_POINTED = """
SELECT c.undertaking_id AS part, p.undertaking_id AS whole, 'name' AS how, p.programme
FROM relate_named c JOIN relate_wanted p ON p.named = c.named
WHERE len(c.named) > 0 AND c.undertaking_id <> p.undertaking_id
    AND (c.metro = p.metro OR c.institution = p.institution OR c.owner = p.owner)
UNION
SELECT c.undertaking_id, p.undertaking_id, 'code', p.programme
FROM relate_named c JOIN relate_coded p ON p.code = c.code
WHERE c.code <> '' AND c.undertaking_id <> p.undertaking_id
UNION
SELECT r.undertaking_id, s.undertaking_id, 'stem', true
FROM relate_rows r JOIN relate_stems s
    ON s.two = split_part(r.folded, ' ', 1) || ' ' || split_part(r.folded, ' ', 2)
WHERE r.kind = 'project' AND starts_with(r.folded, s.stem || ' ')
    AND (r.metro = s.metro OR r.institution = s.institution OR r.owner = s.owner)
"""

# The way that tells most, for each part the programme that it points at best.
_BEST = """
WITH ranked AS (
    SELECT part, whole, how, programme, row_number() OVER (PARTITION BY part
        ORDER BY CASE how WHEN 'code' THEN 1 WHEN 'name' THEN 2 ELSE 3 END,
            CASE WHEN programme THEN 1 ELSE 2 END,
            CASE WHEN a.metro = b.metro THEN 1 ELSE 2 END,
            CASE WHEN a.owner = b.owner THEN 1 ELSE 2 END, length(b.name) DESC, whole) AS n
    FROM relate_pointed JOIN relate_undertakings a ON a.undertaking_id = part
    JOIN relate_undertakings b ON b.undertaking_id = whole
)
SELECT part, whole, how, programme FROM ranked WHERE n = 1
"""

# How many parts a programme has, how many of them state money, and how much that is together.
_MONEY = """
SELECT b.whole, count(*) AS parts, count(u.amount_cents) AS stated,
    CAST(sum(CAST(u.amount_cents AS DOUBLE)) AS DOUBLE) AS amount
FROM relate_best b JOIN relate_undertakings u ON u.undertaking_id = b.part GROUP BY b.whole
"""

_FOUND = """
SELECT b.part, b.whole, b.how, b.programme, p.owner AS part_owner, w.owner AS whole_owner,
    p.metro AS part_metro, w.metro AS whole_metro, m.parts, m.stated, m.amount,
    w.amount_cents AS whole_amount
FROM relate_best b JOIN relate_money m ON m.whole = b.whole
JOIN relate_undertakings p ON p.undertaking_id = b.part
JOIN relate_undertakings w ON w.undertaking_id = b.whole
LEFT JOIN relate_best back ON back.part = b.whole AND back.whole = b.part
WHERE back.part IS NULL OR coalesce(p.amount_cents, 0) < coalesce(w.amount_cents, 0)
    OR (coalesce(p.amount_cents, 0) = coalesce(w.amount_cents, 0) AND b.part > b.whole)
ORDER BY b.part
"""

_STEPS = {
    "relate_named": _NAMED,
    "relate_parents": _PARENTS,
    "relate_wanted": _WANTED,
    "relate_coded": _CODED,
    "relate_stems": _STEMS,
    "relate_pointed": _POINTED,
    "relate_best": _BEST,
    "relate_money": _MONEY,
}

_HOW = {
    "code": Reason("names the number of the programme", 6.0),
    "name": Reason("names the programme as its parent", 4.0),
    "stem": Reason("its name begins with the name of the programme", 1.5),
}


def parts(engine: Engine) -> Iterator[Relation]:
    """Parts of programmes from ``relate_rows`` and ``relate_undertakings``: one programme each."""
    for name, query in _STEPS.items():
        engine.make(name, query)
    for row in engine.read(_FOUND).to_pylist():
        reasons = [
            _HOW[row["how"]],
            *same(row["part_owner"], row["whole_owner"], "owner"),
            *same(row["part_metro"], row["whole_metro"], "municipality"),
            *_money(row),
        ]
        if not row["programme"]:
            reasons.append(Reason("the other row is a project, not a programme", -1.0))
        yield Relation(row["part"], row["whole"], PART_OF, tuple(reasons))


def _money(row: dict[str, object]) -> list[Reason]:
    """Whether the money of all parts is within the programme's; nothing where either is unknown."""
    whole, amount, stated = row["whole_amount"], row["amount"], row["stated"]
    if not whole or not amount:
        return []
    share = round(100 * float(str(amount)) / float(str(whole)))
    money = "money of its part" if stated == 1 else f"money of its {stated} parts"
    if share <= 110:
        return [Reason(f"{money} is within the programme's ({share} %)", 1.0)]
    return [Reason(f"{money} is more than the programme's ({share} %)", -2.0)]
