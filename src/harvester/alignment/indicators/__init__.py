"""Every indicator, declared once."""

from harvester.alignment.indicators.cascade import CASCADE_INDICATORS
from harvester.alignment.indicators.declared import PART_COLUMNS, Indicator, Scale
from harvester.alignment.indicators.grants import GRANT_INDICATORS
from harvester.alignment.indicators.housing import HOUSING_INDICATORS
from harvester.alignment.indicators.money import MONEY_INDICATORS
from harvester.alignment.indicators.places import PLACE_INDICATORS
from harvester.alignment.indicators.plans import PLAN_INDICATORS
from harvester.alignment.indicators.quality import QUALITY_INDICATORS

INDICATORS: list[Indicator] = [
    *PLAN_INDICATORS,
    *GRANT_INDICATORS,
    *CASCADE_INDICATORS,
    *HOUSING_INDICATORS,
    *PLACE_INDICATORS,
    *MONEY_INDICATORS,
    *QUALITY_INDICATORS,
]

__all__ = ["INDICATORS", "PART_COLUMNS", "Indicator", "Scale"]
