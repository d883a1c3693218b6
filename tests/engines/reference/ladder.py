"""Where each undertaking stands, and whether it stands at the next rung."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.engines.reference.papers import LADDER, Papers, _last_published, grouped, known, month_of

if TYPE_CHECKING:
    from tests.engines.reference.papers import Row

NEXT = {"pipeline": "idp", "idp": "budget", "budget": "in_year"}
PLACE = ("undertaking", "document", "institution", "season")


class Ladder:
    """Appearances, steps and pairs of the papers that stand."""

    def __init__(self, papers: Papers) -> None:
        self.papers = papers
        self.standing = self._standing()
        self.kin = self._kin()
        self.appearances = [self._appearance(*g) for g in grouped(self.standing, *PLACE).items()]
        self.read = self._read()
        self.almost = self._almost()

    # --- standing --------------------------------------------------------------------------------

    def _standing(self) -> list[Row]:
        """Entries of undertakings; of two files of one publisher and season, the later."""
        rows = [
            self._dated(e)
            for e in self.papers.entries.values()
            if e["undertaking"] is not None and e["season"] is not None
        ]
        return [
            row
            for group in grouped(rows, *PLACE).values()
            for row in group
            if row["submission"] == _last_published(group)
        ]

    def _dated(self, entry: Row) -> Row:
        paid = [line for line in self.papers.lines_of(entry["id"]) if line["cents"] != 0]
        firsts = known(line["first"] for line in paid)
        first = min(firsts) if firsts else month_of(entry["start_date"])
        return {**entry, "first_month": first}

    def _appearance(self, place: tuple[Any, ...], rows: list[Row]) -> Row:
        first = min(rows, key=lambda r: (r["row"], r["id"]))
        firsts = known(r["first_month"] for r in rows)
        amounts = known(r["amount_cents"] for r in rows)
        return {
            **dict(zip(PLACE, place, strict=True)),
            "year": min(r["year"] for r in rows),
            "submission": min(r["submission"] for r in rows),
            "ladder": any(r["ladder"] for r in rows),
            "metro": _least_known(rows, "metro"),
            "owner": _least_known(rows, "owner"),
            "sphere": _least_known(rows, "sphere"),
            "entries": [r["id"] for r in sorted(rows, key=lambda r: (r["row"], r["id"]))],
            "entry_id": first["id"],
            "name": first["name"],
            "amount": sum(amounts) if amounts else None,
            "first_month": min(firsts) if firsts else None,
            "probability": min(r["probability"] for r in rows),
        }

    # --- a whole and its parts -------------------------------------------------------------------

    def _kin(self) -> list[tuple[str, str, str, float]]:
        """(undertaking, its kin, what the first is to the other, how sure), both ways."""
        pairs: dict[tuple[str, str], float] = {}
        for r in self.papers.tables["relations"]:
            if r["kind"] == "split_into":
                pair = (r["from_undertaking"], r["to_undertaking"])
            elif r["kind"] == "merged_into":
                pair = (r["to_undertaking"], r["from_undertaking"])
            else:
                continue
            pairs[pair] = max(pairs.get(pair, 0.0), r["probability"])
        found = [(whole, part, "whole", p) for (whole, part), p in pairs.items()]
        return found + [(part, whole, "part", p) for (whole, part), p in pairs.items()]

    def at(self, undertaking: str, document: str, institution: str, season: int) -> Row | None:
        """The undertaking's own appearance there."""
        for a in self.appearances:
            if tuple(a[k] for k in PLACE) == (undertaking, document, institution, season):
                return a
        return None

    def stood(self, undertaking: str, document: str, institution: str, season: int) -> Row | None:
        """The appearance there that speaks for the undertaking: its own, else its kin's."""
        own = self.at(undertaking, document, institution, season)
        if own is not None:
            return own
        in_its_stead = [
            {**there, "probability": min(there["probability"], sure)}
            for mine, kin, _, sure in self.kin
            if mine == undertaking and (there := self.at(kin, document, institution, season))
        ]
        if not in_its_stead:
            return None
        firsts = known(a["first_month"] for a in in_its_stead)
        return {
            "first_month": min(firsts) if firsts else None,
            "probability": min(a["probability"] for a in in_its_stead),
            "metro": in_its_stead[0]["metro"],
        }

    def all_stood(self) -> list[Row]:
        """Every place an undertaking stands at, in itself or through its kin."""
        through = [
            {**there, "undertaking": mine}
            for mine, kin, _, _ in self.kin
            for there in self.appearances
            if there["undertaking"] == kin
            and not self.at(mine, there["document"], there["institution"], there["season"])
        ]
        return [*self.appearances, *through]

    # --- what was read, and what may stand there unseen --------------------------------------------

    def _read(self) -> dict[tuple[str, str, int], Row]:
        """Each rung of a metro and season that was read: its submissions and the months they cover."""
        papers = [
            p for p in self.papers.submissions.values()
            if p["document"] in LADDER and p["institution"] != "unknown" and p["season"] is not None
        ]  # fmt: skip
        found = {}
        for key, group in grouped(papers, "document", "institution", "season").items():
            covers = known(self.papers.cover.get(p["id"]) for p in group)
            found[key] = {
                "year": min(p["year"] for p in group),
                "submissions": sorted(p["id"] for p in group),
                "first": min((c[0] for c in covers), default=None),
                "last": max((c[1] for c in covers), default=None),
            }
        return found

    def _almost(self) -> dict[tuple[str, str], float]:
        """How likely an undertaking stands, unseen, in a submission."""
        entries = self.papers.entries
        of = {m["entry_id"]: m["undertaking_id"] for m in self.papers.tables["memberships"]}
        lists: dict[str, set[str]] = {}
        for e in entries.values():
            if e["undertaking"] is not None:
                lists.setdefault(e["undertaking"], set()).add(e["submission"])
        found: dict[tuple[str, str], float] = {}
        for link in self.papers.tables["links"]:
            if link["joined"] or link["decided"] == "rejected" or link["probability"] < 0.3:
                continue
            for a, b in ((link["entry_a"], link["entry_b"]), (link["entry_b"], link["entry_a"])):
                if a not in of or b not in of or b not in entries:
                    continue
                # One list that names both settles that they are two projects.
                if lists.get(of[a], set()) & lists.get(of[b], set()):
                    continue
                key = (of[a], entries[b]["submission"])
                found[key] = max(found.get(key, 0.0), link["probability"])
        return found

    def unseen_in(self, undertaking: str, submissions: list[str]) -> float:
        """The greatest such chance over several submissions."""
        return max((self.almost.get((undertaking, s), 0.0) for s in submissions), default=0.0)

    # --- steps -----------------------------------------------------------------------------------

    def steps(self) -> list[Row]:
        """Every appearance at a rung asked whether it stands at the next."""
        found = []
        for a in self.appearances:
            here = self.read.get((a["document"], a["institution"], a["season"]))
            if a["document"] not in NEXT or here is None:
                continue
            target = NEXT[a["document"]]
            if target == "budget" and a["sphere"] not in {"local", "unknown"}:
                continue
            found.append(self._step(a, here, target))
        return found

    def _step(self, a: Row, here: Row, target: str) -> Row:
        metro, season = a["institution"], a["season"]
        at = next((s for s in (season, season + 1) if (target, metro, s) in self.read), None)
        there = None if at is None else self.read[target, metro, at]
        window = (
            _both(max, here["first"], there and there["first"]),
            _both(min, here["last"], there and there["last"]),
        )
        due = self._money([a["undertaking"]], a["document"], metro, season, window)
        stood = None if at is None else self.stood(a["undertaking"], target, metro, at)
        amount = (
            None if at is None else self._target_money(a["undertaking"], target, metro, at, window)
        )
        return {
            **a, "target": target, "target_year": there and there["year"], "due": due,
            "searched": there["submissions"] if there else None, "present": stood is not None,
            "almost": self.unseen_in(a["undertaking"], there["submissions"]) if there else 0.0,
            "sure": min(a["probability"], stood["probability"] if stood else 1.0),
            "landed": self._landed(a, at, target, due, amount, stood, window[0]),
        }  # fmt: skip

    @staticmethod
    def _landed(
        a: Row,
        at: int | None,
        target: str,
        due: int | None,
        amount: int | None,
        stood: Row | None,
        from_month: int | None,
    ) -> bool | None:
        if at is None or (target == "budget" and a["sphere"] == "unknown"):
            return None
        if stood is None:
            return False
        if amount is not None and due is not None and Fraction(amount) < Fraction(8, 10) * due:
            return False
        mine, theirs = a["first_month"], stood["first_month"]
        if amount is None or mine is None or theirs is None:
            return None
        if from_month is not None:
            mine, theirs = max(mine, from_month), max(theirs, from_month)
        return abs(mine - theirs) <= 12

    def _money(
        self, undertakings: list[str], document: str, metro: str, season: int, window: Any
    ) -> int | None:
        """Plan money of rows there, over the months of the window; nothing where there is no amount."""
        cents = [
            within(line, window)
            for row in self.standing
            if row["undertaking"] in undertakings
            and (row["document"], row["institution"], row["season"]) == (document, metro, season)
            for line in self.papers.lines_of(row["id"])
        ]
        return sum(cents) if cents else None

    def _target_money(
        self, undertaking: str, document: str, metro: str, season: int, window: Any
    ) -> int | None:
        own = self._money([undertaking], document, metro, season, window)
        kin = [
            self._money([other], document, metro, season, window)
            for mine, other, role, _ in self.kin
            if mine == undertaking and (role == "whole" or own is None)
        ]
        cents = known([own, *kin])
        return sum(cents) if cents else None


def within(line: Row, window: tuple[int | None, int | None]) -> int:
    """The part of an amount that falls in the window's months, to the cent towards zero."""
    first, last = window
    if line["first"] is None or first is None:
        return line["cents"]
    months = line["last"] - line["first"] + 1
    shared = max(0, min(line["last"], last) - max(line["first"], first) + 1)
    return towards_zero(line["cents"] * shared, months)


def towards_zero(cents: int, by: int) -> int:
    """A division whose fraction is cut off."""
    return abs(cents) // by * (1 if cents >= 0 else -1)


def _both(pick: Any, a: int | None, b: int | None) -> int | None:
    return None if a is None or b is None else pick(a, b)


def _least_known(rows: list[Row], column: str) -> str:
    return min((r[column] for r in rows if r[column] != "unknown"), default="unknown")
