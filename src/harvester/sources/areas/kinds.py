"""Kinds of problem that only files of areas can have. A row is the number of a feature from 1."""

from __future__ import annotations

from harvester.domain.problems import ProblemKind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

REPROJECTED = ProblemKind(
    "areas_reprojected",
    _NOTE,
    "The layer is in {value}; it was turned into degrees (EPSG:4326).",
    "Nothing to do.",
)
CRS_ASSUMED = ProblemKind(
    "areas_crs_assumed",
    _WARNING,
    "The layer does not say what its coordinates are; they fit degrees in South Africa (EPSG:4326) "
    "and were taken as that.",
    "Give the .prj file with the layer, or save it with its coordinate system.",
)
LAYER_WITHOUT_AREAS = ProblemKind(
    "layer_without_areas",
    _WARNING,
    "Layer {sheet} was passed over: it holds {value}, no polygons.",
    "Give polygons; points and lines have no area.",
)
LAYER_PASSED_OVER = ProblemKind(
    "layer_passed_over",
    _ERROR,
    "Layer {sheet} was passed over: {reason}",
    "{mend}",
)
GEOMETRY_EMPTY = ProblemKind(
    "geometry_empty",
    _ERROR,
    "Feature {name} has no geometry; it was left out.",
    "Draw its boundary, or delete the feature.",
)
GEOMETRY_NOT_AREA = ProblemKind(
    "geometry_not_area",
    _ERROR,
    "Feature {name} is a {value}, not a polygon; it was left out.",
    "Give its boundary as a polygon.",
)
GEOMETRY_BROKEN = ProblemKind(
    "geometry_broken",
    _ERROR,
    "The geometry of feature {name} cannot be read ({value}); it was left out.",
    "Draw it again.",
)
GEOMETRY_MENDED = ProblemKind(
    "geometry_mended",
    _WARNING,
    "The boundary of {name} is not valid ({value}); it was mended. Its area was {before} km2 and is "
    "now {after} km2.",
    "Mend the boundary in your GIS (Check validity) and look at the result.",
)
GEOMETRY_PARTS_LEFT = ProblemKind(
    "geometry_parts_left_out",
    _NOTE,
    "Feature {name} also holds points or lines; only its polygons were taken.",
    "Nothing to do.",
)
SWAPPED = ProblemKind(
    "coordinates_swapped",
    _ERROR,
    "Latitude and longitude of {name} seem swapped: as written it lies at {value}, swapped it would "
    "lie in South Africa. It was left out.",
    "Write longitude first, then latitude.",
)
OUTSIDE = ProblemKind(
    "area_outside_country",
    _ERROR,
    "{name} does not lie in South Africa (it lies at {value}); it was left out.",
    "Check the coordinates and the coordinate system of the layer.",
)
PARTLY_OUTSIDE = ProblemKind(
    "area_partly_outside_country",
    _WARNING,
    "{value} % of {name} lies outside South Africa.",
    "Check its boundary.",
)
HUGE = ProblemKind(
    "area_huge",
    _WARNING,
    "{name} is {value} km2 large; {least}.",
    "Check its boundary.",
)
CODE_TWICE = ProblemKind(
    "area_code_twice",
    _WARNING,
    "{value} is also the code of feature {first}; each was kept as an area of its own.",
    "Give each area its own code, or join the parts of one area into a multipolygon.",
)
OVERLAP = ProblemKind(
    "areas_overlap",
    _WARNING,
    "{name} overlaps {other} (feature {second}): {value} % of the smaller one.",
    "Check the boundary; money in the overlap would belong to both.",
)
OVERLAPS_BOUNDED = ProblemKind(
    "areas_overlap_bounded",
    _NOTE,
    "The layer has very many neighbours; overlaps were looked for among the first {value} only.",
    "Nothing to do.",
)
OVERLAPS_MORE = ProblemKind(
    "areas_overlap_more",
    _WARNING,
    "{value} more pairs of areas overlap.",
    "Check the boundaries in your GIS.",
)
KIND_UNKNOWN = ProblemKind(
    "area_kind_unknown",
    _WARNING,
    "It is not said what these areas are ({value}); they were taken as other areas.",
    "Add an attribute kind (municipality, ward, integration zone ...), or say it with "
    "--as areas-integration_zone or another kind.",
)
NAME_MISSING = ProblemKind(
    "area_without_name",
    _NOTE,
    "Feature {value} has no name.",
    "Add an attribute name.",
)
METRO_UNKNOWN = ProblemKind(
    "area_municipality_unknown",
    _WARNING,
    "{value} is no municipality we know; the area will be placed by its boundary.",
    "Write the code of the municipality, such as BUF.",
)
ATTRIBUTE_ODD = ProblemKind(
    "area_attribute_odd",
    _WARNING,
    "{value} is not a {header} we can read; it is unknown.",
    "Write a whole number for people or households, a number for a share, yes or no for a flag.",
)
ENCODING_GUESSED = ProblemKind(
    "encoding_guessed",
    _NOTE,
    "The text is not UTF-8; it was read as Windows-1252.",
    "Check names with accents; save the file as UTF-8 to be sure.",
)
PARTS_BESIDE = ProblemKind(
    "shapefile_parts_beside",
    _NOTE,
    "The .shp was read with the files beside it ({value}), which are not kept with it.",
    "Give the whole shapefile as one .zip.",
)
