"""Areas from GeoPackage, GeoJSON, KML and Shapefile: valid polygons in degrees, whatever was given.

Every layer is one submission. What is repaired, reprojected or left out is said feature by
feature; latitude and longitude that seem swapped are never turned round silently.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from harvester.domain.documents import Document, Stage
from harvester.domain.errors import UnreadableFileError, UserError
from harvester.domain.periods import Calendar, FinancialYear, parse_year_label
from harvester.domain.places import AreaKind
from harvester.domain.problems import Severity
from harvester.engine import schema
from harvester.rules import institutions
from harvester.sources.areas import geometry, kinds
from harvester.sources.areas.attributes import Attributes, Reader
from harvester.sources.areas.opening import Layer, kind_of, layers
from harvester.sources.reading import Builder, Reading, assemble

if TYPE_CHECKING:
    from harvester.domain.problems import ProblemKind
    from harvester.sources.reading import ReadOptions, SourceFile

NAME = "areas"
VERSION = "2"
NAMES = tuple(f"areas-{kind}" for kind in AreaKind)
"""Forces the kind of every area in the file: ``areas-integration_zone``."""

MAX_OVERLAP_PROBLEMS = 500
_HASH_DECIMALS = 6
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass
class _Area:
    """One accepted area: its feature's number from 1, attributes, boundary in degrees."""

    row: int
    attributes: Attributes
    boundary: Any
    square_metres: float
    layer: str
    area_id: str = ""


@dataclass
class _LayerReader:
    """Reads one layer into areas; problems go to its builder."""

    layer: Layer
    builder: Builder
    attributes: Reader
    areas: list[_Area] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    mend: str = ""

    def say(self, kind: ProblemKind, row: int | None = None, **words: Any) -> None:
        """Report a problem; an error with a row rejects that feature."""
        problem = kind.at(sheet=self.layer.name, row=row, **words)
        rejects = kind.severity is Severity.ERROR and row is not None
        if kind.severity is Severity.ERROR or row is None:
            self.reasons[problem.message if row is None else kind.code.replace("_", " ")] += 1
            self.mend = self.mend or problem.mend
        self.builder.problem(problem, rejects_row=rejects)

    def read(self) -> None:
        """Every feature that is a polygon in the country."""
        for problem in self.layer.problems:
            self.builder.problem(problem)
        found = geometry.boundaries(self.layer, self.say, self._name)
        if not found:
            return
        shapes = np.array(list(found.values()), dtype=object)
        planes = geometry.on_plane(shapes)
        sizes = shapely.area(planes)
        for index, boundary, size in zip(found, shapes, sizes, strict=True):
            attributes = self.attributes.read(index)
            geometry.judge_size(boundary, float(size), index + 1, self._shown(index), self.say)
            self.areas.append(
                _Area(
                    index + 1, attributes, boundary, round(float(size), 6), self._title(attributes)
                ),
            )
        for problem in self.attributes.problems:
            self.builder.problem(problem)
        if any(area.attributes.kind is AreaKind.OTHER for area in self.areas):
            self.say(kinds.KIND_UNKNOWN, None, value=f"layer {self.layer.name!r}")
        self._note_overlaps(planes)

    def _name(self, index: int) -> str:
        return self.attributes.name(index)

    def _shown(self, index: int) -> str:
        return self._name(index) or f"Feature {index + 1}"

    def _title(self, attributes: Attributes) -> str:
        """Layer of an area: its kind and the year of its boundaries; other areas by file or layer."""
        kind = attributes.kind
        title = kind if kind is not AreaKind.OTHER else slug(self.layer.name) or "other"
        vintage = attributes.vintage
        return f"{title}-{vintage}" if vintage and vintage not in title else str(title)

    def _note_overlaps(self, planes: np.ndarray) -> None:
        """Areas of one layer that overlap; zones of different kinds may lie on one another."""
        by_layer: dict[str, list[int]] = {}
        for n, area in enumerate(self.areas):
            by_layer.setdefault(area.layer, []).append(n)
        told = 0
        for members in by_layer.values():
            pairs, whole = geometry.overlaps(planes[members])
            if not whole:
                self.say(kinds.OVERLAPS_BOUNDED, None, value=str(geometry.MAX_NEIGHBOURS))
            for i, j, share in pairs:
                told += 1
                if told > MAX_OVERLAP_PROBLEMS:
                    continue
                first, second = self.areas[members[i]].row, self.areas[members[j]].row
                self.say(
                    kinds.OVERLAP,
                    first,
                    name=self._shown(first - 1),
                    other=self._shown(second - 1),
                    second=second,
                    value=f"{100 * share:.1f}",
                )
        if told > MAX_OVERLAP_PROBLEMS:
            self.say(kinds.OVERLAPS_MORE, None, value=str(told - MAX_OVERLAP_PROBLEMS))


def detect(source: SourceFile) -> bool:
    """Whether the content is one of the formats areas come in."""
    return bool(kind_of(source.path))


