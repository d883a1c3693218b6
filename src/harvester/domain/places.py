"""Where money goes: the six place classes and the kinds of area."""

from __future__ import annotations

from enum import StrEnum


class PlaceClass(StrEnum):
    """Every rand is in exactly one class (DOMAIN section 5, this project's rule)."""

    LOCATED = "located"  # a point, line or area
    MULTI_WARD = "multi_ward"  # several named wards or regions, split by a stated rule
    NETWORK = "network"  # network or bulk: the asset is in one place, the benefit in another
    CITY_WIDE = "city_wide"
    ADMINISTRATIVE = "administrative"
    UNKNOWN = "unknown"

    @property
    def allocable(self) -> bool:
        """Whether money of this class can have a place at all (administration cannot)."""
        return self is not PlaceClass.ADMINISTRATIVE


class AreaKind(StrEnum):
    """What an area is for."""

    MUNICIPALITY = "municipality"
    DISTRICT = "district"
    PROVINCE = "province"
    WARD = "ward"
    REGION = "region"  # a municipality's own region, as its budget names it
    INTEGRATION_ZONE = "integration_zone"
    URBAN_HUB = "urban_hub"
    MARGINALISED_AREA = "marginalised_area"
    ECONOMIC_NODE = "economic_node"
    PRECINCT = "precinct"
    OTHER = "other"

    @property
    def priority(self) -> bool:
        """Whether the metro's plan targets investment here (BEPP spatial targeting areas)."""
        return self in _PRIORITY


_PRIORITY = frozenset(
    {
        AreaKind.INTEGRATION_ZONE,
        AreaKind.URBAN_HUB,
        AreaKind.MARGINALISED_AREA,
        AreaKind.ECONOMIC_NODE,
        AreaKind.PRECINCT,
    }
)

SOUTH_AFRICA = (16.3, -35.0, 33.1, -22.0)
"""West, south, east, north in degrees (EPSG:4326), mainland with the whole of Cape Agulhas."""


def in_south_africa(longitude: float, latitude: float) -> bool:
    """Whether a point (degrees, EPSG:4326) is inside the country's bounding box."""
    west, south, east, north = SOUTH_AFRICA
    return west <= longitude <= east and south <= latitude <= north
