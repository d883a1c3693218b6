"""W01, W02, W03 and W07: what each says is wrong, by key, with the rand and how sure it is."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from tests.engines.reference.ladder import towards_zero
from tests.engines.reference.papers import known

if TYPE_CHECKING:
    from tests.engines.reference.ladder import Ladder
    from tests.engines.reference.papers import Row

ORDER = (
    "pipeline", "idp", "budget", "in_year", "provincial_projects", "national_projects", "agency_projects",
    "infrastructure_plan",
)  # fmt: skip

Found = dict[str, tuple[int | None, float]]
"""Finding id: rand at stake in cents, confidence."""


class Finds:
    """The findings of one country. The numbers a detector goes by are given, not read."""

    def __init__(self, ladder: Ladder, numbers: dict[str, int], left_out: tuple[str, ...]) -> None:
        self.ladder, self.numbers, self.left_out = ladder, numbers, left_out
        self.home = {u["undertaking_id"]: u["metro"] for u in ladder.papers.tables["undertakings"]}

    def all(self) -> Found:
        """Every finding that is sure enough to be shown."""
        found = {**self.not_landed("W01", "pipeline"), **self.not_landed("W02", "idp")}
        found |= self.in_no_plan() | self.amounts_disagree()
        least = self.numbers["least_confidence_percent"] / 100
        return {key: said for key, said in found.items() if said[1] >= least}

    def not_landed(self, detector: str, document: str) -> Found:
        """At a rung and not at the next, though that was read and money was due."""
        found = {}
        for s in self.ladder.steps():
            due = s["due"]
            absent = s["landed"] is False and not s["present"]
            if (
                s["document"] == document
                and absent
                and (due is None or due > 0)
                and s["name"].strip()
            ):
                found[self._key(detector, s)] = (due, 1 - s["almost"])
        return found

    def in_no_plan(self) -> Found:
        """In a budget, and in no pipeline or IDP of the metro of that season or before."""
        found = {}
        for a in self.ladder.appearances:
            if (
                a["document"] != "budget"
                or not a["amount"]
                or a["amount"] < 0
                or not a["name"].strip()
            ):
                continue
            metro, season = a["institution"], a["season"]
            plans = [d for d in ("pipeline", "idp") if (d, metro, season) in self.ladder.read]
            if not plans or self._not_looked_for(a) or self._planned(a):
                continue
            searched = [s for d in plans for s in self.ladder.read[d, metro, season]["submissions"]]
            sure = 1 - self.ladder.unseen_in(a["undertaking"], searched)
            if "idp" not in plans:
                sure *= self.numbers["W03.pipeline_only_percent"] / 100
            found[self._key("W03", a)] = (a["amount"], sure)
        return found

    def _not_looked_for(self, a: Row) -> bool:
        """Administration and equipment cannot be looked for in a plan."""
        rows = [r for r in self.ladder.standing if r["id"] in a["entries"]]
        return all(
            r["place_class"] == "administrative" or r["asset_class"] in self.left_out for r in rows
        )

    def _planned(self, a: Row) -> bool:
        return any(
            s["undertaking"] == a["undertaking"] and s["document"] in {"pipeline", "idp"}
            and s["metro"] == a["metro"] and s["season"] <= a["season"]
            for s in self.ladder.all_stood()
        )  # fmt: skip

    def amounts_disagree(self) -> Found:
        """Two documents about the same money differ; the pair furthest apart speaks."""
        wholes = {mine for mine, _, role, _ in self.ladder.kin if role == "whole"}
        best: dict[str, tuple[int, float]] = {}
        for a, b in self._pairs():
            if a["undertaking"] in wholes or not _same_money(a, b):
                continue
            amounts = self._amounts(a, b)
            if amounts is None or min(amounts) <= 0:
                continue
            apart = abs(amounts[0] - amounts[1])
            far = apart * 100 > self.numbers["W07.difference_percent"] * max(amounts)
            if apart < self.numbers["W07.floor_rand"] * 100 or not far:
                continue
            key = f"W07:{a['undertaking']}:{a['season']}/{(a['season'] + 1) % 100:02d}"
            said = (apart, min(a["probability"], b["probability"]))
            best[key] = max(best.get(key, said), said)
        return dict(best)

    def _pairs(self) -> list[tuple[Row, Row]]:
        found = []
        for one, other in combinations(self.ladder.appearances, 2):
            if (one["undertaking"], one["season"]) == (other["undertaking"], other["season"]):
                found.append(tuple(sorted((one, other), key=_turn)))
        return found

    def _amounts(self, a: Row, b: Row) -> tuple[int, int] | None:
        """Dated plan money of both over the months both papers cover; nothing where they share none."""
        cover = self.ladder.papers.cover
        if a["submission"] not in cover or b["submission"] not in cover:
            return None
        first = max(cover[a["submission"]][0], cover[b["submission"]][0])
        last = min(cover[a["submission"]][1], cover[b["submission"]][1])
        sides = [self._side(x, first, last) for x in (a, b)]
        return None if first > last or len(known(sides)) < 2 else (sides[0], sides[1])

    def _side(self, a: Row, first: int, last: int) -> int | None:
        months: dict[tuple[int, int], int] = {}
        for entry in a["entries"]:
            for line in self.ladder.papers.lines_of(entry):
                if line["first"] is not None:
                    key = (line["first"], line["last"])
                    months[key] = months.get(key, 0) + line["cents"]
        cents = [
            towards_zero(sum_ * max(0, min(to, last) - max(of, first) + 1), to - of + 1)
            for (of, to), sum_ in months.items()
        ]
        return sum(cents) if cents else None

    def _key(self, detector: str, a: Row) -> str:
        home = self.home.get(a["undertaking"], "unknown")
        about = (a["undertaking"], a["year"], *(() if a["metro"] == home else (a["metro"],)))
        return ":".join((detector, *about))


def _turn(a: Row) -> tuple[int, str, str]:
    place = ORDER.index(a["document"]) if a["document"] in ORDER else 99
    return place, a["document"], a["institution"]


def _same_money(a: Row, b: Row) -> bool:
    """One municipality's rungs, a metro's plan and the owner's own list, or two lists of one owner."""
    if a["ladder"] and b["ladder"]:
        return a["institution"] == b["institution"]
    if a["ladder"]:
        return a["document"] in {"pipeline", "idp"} and a["owner"] == b["owner"]
    return not b["ladder"] and a["owner"] == b["owner"]