def read(source: SourceFile, options: ReadOptions) -> Reading:
    """Every layer with polygons.

    Raises ``UnreadableFileError`` when no area could be read, saying why, and ``UserError`` when
    an option is wrong.
    """
    forced = None
    if options.format in NAMES:
        forced = AreaKind(options.format.removeprefix("areas-"))
    readers = []
    for part, layer in enumerate(layers(source.path)):
        found = _LayerReader(layer, _builder(source, options, layer, part), Reader(layer, forced))
        found.read()
        readers.append(found)
    if not any(reader.areas for reader in readers):
        raise _nothing(source, readers)
    _settle_institution(options, readers)
    _identify(readers)
    rows = [_row(reader, area) for reader in readers for area in reader.areas]
    return assemble([reader.builder for reader in readers], schema.AREAS.from_rows(rows))


def slug(text: str) -> str:
    """A name as part of an id: lower-case letters and digits with hyphens."""
    return _NOT_SLUG.sub("-", text.lower()).strip("-")


def _builder(source: SourceFile, options: ReadOptions, layer: Layer, part: int) -> Builder:
    start = parse_year_label(options.year) if options.year else None
    if options.year and start is None:
        raise UserError(
            f"{options.year!r} is not a financial year.",
            where="--year",
            mend="Write it as 2018/19.",
        )
    year = schema.UNKNOWN if start is None else FinancialYear(start, Calendar.MUNICIPAL).label
    return Builder(
        source=source,
        reader=NAME,
        reader_version=VERSION,
        part=part,
        sheet=layer.name,
        document=Document.AREAS,
        calendar=Calendar.MUNICIPAL,
        financial_year=year,
        stage=Stage(options.stage) if options.stage in set(Stage) else Stage.UNKNOWN,
        title=layer.name,
    )


def _settle_institution(options: ReadOptions, readers: list[_LayerReader]) -> None:
    """Who published it: as told; else the one municipality all its areas are in, when they are
    areas of a plan and not the boundaries of municipalities themselves."""
    told = None
    if options.institution:
        book = institutions.load()
        known = book.get(options.institution)
        told = options.institution if known else book.resolve(options.institution)
        if told is None:
            raise UserError(
                f"{options.institution!r} is no institution we know.",
                where="--institution",
                mend="Give its code, such as BUF, or its full name.",
            )
    for reader in readers:
        metros = {area.attributes.metro for area in reader.areas}
        planned = any(area.attributes.kind.priority for area in reader.areas)
        if told:
            reader.builder.institution = told
            reader.builder.institution_text = options.institution
            _lend_metro(reader, told)
        elif planned and len(metros) == 1:
            reader.builder.institution = metros.pop()


def _lend_metro(reader: _LayerReader, told: str) -> None:
    """Zones a metro publishes and does not label lie in that metro."""
    if institutions.load().kind(told) != "metro":
        return
    for area in reader.areas:
        if area.attributes.metro == schema.UNKNOWN and area.attributes.kind.priority:
            area.attributes.metro = told


def _identify(readers: list[_LayerReader]) -> None:
    """Give each area ``<layer>:<code or hash>``; a code that stands twice gets a hash beside it."""
    first: dict[str, int] = {}
    for reader in readers:
        for area in reader.areas:
            code = area.attributes.code
            area.area_id = f"{area.layer}:{code or _hash(area)}"
            if area.area_id in first:
                if code:
                    reader.say(
                        kinds.CODE_TWICE,
                        area.row,
                        value=code,
                        header="code",
                        first=first[area.area_id],
                    )
                area.area_id = _unused(f"{area.area_id}~{_hash(area)[:6]}", first)
            first[area.area_id] = area.row


def _unused(area_id: str, taken: dict[str, int]) -> str:
    """The id itself, or with the least number that makes it new (the same feature given twice)."""
    candidate, n = area_id, 2
    while candidate in taken:
        candidate, n = f"{area_id}-{n}", n + 1
    return candidate


def _hash(area: _Area) -> str:
    """Of the name and the boundary to a tenth of a metre, so that the same area keeps its id."""
    rounded = shapely.transform(area.boundary, lambda c: np.round(c, _HASH_DECIMALS) + 0.0)
    total = hashlib.sha256(area.attributes.name.encode())
    total.update(shapely.to_wkb(shapely.normalize(rounded), byte_order=1))
    return total.hexdigest()[:12]


def _row(reader: _LayerReader, area: _Area) -> dict[str, object]:
    found = area.attributes
    return {
        "area_id": area.area_id,
        "submission_id": reader.builder.submission_id,
        "layer": area.layer,
        "kind": str(found.kind),
        "code": found.code,
        "name": found.name,
        "metro": found.metro,
        "priority": found.priority,
        "population": found.population,
        "households": found.households,
        "poor_share": found.poor_share,
        "illustrative": found.illustrative,
        "square_metres": area.square_metres,
        "geometry": shapely.to_wkb(area.boundary, byte_order=1),
    }


def _nothing(source: SourceFile, readers: list[_LayerReader]) -> UnreadableFileError:
    reasons: Counter[str] = Counter()
    for reader in readers:
        reasons.update(reader.reasons)
    told = "; ".join(f"{n} × {text}" if n > 1 else text for text, n in reasons.most_common(4))
    return UnreadableFileError(
        f"No area could be read ({told or 'the file has no features'}).",
        where=source.name,
        mend=next((reader.mend for reader in readers if reader.mend), "Give polygons."),
    )
