"""Which papers stand, which of their rows count, and the months of every amount."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

Row = dict[str, Any]
Tables = dict[str, list[Row]]

LADDER = ("pipeline", "idp", "budget", "in_year")
STAGES = ("", "draft", "tabled", "adopted", "adjusted", "in_year", "audited")
PLAN_PHASES = ("planned", "budget", "gazetted", "adjusted")
LONG_AGO = dt.date(1, 1, 1)


def season_of(label: str) -> int | None:
    """2018 for ``2018/19``; nothing for ``unknown``."""
    return int(label[:4]) if label[:4].isdigit() else None


def month_of(day: dt.date | None) -> int | None:
    """Months since year 0."""
    return None if day is None else day.year * 12 + day.month - 1


def first_month_of_year(calendar: str) -> int:
    """July is 6 and April 3, counted from January."""
    return 3 if calendar == "national" else 6


def known(values: Any) -> list[Any]:
    """The values that are there."""
    return [v for v in values if v is not None]


class Papers:
    """Submissions that stand, entries that count, and lines of plan money."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.submissions = self._standing_submissions()
        self.entries = self._counted_entries()
        self.lines = self._plan_lines()
        self.cover = self._cover()

    # --- which submissions stand -----------------------------------------------------------------

    def _standing_submissions(self) -> dict[str, Row]:
        """Of a rung: the furthest stage of a publisher and year, and of it the latest dated version."""
        found = [
            self._submission(s) for s in self.tables["submissions"] if s["document"] != "areas"
        ]
        furthest = [
            s for s in found
            if not s["ladder"] or s["rank"] == max(o["rank"] for o in found if _versions(s, o))
        ]  # fmt: skip
        return {s["id"]: s for s in furthest if not s["ladder"] or self._latest(s, furthest)}

    @staticmethod
    def _submission(row: Row) -> Row:
        season = season_of(row["financial_year"])
        unknown = row["institution"] == "unknown"
        return {
            "id": row["submission_id"],
            "document": row["document"],
            "institution": row["institution"],
            "year": row["financial_year"],
            "season": season,
            "published": row["published_on"],
            "rank": STAGES.index(row["stage"]) if row["stage"] in STAGES else 0,
            "series": row["submission_id"] if unknown else row["institution"],
            "ladder": row["document"] in LADDER,
            "first_month": None
            if season is None
            else season * 12 + first_month_of_year(row["calendar"]),
        }

    @staticmethod
    def _latest(mine: Row, others: list[Row]) -> bool:
        dates = known(o["published"] for o in others if _versions(mine, o))
        return mine["published"] is None or mine["published"] == max(dates)

    # --- which entries count ---------------------------------------------------------------------

    def _counted_entries(self) -> dict[str, Row]:
        """Owner by owner in lists of many owners; of versions without a date, one names a project."""
        rows = [
            {**self.submissions[e["submission_id"]], "entry": e}
            for e in self.tables["entries"]
            if e["submission_id"] in self.submissions
        ]
        furthest = [
            r for r in rows
            if r["ladder"] or r["rank"] == max(o["rank"] for o in rows if _of_one_owner(r, o))
        ]  # fmt: skip
        latest = [
            r for r in furthest
            if r["ladder"] or r["published"] is None
            or r["published"] == max(known(o["published"] for o in furthest if _of_one_owner(r, o)))
        ]  # fmt: skip
        found = [self._entry(r) for r in latest]
        return {e["id"]: e for e in found if self._named_once(e, found)}

    def _entry(self, row: Row) -> Row:
        entry = row["entry"]
        member = next(
            (m for m in self.tables["memberships"] if m["entry_id"] == entry["entry_id"]), {}
        )
        undertaking = member.get("undertaking_id")
        home = next(
            (u["metro"] for u in self.tables["undertakings"] if u["undertaking_id"] == undertaking),
            None,
        )
        ladder, by = row["ladder"], row["institution"]
        sphere = entry["sphere"]
        if sphere == "unknown":
            if ladder and not entry["owner_text"]:
                sphere = "local"
            elif row["document"] == "provincial_projects":
                sphere = "provincial"
        if ladder and by != "unknown":
            metro = by
        elif ladder or entry["metro"] != "unknown":
            metro = entry["metro"]
        else:
            metro = home or "unknown"
        return {
            **entry,
            "id": entry["entry_id"],
            "submission": row["id"],
            "document": row["document"],
            "institution": by,
            "season": row["season"],
            "year": row["year"],
            "published": row["published"],
            "ladder": ladder,
            "undertaking": undertaking,
            "probability": member.get("probability", 1.0),
            "sphere": sphere,
            "metro": metro,
            "speaker": by if ladder or entry["owner"] == "unknown" else entry["owner"],
        }

    @staticmethod
    def _named_once(mine: Row, others: list[Row]) -> bool:
        if mine["undertaking"] is None or mine["speaker"] == "unknown":
            return True
        rivals = [
            o for o in others
            if all(o[k] == mine[k] for k in ("undertaking", "document", "speaker", "season"))
        ]  # fmt: skip
        return mine["submission"] == _last_published(rivals)

    # --- plan money ------------------------------------------------------------------------------

    def _plan_lines(self) -> list[Row]:
        """Planned, budget and gazetted amounts; adjusted ones of entries without a budget amount."""
        budgeted = {line["entry_id"] for line in self.tables["lines"] if line["phase"] == "budget"}
        found = []
        for line in self.tables["lines"]:
            counts = line["phase"] in PLAN_PHASES and line["entry_id"] in self.entries
            if not counts or (line["phase"] == "adjusted" and line["entry_id"] in budgeted):
                continue
            start = season_of(line["year"])
            of_year = None if start is None else start * 12 + first_month_of_year(line["calendar"])
            first, last = month_of(line["period_start"]), month_of(line["period_end"])
            if first is None:
                first = of_year
            if last is None and of_year is not None:
                last = of_year + 11
            found.append({
                "entry": line["entry_id"], "cents": line["amount_cents"], "first": first, "last": last,
                "submission": self.entries[line["entry_id"]]["submission"],
            })  # fmt: skip
        return found

    def lines_of(self, entry: str) -> list[Row]:
        """The plan amounts of one entry."""
        return [line for line in self.lines if line["entry"] == entry]

    def _cover(self) -> dict[str, tuple[int, int]]:
        """The months a submission covers: those of its amounts and at least its own year."""
        found = {}
        for sid, paper in self.submissions.items():
            dated = [
                line for line in self.lines
                if line["submission"] == sid and line["first"] is not None and line["last"] is not None
            ]  # fmt: skip
            if not dated:
                continue
            own = paper["first_month"]
            firsts = known([own, *(line["first"] for line in dated)])
            lasts = known([None if own is None else own + 11, *(line["last"] for line in dated)])
            found[sid] = (min(firsts), max(lasts))
        return found


def _versions(a: Row, b: Row) -> bool:
    return all(a[k] == b[k] for k in ("document", "series", "year"))


def _of_one_owner(a: Row, b: Row) -> bool:
    return _versions(a, b) and a["entry"]["owner"] == b["entry"]["owner"]


def _last_published(rows: list[Row]) -> str:
    """The submission published last; of those without a date, the last by id."""
    return max((r["published"] or LONG_AGO, r["submission"]) for r in rows)[1]


def grouped(rows: Any, *keys: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of some columns."""
    found = defaultdict(list)
    for row in rows:
        found[tuple(row[k] for k in keys)].append(row)
    return dict(found)
