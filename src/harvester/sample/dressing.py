"""How publishers word the same project: order of words, abbreviations, old names, slips.

``dirt`` 1 is a careful publisher, 3 a careless one. The facts (years, rand, points) are not
touched here; only their wording is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.sample.world import dice

if TYPE_CHECKING:
    import datetime as dt
    from random import Random

    from harvester.sample.undertakings import Undertaking
    from harvester.sample.world import World

LEVELS = {1: 0.05, 2: 0.16, 3: 0.34}
"""Chance of each kind of slip at each level."""


@dataclass
class Dresser:
    """Words one document of one metro in its own way; the same seed gives the same words."""

    world: World
    key: str
    dirt: int

    def __post_init__(self) -> None:
        self.rng = dice(self.key)
        self.chance = LEVELS[self.dirt]

    def sentence(self, made: Undertaking) -> str:
        """As a planner writes it: ``Construction of community library, Mdantsane Unit 7``."""
        work = self.rng.choice(self.world.words["works"][made.work])
        what = made.facility or made.noun
        return self._slips(made, f"{work} {what}{self._where(made)}{self._phase(made)}")

    def noun_first(self, made: Undertaking) -> str:
        """As a list writes it: ``Mdantsane Unit 7: community library (new)``."""
        tail = self.rng.choice(self.world.words["tails"][made.work])
        what = made.facility or made.noun
        where = "" if made.label in what else made.label
        orders = (
            f"{where}: {what} ({tail})" if where else f"{what}: {tail}",
            f"{what} - {where} - {tail}" if where else f"{what} - {tail}",
            f"{where} {what} {tail}".strip(),
        )
        text = self.rng.choice(orders)
        return self._slips(made, text[0].upper() + text[1:] + self._phase(made))

    def capitals(self, made: Undertaking) -> str:
        """As the provincial lists write it: all capitals, facility first."""
        what = made.facility or f"{made.label} {made.noun}"
        with_work = self.rng.random() < 0.45
        work = f" - {self.rng.choice(self.world.words['tails'][made.work])}" if with_work else ""
        return self._slips(made, f"{what}{self._phase(made)}{work}").upper()

    def description(self, made: Undertaking) -> str:
        """A sentence of detail; empty now and then."""
        if self.rng.random() < self.chance:
            return ""
        what = made.facility or made.noun
        serves = f" to serve about {made.units} people" if made.units else ""
        where = made.place.name if made.place else made.metro.name
        return f"{self.rng.choice(self.world.words['works'][made.work])} {what} in {where}{serves}"

    def place_words(self, made: Undertaking) -> str:
        """The place in words, for a column of its own."""
        if made.place is None:
            return "City wide" if made.kind.place == "city_wide" else "Head office"
        return self._renamed(made, made.label)

    def rand_text(self, rand: int) -> str:
        """An amount somebody typed as text."""
        grouped = f"{rand:,}".replace(",", " ")
        return self.rng.choice(
            (f"R {grouped}", f"R{grouped}", f"{grouped}.00", f"R {grouped},00", str(rand))
        )

    def status(self, made: Undertaking) -> str:
        """A stage word of the same step as the true one, often in another spelling."""
        if made.said is not None:
            return made.status
        groups = self.world.words["statuses"].values()
        group = next(g for g in groups if made.status in g)
        return str(self.rng.choice(group)) if self.slip() else made.status

    def slip(self) -> bool:
        """Whether the publisher slips here."""
        return self.rng.random() < self.chance

    def _where(self, made: Undertaking) -> str:
        what = made.facility or made.noun
        if not made.label or made.label in what:
            return ""
        return self.rng.choice((", ", " in ", " at ", " - ")) + made.label

    def _phase(self, made: Undertaking) -> str:
        if not made.phase:
            return ""
        number = str(made.phase)
        forms = [f" Phase {number}", f" phase {number}", f" (Phase {number})"]
        if self.slip():
            roman = self.world.words["romans"].get(number, number)
            forms = [f" Ph {number}", f" Ph{number}", f" Phase {roman}", f" PHASE {roman}"]
        return self.rng.choice(forms)

    def _slips(self, made: Undertaking, text: str) -> str:
        text = self._renamed(made, text)
        if self.slip():
            text = self._abbreviated(text)
        if self.dirt > 1 and self.slip():
            text = self._abbreviated(text)
        if self.rng.random() < self.chance / 2:
            text = self._typo(text)
        if self.rng.random() < self.chance / 3:
            text = f" {text} " if self.rng.random() < 0.5 else text.replace(" ", "  ", 1)
        return text

    def _renamed(self, made: Undertaking, text: str) -> str:
        """An old or other name of the place, now and then."""
        if made.place is None or not made.place.other_name or not self.slip():
            return text
        return text.replace(made.place.name, made.place.other_name, 1)

    def _abbreviated(self, text: str) -> str:
        """One whole word or name of the list in its short form."""
        fitting = [
            (long, short)
            for long, short in self.world.words["abbreviations"]
            if long in text and not text.partition(long)[2][:1].isalpha()
        ]
        if not fitting:
            return text
        long, short = self.rng.choice(fitting)
        return text.replace(long, short, 1)

    def _typo(self, text: str) -> str:
        """Two letters swapped, one lost or one doubled, inside a long word and never in a number."""
        at = [
            i for i in range(1, len(text) - 2)
            if text[i - 1].isalpha() and text[i].isalpha() and text[i + 1].isalpha()
        ]  # fmt: skip
        if len(at) < 6:
            return text
        i = self.rng.choice(at)
        how = self.rng.randrange(3)
        if how == 0:
            return text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        return text[:i] + text[i + 1 :] if how == 1 else text[:i] + text[i] + text[i:]


def budget_name(dresser: Dresser, made: Undertaking) -> str:
    """The name in the capital budget: kept from year to year, words or the chart's code-speak."""
    kind, rng = made.kind, dresser.rng
    plain = made.said is not None or made.plant in {"W03", "W06", "W07", "W10", "W16"}
    style = 0.0 if plain else rng.random()
    if style < 0.56:
        text = dresser.noun_first(made)
        return text.upper() if rng.random() < 0.5 else text
    if style < 0.86:
        group = "CIN" if kind.infra else "CNIN"
        existing = {"upgrade": "EU", "renewal": "ER"}.get(made.work, "")
        if existing:
            group = group[:-1] + existing if kind.infra else "CNI" + existing
        return f"P-{group} {kind.speak}"
    infra = "Infrastructure" if kind.infra else "Non-infrastructure"
    work = {"new": "New", "upgrade": "Existing:Upgrading", "renewal": "Existing:Renewal"}[made.work]
    return ":".join(p for p in ("Capital", infra, work, kind.asset_class, kind.subclass) if p)


def in_code(name: str) -> bool:
    """Whether a budget name is the chart's code-speak, which no words can be matched with."""
    return name.startswith(("P-C", "Capital:"))


def date_text(day: dt.date, rng: Random) -> str:
    """A date somebody typed as text."""
    return rng.choice(
        (day.strftime("%d/%m/%Y"), day.strftime("%d %B %Y"), day.strftime("%Y/%m/%d"))
    )
