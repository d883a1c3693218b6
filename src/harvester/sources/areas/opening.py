"""Opening a file of areas: what it is by its content, and the layers in it.

GeoPackage, GeoJSON, KML, KMZ, Shapefile (zipped, or with its parts beside it). GDAL is only ever
given a file whose content is one of these, under a name with the right ending: what a file is
called is not trusted, and no other driver is reached.
"""

from __future__ import annotations

import codecs
import tempfile
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FieldError

from harvester.domain.errors import UnreadableFileError
from harvester.sources.areas import kinds
from harvester.sources.tables import archive
from harvester.sources.tables.delimited import decode

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    import numpy as np

    from harvester.domain.problems import Problem

MAX_FILE_BYTES = 1024 * archive.MEGABYTE
_HEAD = 64 * 1024
_SHP = b"\x00\x00\x27\x0a"
_GEOMETRIES = (b'"FeatureCollection"', b'"Feature"', b'"coordinates"', b'"geometry"')
_INSIDE = (".shp", ".gpkg", ".geojson", ".json", ".kml")
_ENDINGS = {"gpkg": ".gpkg", "geojson": ".geojson", "kml": ".kml"}
_UNIMPORTANT = ("__MACOSX/", "._")


@dataclass
class Layer:
    """One layer as GDAL gives it: geometry as WKB, attributes by column, CRS as text or None."""

    name: str
    crs: str | None
    geometry: np.ndarray
    columns: dict[str, np.ndarray]
    geometry_type: str
    kind: str
    problems: list[Problem] = field(default_factory=list)


def kind_of(path: Path) -> str:
    """``gpkg``, ``geojson``, ``kml``, ``shp``, ``zip`` (of one of them), or ``""``; by content."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if head.startswith(b"SQLite format 3\x00"):
        return "gpkg" if head[68:72] in {b"GPKG", b"GP10", b"GP11"} else ""
    if head.startswith(_SHP):
        return "shp"
    if head.startswith(b"PK\x03\x04"):
        return "zip" if _areas_in_zip(path) else ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        head = head.decode("utf-16", "ignore").encode()
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if start.startswith(b"{"):
        return "geojson" if any(word in head for word in _GEOMETRIES) else ""
    if start.startswith((b"<?xml", b"<kml")) and b"<kml" in head:
        return "kml"
    return ""


def layers(path: Path) -> Iterator[Layer]:
    """Every layer of a file, one after the other.

    Raises ``UnreadableFileError`` when the file is too large, a zip bomb, damaged, an XML with
    entities of its own, or not a file of areas at all.
    """
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UnreadableFileError(
            f"The file is more than {MAX_FILE_BYTES // archive.MEGABYTE} MB.",
            where=path.name,
            mend="Split it, or simplify its boundaries.",
        )
    kind = kind_of(path)
    if not kind:
        raise UnreadableFileError(
            "This is no file of areas.",
            where=path.name,
            mend="Give a GeoPackage, GeoJSON, KML or zipped Shapefile.",
        )
    if kind == "zip":
        yield from _zipped(path)
    elif kind == "shp":
        yield from _read_all(str(path), path.stem, kind, path.name, [_parts_beside(path)])
    else:
        with _named(path, kind) as (place, problems):
            yield from _read_all(str(place), path.stem, kind, path.name, problems)


def _areas_in_zip(path: Path) -> list[str]:
    with archive.open_zip(path) as parts:
        names = [i.filename for i in parts.infolist() if not i.is_dir()]
        if any(n.lower() == "xl/workbook.xml" or n == "mimetype" for n in names):
            return []
        found = sorted(
            n
            for n in names
            if n.lower().endswith(_INSIDE)
            and not n.startswith(_UNIMPORTANT[0])
            and not n.rsplit("/", 1)[-1].startswith(_UNIMPORTANT[1])
        )
        return [n for n in found if _right_inside(parts, n)]


def _right_inside(parts: zipfile.ZipFile, name: str) -> bool:
    """Whether a part's content is what its ending says."""
    with parts.open(name) as stream:
        head = stream.read(_HEAD)
    ending = name.lower().rsplit(".", 1)[-1]
    if ending == "shp":
        return head.startswith(_SHP)
    if ending == "gpkg":
        return head.startswith(b"SQLite format 3\x00")
    if ending == "kml":
        return b"<kml" in head
    return any(word in head for word in _GEOMETRIES)


