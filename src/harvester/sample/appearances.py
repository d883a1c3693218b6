"""What each document says of an undertaking: the place where misalignments are planted.

An :class:`Appearance` holds the facts a document shows; how it is worded and laid out is the
business of :mod:`harvester.sample.dressing` and of the module that writes the document.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harvester.sample.world import SEASONS, YEARS_AHEAD, World, dice, shifted

if TYPE_CHECKING:
    from random import Random

    from harvester.sample.undertakings import Undertaking

MUNICIPAL_JULY, NATIONAL_APRIL = 7, 4

TO_SEA = {"BUF": 150, "NMA": 140, "ETH": 115, "CPT": 270}
"""Degrees from north in which the open sea lies from the coastal metros."""

AT_SEA_KM = (70.0, 80.0)
"""How far a point goes that falls into the sea; beyond the inland end of any of them."""

TWO_YEARS = 2
"""How far the years are moved for W06."""


@dataclass(slots=True)
class Appearance:
    """Facts one document shows. ``yearly``: rand by start of financial year, in its own calendar."""

    yearly: dict[int, int]
    first_day: dt.date
    last_day: dt.date
    total: int
    longitude: float | None
    latitude: float | None
    spent_share: float = 1.0


@dataclass
class Scene:
    """Answers what a document of a season says of an undertaking, or that it does not name it.

    ``left_out``: submissions that are missing on purpose (document, institution, season).
    """

    world: World
    seed: int
    left_out: tuple[tuple[str, str, int], ...] = ()

    def pipeline(self, made: Undertaking, season: int) -> Appearance | None:
        """In the metro's BEPP pipeline."""
        if made.said is not None:
            return self._as_said(made, "pipeline", season)
        if not made.in_pipeline or self._missing("pipeline", made.metro.code, season):
            return None
        if made.plant in {"W03", "W04"} or self._too_early(made, season):
            return None
        shown = self._plan(made, season)
        if shown and made.plant == "W12" and made.variant == "local":
            self._move(made, shown)
        return shown

    def idp(self, made: Undertaking, season: int) -> Appearance | None:
        """In the metro's IDP project register."""
        if made.said is not None:
            return self._as_said(made, "idp", season)
        if made.plant in {"W01", "W03", "W04"} or self._too_early(made, season):
            return None
        return self._plan(made, season)

    def budget(self, made: Undertaking, season: int) -> Appearance | None:
        """In the metro's capital budget (SA36)."""
        if made.said is not None:
            return self._as_said(made, "budget", season)
        if made.sphere != "local" or made.plant in {"W01", "W02"}:
            return None
        if self._too_early(made, season):
            return None
        yearly = made.yearly
        if made.plant == "W06":
            yearly = {year + TWO_YEARS: rand for year, rand in yearly.items()}
        if made.plant == "W07":
            yearly = self._scaled(made, yearly)
        window = _window(yearly, season)
        if not window:
            return None
        return self._appearance(made, window, MUNICIPAL_JULY)

    def in_year(self, made: Undertaking, season: int) -> Appearance | None:
        """In the metro's in-year report (SC36): what is budgeted for the running year."""
        if self._missing("in_year", made.metro.code, season):
            return None
        shown = self.budget(made, season)
        if shown is None or not shown.yearly.get(season):
            return None
        rng = self._rng(made, f"in-year {season}")
        stalled = made.plant == "W16" and season == SEASONS[-1]
        shown.spent_share = rng.uniform(0.0, 0.12) if stalled else rng.uniform(0.86, 1.0)
        return shown

    def provincial(self, made: Undertaking, season: int) -> Appearance | None:
        """In the province's infrastructure list (IRM): one year's appropriation and the dates."""
        if made.said is not None:
            return self._as_said(made, "provincial_projects", season)
        if made.plant == "W10":
            return self._owner_list(made, {season: made.yearly[season]})
        if self._missing("provincial_projects", made.owner, season):
            return None
        if made.sphere != "provincial" or self._too_early(made, season):
            return None
        return self._owner_list(made, {season: made.yearly[season]})

    def owner_plan(self, made: Undertaking, season: int) -> Appearance | None:
        """In the owner's multi-year list: infrastructure plan, agency list, national estimates."""
        if made.said is not None:
            return self._as_said(made, "owner_plan", season)
        if made.sphere == "local" or self._too_early(made, season):
            return None
        if self._missing("agency_projects", made.owner, season) or made.variant == "elsewhere":
            return None
        if made.sphere == "provincial" and made.plant in {"W06", "W12"}:
            return None
        return self._owner_list(made, _window(made.yearly, season))

    def _as_said(self, made: Undertaking, document: str, season: int) -> Appearance | None:
        """A project of a set piece: in the documents it is said to be in, with the days said."""
        said, institution = made.said, made.owner
        if document in {"pipeline", "budget"}:
            institution = made.metro.code
        listed = "agency_projects" if document == "owner_plan" else document
        if said is None or (document, season) not in said.shown:
            return None
        if self._missing(listed, institution, season):
            return None
        window = _window(made.yearly, season)
        if document == "provincial_projects":
            window = {season: made.yearly[season]}
        if not window:
            return None
        month = MUNICIPAL_JULY if made.sphere == "local" else NATIONAL_APRIL
        shown = self._appearance(made, window, month)
        shown.first_day = said.first_day or shown.first_day
        shown.last_day = said.last_day or shown.last_day
        return shown

    def _missing(self, document: str, institution: str, season: int) -> bool:
        """Whether the whole submission is left out on purpose."""
        return (document, institution, season) in self.left_out

    def _owner_list(self, made: Undertaking, yearly: dict[int, int]) -> Appearance:
        factor = 1.0
        if made.plant == "W07":
            yearly = self._scaled(made, yearly)
            factor = self._factor_of(made)
        shown = self._appearance(made, yearly, NATIONAL_APRIL)
        shown.total = _thousands(made.total * factor)
        if made.plant == "W06":
            # Not yet appropriated; the dates alone say that it comes years after the metro's plan.
            start = max(SEASONS) + YEARS_AHEAD + TWO_YEARS
            shown.yearly = {}
            shown.first_day = dt.date(start, NATIONAL_APRIL, 1)
            shown.last_day = dt.date(start + 3, 3, 31)
        if made.plant == "W12":
            self._move(made, shown)
        return shown

    def _plan(self, made: Undertaking, season: int) -> Appearance | None:
        window = _window(made.yearly, season)
        if not window:
            return None
        shown = self._appearance(made, window, _first_month(made))
        if made.plant == "W06" and made.sphere != "local":
            shown.first_day = dt.date(SEASONS[-1], MUNICIPAL_JULY, 1)
            shown.last_day = dt.date(SEASONS[-1] + YEARS_AHEAD, 6, 30)
        return shown

    def _appearance(self, made: Undertaking, yearly: dict[int, int], month: int) -> Appearance:
        first = min(yearly, default=made.start_year) if made.plant == "W06" else made.start_year
        last = max(yearly, default=made.last_year) if made.plant == "W06" else made.last_year
        return Appearance(
            yearly=yearly,
            first_day=dt.date(first, month, 1),
            last_day=dt.date(last + 1, month, 1) - dt.timedelta(days=1),
            total=made.total, longitude=made.longitude, latitude=made.latitude,
        )  # fmt: skip

    def _too_early(self, made: Undertaking, season: int) -> bool:
        """Moved years show in the last season alone: an earlier document would blur the shift."""
        return made.plant == "W06" and season != SEASONS[-1]

    def _scaled(self, made: Undertaking, yearly: dict[int, int]) -> dict[int, int]:
        factor = self._factor_of(made)
        return {year: _thousands(rand * factor) for year, rand in yearly.items()}

    def _factor_of(self, made: Undertaking) -> float:
        rng = self._rng(made, "factor")
        low = rng.random() < 0.5
        return round(rng.uniform(0.4, 0.62) if low else rng.uniform(1.6, 2.4), 3)

    def _move(self, made: Undertaking, shown: Appearance) -> None:
        """Put the point kilometres away, or in another municipality."""
        if made.longitude is None or made.latitude is None:
            return
        rng = self._rng(made, "moved")
        if made.variant == "elsewhere":
            _, _, _, lon, lat = rng.choice(self.world.elsewhere[made.metro.province])
            shown.longitude, shown.latitude = shifted(
                lon, lat, rng.uniform(0.1, 0.9), rng.uniform(0, 6)
            )
            return
        if made.variant == "sea" and made.metro.code in TO_SEA:
            bearing = math.radians(TO_SEA[made.metro.code])
            far = rng.uniform(*AT_SEA_KM)
            shown.longitude, shown.latitude = shifted(made.longitude, made.latitude, far, bearing)
            return
        place = max(
            rng.sample(self.world.places[made.metro.code], 4),
            key=lambda p: math.hypot(p.longitude - made.longitude, p.latitude - made.latitude),
        )
        shown.longitude, shown.latitude = shifted(
            place.longitude, place.latitude, 0.2, rng.uniform(0, 6)
        )

    def _rng(self, made: Undertaking, what: str) -> Random:
        return dice(self.seed, made.number, what)


def _thousands(rand: float) -> int:
    """Whole thousands, at least one."""
    return max(round(rand / 1_000), 1) * 1_000


def _first_month(made: Undertaking) -> int:
    return MUNICIPAL_JULY if made.sphere == "local" else NATIONAL_APRIL


def _window(yearly: dict[int, int], season: int) -> dict[int, int]:
    """The years a medium-term document of a season shows."""
    return {y: yearly[y] for y in range(season, season + YEARS_AHEAD) if yearly.get(y)}
