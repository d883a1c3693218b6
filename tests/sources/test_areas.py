"""Boundaries in any usual format and coordinate system become valid areas in degrees."""

from __future__ import annotations

import json
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio.raw
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box, mapping

from harvester.domain.errors import UnreadableFileError, UserError
from harvester.sources.areas import geometry as areas_geometry
from harvester.sources.areas import reader as areas
from harvester.sources.reading import Reading, ReadOptions, SourceFile

if TYPE_CHECKING:
    from pathlib import Path

ONE = box(27.8, -33.0, 27.9, -32.9)
TWO = box(27.9, -33.0, 28.0, -32.9)
BOWTIE = Polygon([(27.8, -33.0), (27.9, -32.9), (27.9, -33.0), (27.8, -32.9)])


def write(
    path: Path,
    shapes: list[Any],
    driver: str,
    *,
    crs: str | None = "EPSG:4326",
    layer: str | None = None,
    append: bool = False,
    **attributes: list[Any],
) -> Path:
    """A file of areas by GDAL."""
    options: dict[str, Any] = {"ENCODING": "UTF-8"} if driver == "ESRI Shapefile" else {}
    single = {s.geom_type for s in shapes if s is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that no system is given is meant
        pyogrio.raw.write(
            path,
            np.array([None if s is None else shapely.to_wkb(s) for s in shapes], dtype=object),
            [
                np.array(v, dtype=object if isinstance(v[0], str) else None)
                for v in attributes.values()
            ],
            list(attributes),
            driver=driver,
            crs=crs,
            layer=layer,
            append=append,
            geometry_type=single.pop() if len(single) == 1 else "Unknown",
            **options,
        )
    return path


def geojson(path: Path, features: list[tuple[Any, dict[str, Any]]], **members: Any) -> Path:
    """A GeoJSON as text, so that it may hold what GDAL would not write."""
    found = [
        {
            "type": "Feature",
            "properties": p,
            "geometry": g if isinstance(g, dict | None) else mapping(g),
        }
        for g, p in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": found}))
    return path


def read(path: Path, **options: str) -> Reading:
    source = SourceFile.at(path)
    assert areas.detect(source)
    return areas.read(source, ReadOptions(**options))


def codes(reading: Reading) -> list[str]:
    return reading.problems["code"].to_pylist()


def shapes_of(reading: Reading) -> list[Any]:
    return list(shapely.from_wkb(reading.areas["geometry"].to_pylist()))


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "driver"),
        [
            ("zones.gpkg", "GPKG"),
            ("zones.geojson", "GeoJSON"),
            ("zones.kml", "KML"),
            ("zones.shp", "ESRI Shapefile"),
        ],
    )
    def test_each_format_gives_the_same_areas(self, tmp_path: Path, name: str, driver: str) -> None:
        path = write(tmp_path / name, [ONE, TWO], driver, layer="zones", Name=["Bay West", "Café"])
        reading = read(path, format="areas-integration_zone")
        assert reading.areas["name"].to_pylist() == ["Bay West", "Café"]
        assert reading.areas["kind"].to_pylist() == ["integration_zone"] * 2
        assert all(a.equals(b) for a, b in zip(shapes_of(reading), [ONE, TWO], strict=True))
        assert reading.submissions["document"].to_pylist() == ["areas"]

    def test_a_zipped_shapefile_in_a_folder_of_the_zip(self, tmp_path: Path) -> None:
        write(
            tmp_path / "wards_2016.shp",
            [ONE],
            "ESRI Shapefile",
            WARD_ID=["29300001"],
            MUNICNAME=["Buffalo City"],
        )
        with zipfile.ZipFile(tmp_path / "w.zip", "w") as parts:
            for file in tmp_path.glob("wards_2016.*"):
                parts.write(file, f"Wards/{file.name}")
            parts.writestr("__MACOSX/Wards/._wards_2016.shp", b"junk")
        found = read(tmp_path / "w.zip").areas.to_pylist()[0]
        assert (found["area_id"], found["kind"], found["layer"], found["code"], found["metro"]) == (
            "ward-2016:29300001",
            "ward",
            "ward-2016",
            "29300001",
            "BUF",
        )

    def test_a_kmz(self, tmp_path: Path) -> None:
        write(tmp_path / "doc.kml", [ONE], "KML", layer="Precincts", Name=["Sleeper Site"])
        with zipfile.ZipFile(tmp_path / "p.kmz", "w") as parts:
            parts.write(tmp_path / "doc.kml", "doc.kml")
        assert read(tmp_path / "p.kmz").areas["kind"].to_pylist() == ["precinct"]

    def test_every_layer_is_a_submission(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.gpkg"
        write(path, [ONE], "GPKG", layer="integration_zones", name=["A"])
        write(path, [TWO], "GPKG", layer="urban_hubs", append=True, name=["B"])
        reading = read(path)
        assert reading.submissions["sheet"].to_pylist() == ["integration_zones", "urban_hubs"]
        assert reading.areas["kind"].to_pylist() == ["integration_zone", "urban_hub"]
        assert reading.areas["priority"].to_pylist() == [True, True]
        assert len(set(reading.areas["submission_id"].to_pylist())) == 2

    @pytest.mark.parametrize("name", ["original", "zones.txt", "zones.csv"])
    def test_content_tells_not_the_name(self, tmp_path: Path, name: str) -> None:
        for driver, ending in (("GPKG", "gpkg"), ("GeoJSON", "geojson")):
            path = write(tmp_path / f"a.{ending}", [ONE], driver, layer="hubs", name=["A"])
            assert len(read(path.rename(tmp_path / name), format="areas-urban_hub").areas) == 1

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"name,ward\nA,1\n",
            b"{}",
            b'{"a": 1}',
            b"<?xml version='1.0'?><html/>",
            b"PK\x05\x06" + b"\0" * 18,
        ],
    )
    def test_other_files_are_not_areas(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "a.json").write_bytes(content)
        assert not areas.detect(SourceFile.at(tmp_path / "a.json"))

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
    def test_geojson_with_a_bom_or_in_windows_1252(self, tmp_path: Path, encoding: str) -> None:
        path = geojson(tmp_path / "a.geojson", [(ONE, {"name": "Cafe", "kind": "precinct"})])
        text = path.read_text().replace("Cafe", "Café")
        path.write_bytes(text.encode(encoding))
        assert read(path).areas["name"].to_pylist() == ["Café"]

    def test_a_damaged_file_says_so_without_our_own_paths(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.geojson", [ONE], "GeoJSON", name=["A"])
        path.write_text(path.read_text()[:-40])
        with pytest.raises(UnreadableFileError) as refused:
            areas.read(SourceFile.at(path), ReadOptions())
        assert "a.geojson" in str(refused.value)
        assert str(tmp_path) not in str(refused.value)

    def test_a_zip_bomb_is_not_opened(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as parts:
            parts.writestr("a.geojson", b'{"type": "FeatureCollection"' + b" " * (80 << 20))
        with pytest.raises(UnreadableFileError, match="bomb"):
            areas.detect(SourceFile.at(tmp_path / "a.zip"))

    def test_an_xml_with_entities_of_its_own_is_not_opened(self, tmp_path: Path) -> None:
        (tmp_path / "a.kml").write_text(
            '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "b">]><kml></kml>'
        )
        with pytest.raises(UnreadableFileError, match="entities"):
            areas.read(SourceFile.at(tmp_path / "a.kml"), ReadOptions())


class TestCoordinateSystems:
    @pytest.mark.parametrize(
        "crs", ["EPSG:32735", "EPSG:3857", "EPSG:4148", "EPSG:4222", "EPSG:2052", "ESRI:102562"]
    )
    def test_any_system_is_turned_into_degrees_with_a_note(self, tmp_path: Path, crs: str) -> None:
        turn = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
        there = shapely.transform(ONE, turn.transform, interleaved=False)
        reading = read(
            write(tmp_path / "a.gpkg", [there], "GPKG", crs=crs, layer="hubs", name=["A"])
        )
        assert shapely.hausdorff_distance(shapes_of(reading)[0], ONE) < 1e-5
        assert codes(reading) == ["areas_reprojected"]

    def test_geojson_with_a_crs_member_of_the_old_standard(self, tmp_path: Path) -> None:
        turn = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32735", always_xy=True)
        there = shapely.transform(ONE, turn.transform, interleaved=False)
        path = geojson(
            tmp_path / "hubs.geojson",
            [(there, {"name": "A"})],
            crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32735"}},
        )
        assert shapely.hausdorff_distance(shapes_of(read(path))[0], ONE) < 1e-5

    def test_metres_in_a_geojson_that_says_degrees_are_refused(self, tmp_path: Path) -> None:
        path = geojson(
            tmp_path / "a.geojson", [(box(600_000, 6_300_000, 610_000, 6_310_000), {"name": "A"})]
        )
        with pytest.raises(UnreadableFileError, match="degrees"):
            areas.read(SourceFile.at(path), ReadOptions())

    def test_without_a_system_degrees_in_the_country_are_taken_with_a_warning(
        self, tmp_path: Path
    ) -> None:
        reading = read(write(tmp_path / "hubs.shp", [ONE], "ESRI Shapefile", crs=None, name=["A"]))
        assert "areas_crs_assumed" in codes(reading)

    def test_without_a_system_other_numbers_are_refused(self, tmp_path: Path) -> None:
        path = write(tmp_path / "a.shp", [box(0, 0, 5, 5)], "ESRI Shapefile", crs=None, name=["A"])
        with pytest.raises(UnreadableFileError, match=r"\.prj"):
            areas.read(SourceFile.at(path), ReadOptions())


class TestBoundaries:
    def test_a_ring_that_crosses_itself_is_mended_and_its_change_told(self, tmp_path: Path) -> None:
        reading = read(
            geojson(tmp_path / "hubs.geojson", [(BOWTIE, {"name": "Bow"}), (TWO, {"name": "A"})])
        )
        assert shapely.is_valid(shapes_of(reading)).all()
        problem = next(p for p in reading.problems.to_pylist() if p["code"] == "geometry_mended")
        assert problem["row"] == 1
        assert "Bow" in problem["message"]
        assert "km2" in problem["message"]

    def test_what_is_no_polygon_or_empty_is_left_out_and_told(self, tmp_path: Path) -> None:
        reading = read(
            geojson(
                tmp_path / "hubs.geojson",
                [
                    (ONE, {"name": "A"}),
                    (None, {"name": "B"}),
                    (Point(27.8, -33), {"name": "C"}),
                    ({"type": "Polygon", "coordinates": []}, {"name": "D"}),
                ],
            )
        )
        assert reading.areas["name"].to_pylist() == ["A"]
        assert reading.submissions["rejected_rows"].to_pylist() == [3]
        assert sorted(c for c in codes(reading) if c.startswith("geometry")) == [
            "geometry_empty",
            "geometry_empty",
            "geometry_not_area",
        ]

    def test_a_layer_of_points_is_told_once(self, tmp_path: Path) -> None:
        path = tmp_path / "plan.gpkg"
        write(path, [ONE], "GPKG", layer="precincts", name=["A"])
        write(path, [Point(27.8, -33)] * 50, "GPKG", layer="stops", append=True, name=["x"] * 50)
        assert codes(read(path)).count("layer_without_areas") == 1

    def test_swapped_latitude_and_longitude_are_told_and_not_turned(self, tmp_path: Path) -> None:
        swapped = shapely.transform(ONE, lambda c: c[:, ::-1])
        reading = read(
            geojson(tmp_path / "hubs.geojson", [(swapped, {"name": "A"}), (TWO, {"name": "B"})])
        )
        assert reading.areas["name"].to_pylist() == ["B"]
        assert "coordinates_swapped" in codes(reading)

    def test_a_file_with_nothing_usable_says_why(self, tmp_path: Path) -> None:
        path = geojson(tmp_path / "hubs.geojson", [(box(2, 48, 3, 49), {"name": "Paris"})] * 3)
        with pytest.raises(UnreadableFileError, match="3 × area outside country"):
            areas.read(SourceFile.at(path), ReadOptions())

    def test_height_is_dropped(self, tmp_path: Path) -> None:
        reading = read(
            geojson(tmp_path / "hubs.geojson", [(shapely.force_3d(ONE, 12.0), {"name": "A"})])
        )
        assert not shapely.has_z(shapes_of(reading)).any()

    def test_areas_larger_than_the_country_or_partly_abroad_are_doubted(
        self, tmp_path: Path
    ) -> None:
        reading = read(
            geojson(tmp_path / "hubs.geojson", [(box(10, -40, 40, -15), {"name": "Too much"})])
        )
        assert {"area_huge", "area_partly_outside_country"} <= set(codes(reading))

    def test_overlaps_in_a_layer_are_told_with_their_share_but_touching_is_fine(
        self, tmp_path: Path
    ) -> None:
        half = box(27.85, -33.0, 27.9, -32.9)
        reading = read(
            geojson(
                tmp_path / "hubs.geojson",
                [(ONE, {"name": "A"}), (half, {"name": "B"}), (TWO, {"name": "C"})],
            )
        )
        told = [p["message"] for p in reading.problems.to_pylist() if p["code"] == "areas_overlap"]
        assert told == ["A overlaps B (feature 2): 100.0 % of the smaller one."]

    def test_zones_of_different_kinds_may_lie_on_one_another(self, tmp_path: Path) -> None:
        reading = read(
            geojson(
                tmp_path / "plan.geojson",
                [
                    (ONE, {"name": "A", "type": "Integration Zone"}),
                    (ONE, {"name": "B", "type": "Urban Hub"}),
                ],
            )
        )
        assert "areas_overlap" not in codes(reading)
        assert reading.areas["layer"].to_pylist() == ["integration_zone", "urban_hub"]

    def test_square_metres_are_those_of_the_globe(self) -> None:
        geod = pyproj.Geod(ellps="WGS84")
        for shape in (box(18.3, -34.2, 18.8, -33.7), box(31.0, -23.0, 31.5, -22.5)):
            finely = shapely.segmentize(shape, 0.001)
            plane = shapely.area(areas_geometry.on_plane(np.array([finely], dtype=object)))[0]
            assert plane == pytest.approx(abs(geod.geometry_area_perimeter(finely)[0]), rel=1e-4)

    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        rings=st.lists(
            st.lists(
                st.tuples(st.integers(0, 20), st.integers(0, 20)),
                min_size=4,
                max_size=8,
                unique=True,
            ),
            min_size=1,
            max_size=4,
        )
    )
    @example(rings=[[(0, 0), (0, 1), (0, 2), (2, 0)], [(2, 0), (3, 0), (5, 3), (6, 4)]])
    def test_whatever_the_ring_the_area_is_a_valid_polygon(
        self, tmp_path: Path, rings: list[list[tuple[int, int]]]
    ) -> None:
        shapes = [Polygon([(27 + x / 10, -33 + y / 10) for x, y in ring]) for ring in rings]
        path = geojson(
            tmp_path / "hubs.geojson",
            [(s, {"name": f"Hub {n}"}) for n, s in enumerate([*shapes, TWO])],
        )
        for shape in shapes_of(read(path)):
            assert shape.is_valid
            assert shape.geom_type in {"Polygon", "MultiPolygon"}
            assert shape.area > 0


class TestAttributes:
    def one(self, tmp_path: Path, file: str = "plan.geojson", **attributes: Any) -> dict[str, Any]:
        return read(geojson(tmp_path / file, [(ONE, attributes)])).areas.to_pylist()[0]

    def test_people_priority_and_illustrative(self, tmp_path: Path) -> None:
        found = self.one(
            tmp_path,
            name="A",
            kind="ward",
            POP_2011="12 345",
            Priority="Yes",
            illustrative=True,
            CAT_B="BUF",
            WardNo=7,
        )
        assert (
            found["population"],
            found["priority"],
            found["illustrative"],
            found["code"],
            found["metro"],
        ) == (12_345, True, True, "BUF-7", "BUF")

    def test_kind_by_attribute_then_by_the_name_of_file_or_layer(self, tmp_path: Path) -> None:
        assert (
            self.one(tmp_path, name="A", Zone_Type="Marginalised Areas")["kind"]
            == "marginalised_area"
        )
        assert (
            self.one(tmp_path, "BUF economic nodes 2018.geojson", name="A")["kind"]
            == "economic_node"
        )
        assert (
            self.one(tmp_path, "za_municipalities_2018.geojson", cat_b="BUF", name="B")["area_id"]
            == "municipality-2018:BUF"
        )

    def test_an_unknown_kind_is_other_and_told(self, tmp_path: Path) -> None:
        reading = read(geojson(tmp_path / "Our places.geojson", [(ONE, {"name": "A"})]))
        assert reading.areas["layer"].to_pylist() == ["our-places"]
        assert reading.areas["kind"].to_pylist() == ["other"]
        assert "area_kind_unknown" in codes(reading)

    def test_an_unknown_municipality_stays_unknown_and_is_told(self, tmp_path: Path) -> None:
        reading = read(
            geojson(tmp_path / "hubs.geojson", [(ONE, {"name": "A", "municipality": "Gotham"})])
        )
        assert reading.areas["metro"].to_pylist() == ["unknown"]
        assert "area_municipality_unknown" in codes(reading)

    def test_zones_a_metro_publishes_lie_in_it(self, tmp_path: Path) -> None:
        reading = read(
            geojson(tmp_path / "hubs.geojson", [(ONE, {"name": "A"})]), institution="Buffalo City"
        )
        assert reading.areas["metro"].to_pylist() == ["BUF"]
        assert reading.submissions["institution"].to_pylist() == ["BUF"]

    def test_wrong_options_are_refused(self, tmp_path: Path) -> None:
        path = geojson(tmp_path / "hubs.geojson", [(ONE, {"name": "A"})])
        for options in ({"institution": "Gotham"}, {"year": "soon"}):
            with pytest.raises(UserError):
                areas.read(SourceFile.at(path), ReadOptions(**options))


class TestIds:
    def test_without_a_code_the_id_is_of_name_and_boundary_wherever_it_stands(
        self, tmp_path: Path
    ) -> None:
        first = read(
            geojson(tmp_path / "hubs.geojson", [(ONE, {"name": "A"}), (TWO, {"name": "B"})])
        )
        other = read(
            geojson(tmp_path / "hubs.geojson", [(TWO, {"name": "B"}), (ONE, {"name": "A"})])
        )
        assert sorted(first.areas["area_id"].to_pylist()) == sorted(
            other.areas["area_id"].to_pylist()
        )

    def test_a_code_twice_is_told_and_both_areas_are_kept(self, tmp_path: Path) -> None:
        reading = read(
            geojson(
                tmp_path / "hubs.geojson",
                [(s, {"name": "A", "code": "H1"}) for s in (ONE, TWO, TWO)],
            )
        )
        ids = reading.areas["area_id"].to_pylist()
        assert len(set(ids)) == 3
        assert ids[0] == "urban_hub:H1"
        assert codes(reading).count("area_code_twice") == 2

    def test_the_same_file_gives_the_same_tables(self, tmp_path: Path) -> None:
        path = geojson(
            tmp_path / "hubs.geojson",
            [
                (MultiPolygon([ONE, box(28.1, -33, 28.2, -32.9)]), {"name": "A"}),
                (BOWTIE, {"name": "B"}),
            ],
        )
        assert read(path).areas.equals(read(path).areas)


@pytest.mark.shared
class TestRealFiles:
    @pytest.mark.parametrize(
        ("name", "count", "layer", "square_km"),
        [
            ("za_municipalities_2018_simplified_100m", 213, "municipality-2018", 1_220_813),
            ("za_municipalities_2018_simplified_500m", 213, "municipality-2018", 1_220_822),
            ("za_metros_2018_fullres", 8, "municipality-2018", 29_508),
            ("za_districts_2018_dissolved", 52, "district-2018", 1_220_812),
            ("za_provinces_2018_dissolved", 9, "province-2018", 1_220_812),
        ],
    )
    def test_boundaries_of_the_country(
        self, shared_data: Path, name: str, count: int, layer: str, square_km: int
    ) -> None:
        reading = read(shared_data / "whosonfirst-admin-za" / f"{name}.geojson")
        assert len(reading.areas) == count
        assert set(reading.areas["layer"].to_pylist()) == {layer}
        assert sum(reading.areas["square_metres"].to_pylist()) / 1e6 == pytest.approx(
            square_km, abs=2
        )
        assert len(reading.problems) == 0

    def test_each_metro_is_found(self, shared_data: Path) -> None:
        reading = read(shared_data / "whosonfirst-admin-za" / "za_metros_2018_fullres.geojson")
        assert sorted(reading.areas["metro"].to_pylist()) == [
            "BUF",
            "CPT",
            "EKU",
            "ETH",
            "JHB",
            "MAN",
            "NMA",
            "TSH",
        ]

    def test_places_in_the_metros_are_other_areas_with_three_mended(
        self, shared_data: Path
    ) -> None:
        reading = read(shared_data / "whosonfirst-admin-za" / "za_metro_place_polygons.geojson")
        assert len(reading.areas) == 432
        assert set(reading.areas["kind"].to_pylist()) == {"other"}
        assert codes(reading).count("geometry_mended") == 3


@pytest.mark.parametrize(
    ("attributes", "shares", "households"),
    [
        ({"Households": [1000, 400], "POOR_HH": [750, 100]}, [0.75, 0.25], [1000, 400]),
        ({"poverty_rate": [0.61, 0.2]}, [0.61, 0.2], [None, None]),
        ({"PovertyRate": [61.5, 0.5]}, [0.615, 0.005], [None, None]),
        ({"pct_poor": ["61 %", "2 %"]}, [0.61, 0.02], [None, None]),
        ({"tot_hh": [10, 0], "indigent households": [11, 0]}, [None, None], [10, 0]),
        ({"population": [5, 6]}, [None, None], [None, None]),
    ],
)
def test_who_is_poor_is_read_as_a_count_a_share_or_per_cent(
    tmp_path, attributes, shares, households
):
    path = write(tmp_path / "wards.gpkg", [ONE, TWO], "GPKG", layer="ward", **attributes)

    rows = read(path).areas.to_pylist()

    assert [row["poor_share"] for row in rows] == shares
    assert [row["households"] for row in rows] == households