def _zipped(path: Path) -> Iterator[Layer]:
    """Each file of areas in a zip, unpacked (within the limits already checked) to read it."""
    with tempfile.TemporaryDirectory() as folder, archive.open_zip(path) as parts:
        for name in _areas_in_zip(path):
            stem, _, ending = name.rpartition(".")
            beside = [
                i
                for i in parts.infolist()
                if i.filename.rpartition(".")[0].lower() == stem.lower() and not i.is_dir()
            ]
            place = Path(folder) / "unpacked"
            place.mkdir(exist_ok=True)
            for info in beside if ending.lower() == "shp" else [parts.getinfo(name)]:
                target = place / f"layer.{info.filename.rpartition('.')[2].lower()}"
                _unpack(parts, info, target, path.name)
            target = place / f"layer.{ending.lower()}"
            kind = {"json": "geojson"}.get(ending.lower(), ending.lower())
            title = Path(stem).name if stem.lower() != "doc" else path.stem
            with _named(target, kind) as (found, problems):
                yield from _read_all(str(found), title, kind, path.name, problems)
            for file in place.iterdir():
                file.unlink()


def _unpack(parts: zipfile.ZipFile, info: zipfile.ZipInfo, target: Path, name: str) -> None:
    with parts.open(info) as stream, target.open("wb") as out:
        left = info.file_size
        while chunk := stream.read(archive.MEGABYTE):
            left -= len(chunk)
            if left < 0:  # a directory that lies about the size of its parts
                raise UnreadableFileError(
                    "The file was not opened: a part of it is larger than it says.",
                    where=name,
                    mend="Ask its sender for a clean copy.",
                )
            out.write(chunk)


@contextmanager
def _named(path: Path, kind: str) -> Iterator[tuple[Path, list[Problem]]]:
    """The file under a name with its right ending, in UTF-8 where it is text."""
    problems: list[Problem] = []
    ending = _ENDINGS.get(kind)
    if kind == "kml":
        _refuse_entities(path)
    text = _as_utf8(path, problems) if kind == "geojson" else None
    if ending is None or (text is None and path.suffix.lower() == ending):
        yield path, problems
        return
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / f"layer{ending}"
        if text is None:
            place.symlink_to(path.resolve())
        else:
            place.write_text(text, "utf-8")
        yield place, problems


def _as_utf8(path: Path, problems: list[Problem]) -> str | None:
    """The text of a GeoJSON that is not plain UTF-8 (a BOM, Windows-1252); ``None`` when it is."""
    raw = path.read_bytes()
    if not raw.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            problems.append(kinds.ENCODING_GUESSED.at())
        else:
            return None
    return decode(path)[0]


def _refuse_entities(path: Path) -> None:
    """An XML file may define entities that unpack without end; no map needs them."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if b"<!ENTITY" in head or b"<!DOCTYPE" in head:
        raise UnreadableFileError(
            "The KML defines entities or a document type of its own, which may be a bomb.",
            where=path.name,
            mend="Export it again from your GIS.",
        )


def _parts_beside(path: Path) -> Problem:
    beside = sorted(p.suffix.lower() for p in path.parent.glob(f"{path.stem}.*") if p != path)
    return kinds.PARTS_BESIDE.at(value=", ".join(beside) or "none")


def _read_all(
    place: str,
    title: str,
    kind: str,
    file: str,
    problems: list[Problem],
) -> Iterator[Layer]:
    for name, geometry_type in _listed(place, file):
        layer = _read_layer(place, str(name), kind, file)
        layer.geometry_type = str(geometry_type or "")
        if kind in {"geojson", "shp"} or layer.name in {"", "layer"}:
            layer.name = title
        layer.problems = [*problems, *layer.problems]
        yield layer


def _listed(place: str, file: str) -> list[Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            return list(pyogrio.list_layers(place))
    except (DataSourceError, DataLayerError) as error:
        raise _damaged(file, place, error) from error


def _read_layer(place: str, name: str, kind: str, file: str) -> Layer:
    """One layer. GDAL's own remarks about a file are about things the checks here say better."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            meta, _, geometry, columns = pyogrio.raw.read(
                place,
                layer=name,
                force_2d=True,
                datetime_as_string=True,
            )
    except (DataSourceError, DataLayerError, FieldError, UnicodeDecodeError, ValueError) as error:
        raise _damaged(file, place, error) from error
    named = {str(f): values for f, values in zip(meta["fields"], columns, strict=True)}
    return Layer(name, meta["crs"], geometry, named, "", kind)


def _damaged(file: str, place: str, error: Exception) -> UnreadableFileError:
    reason = " ".join(str(error).replace(place, file).split())[:300]
    return UnreadableFileError(
        f"The file of areas cannot be read ({reason}).",
        where=file,
        mend="Export it again; a Shapefile needs its .shp, .shx, .dbf and .prj together in one zip.",
    )
