"""Every name in the real published lists resolves, or is listed here with the reason."""

import csv

import openpyxl
import pytest

from harvester.rules import codes, institutions

pytestmark = pytest.mark.shared

BOOK = institutions.load()


def rows(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def irm_rows(folder):
    for path in sorted((folder / "vulekamali-datamanager" / "irm").glob("*.xlsx")):
        book = openpyxl.load_workbook(path, read_only=True)
        table = book.worksheets[0].iter_rows(values_only=True)
        header = next(table, ())
        for row in table:
            told = {k: str(v).strip() for k, v in zip(header, row, strict=False) if v is not None}
            if told.get("Project ID"):
                yield told
        book.close()


def test_every_provincial_department_resolves_to_one_of_its_own(shared_data):
    listed = rows(
        shared_data / "vulekamali-datamanager/departments/departments-provincial-2019-20.csv"
    )
    found = {
        (row["government"], row["department_name"]): BOOK.department(
            row["department_name"], row["government"]
        )
        for row in listed
    }

    assert [name for name, code in found.items() if code is None] == []
    for (province, _), code in found.items():
        assert BOOK.get(code).province == BOOK.province(province)
    assert len(set(found.values())) == len(found)


def test_every_national_department_resolves(shared_data):
    listed = rows(
        shared_data / "vulekamali-datamanager/departments/departments-national-2019-20.csv"
    )
    found = {
        row["department_name"]: BOOK.department(row["department_name"], "South Africa")
        for row in listed
    }

    assert [name for name, code in found.items() if code is None] == []
    assert {BOOK.kind(code) for code in found.values()} == {"national"}


def test_every_institution_of_the_national_estimates_resolves(shared_data):
    listed = rows(shared_data / "vulekamali-datamanager/ene/infrastructure-projects-2019-20.csv")
    found = {row["government_institution"] for row in listed}

    assert [name for name in sorted(found) if BOOK.department(name, "national") is None] == []


def test_every_word_of_the_provincial_lists_resolves(shared_data):
    unknown = set()
    for row in irm_rows(shared_data):
        province = row.get("Province", "")
        if row.get("Department") and not BOOK.department(row["Department"], province):
            unknown.add(row["Department"])
        for column in ("Local Municipality", "District Municipality"):
            if row.get(column) and not BOOK.municipality(row[column], province):
                unknown.add(row[column])
        for column, name in (
            ("Project Status", "statuses"),
            ("Nature of Investment", "natures"),
            ("Primary Funding Source", "grants"),
        ):
            if row.get(column) and codes.load(name).resolve(row[column]) == "unknown":
                unknown.add(row[column])

    assert unknown == set()


NAMELESS = {"New"}
"""What the Board called municipalities of 2016 before they had a name."""


@pytest.mark.parametrize(
    ("file", "code", "name", "province"),
    [
        ("municipalities_2016.csv", "CAT_B", "MUNICNAME", "PROVINCE"),
        ("municipalities_2019.csv", "CAT_B", "MUNICNAME", "PROVINCE"),
        ("municipalities_2019.csv", "CAT_B", "MAP_TITLE", "PROVINCE"),
        ("municipalities_2019.csv", "CAT_B", "NAMECODE", "PROVINCE"),
        ("wards_2016.csv", "CAT_B", "MunicName", "Province"),
        ("wards_2020.csv", "CAT_B", "Municipali", "Province"),
    ],
)
def test_every_name_of_the_demarcation_board_is_its_code(shared_data, file, code, name, province):
    told = {(r[code], r[name], r[province]) for r in rows(shared_data / "sa-maps-mdb" / file)}

    strays = {t for t in told if BOOK.municipality(t[1], t[2]) != t[0]}
    assert {t for t in strays if t[1] not in NAMELESS} == set()


def test_names_in_a_dirty_list_of_hospitals_resolve(shared_data):
    """Sub-districts of health are mostly municipalities, cut off and misspelt in many ways."""
    listed = rows(shared_data / "dsfsi-covid19za" / "health_system_za_hospitals_v1.csv")
    districts = {(r["District"], r["Province"]) for r in listed if r["District"]}
    places = {
        (r["Subdistrict"], r["Province"])
        for r in listed
        if r["Subdistrict"].endswith(("Local Municipality", "Metropolitan Municipality"))
    }

    assert {d for d in districts if not BOOK.municipality(*d)} == set()
    assert {p for p in places if not BOOK.municipality(*p)} == set()


def test_the_functions_and_grants_of_the_published_dimensions_resolve(shared_data):
    folder = shared_data / "municipal-data" / "dimensions"
    functions, grants = codes.load("functions"), codes.load("grants")
    named = {r["label"] for r in rows(folder / "government_functions_v2.csv")}
    funded = {
        (r["code"], r["name"]) for r in rows(folder / "grant_types_v2.csv") if r["code"].isalnum()
    }
    departments = {f"{n:04d}" for n in range(1, 10)}
    nameless = {"MD6G", "MRG"}

    assert {name for name in named if functions.resolve(name) == "unknown"} == set()
    assert {
        told
        for told in funded
        if told[0] not in departments | nameless
        and "unknown" in {grants.resolve(told[0]), grants.resolve(told[1])}
    } == set()
