"""Packs for a meeting: the same every time, sealed, and checked with and without the store."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from docx import Document
from typer.testing import CliRunner

import harvester
from harvester.cli import app
from harvester.domain.errors import UserError
from harvester.reports.packs import check, said, sealed

if TYPE_CHECKING:
    from pathlib import Path

    from harvester.engine.granary import Harvest

pytestmark = pytest.mark.slow
ON = dt.date(2018, 9, 3)
HEAD = f"7:{'ab' * 32}"


@pytest.fixture(scope="module")
def harvest(sample_home: Path) -> Harvest:
    return harvester.open_harvest(sample_home)


@pytest.fixture(scope="module")
def pack(harvest: Harvest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pack") / "cbf.zip"
    path.write_bytes(made(harvest))
    return path


def made(harvest: Harvest) -> bytes:
    return sealed(said(harvest, forum="CBF", metro="", on=ON, audit_head=HEAD))[0]


def told(pack: Path) -> dict:
    return json.loads(zipfile.ZipFile(pack).read("pack.json"))


def changed(pack: Path, path: Path, **files: bytes | None) -> Path:
    """A copy of a pack with files changed, added or (``None``) taken out."""
    before = zipfile.ZipFile(pack)
    content = {name: before.read(name) for name in before.namelist()}
    for name, value in files.items():
        content[name.replace("_", ".")] = value
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in content.items():
            if value is not None:
                archive.writestr(name, value)
    return path


def test_the_same_meeting_gives_the_same_bytes(harvest: Harvest, pack: Path) -> None:
    assert made(harvest) == pack.read_bytes()


def test_it_holds_what_this_forum_can_take_with_the_cells_that_show_it(
    harvest: Harvest, pack: Path
) -> None:
    said = told(pack)
    findings = {f["finding_id"]: f for f in harvest.table("findings").to_pylist()}
    assert said["findings"]
    assert said["findings_in_all"] == sum(f["forum"] == "CBF" for f in findings.values())
    for one in said["findings"]:
        assert findings[one["id"]]["forum"] == "CBF"
        assert one["cells"]
        assert one["asked"]
    assert "No forum binds another sphere" in said["binding"]
    assert all(dt.date(2018, 9, 3).year <= int(a["day"][-4:]) for a in said["ahead"])


def test_all_three_files_say_it(pack: Path) -> None:
    archive, said = zipfile.ZipFile(pack), told(pack)
    assert archive.read("pack.pdf").startswith(b"%PDF-")
    book = openpyxl.load_workbook(io.BytesIO(archive.read("pack.xlsx")))
    assert book["Findings"].max_row == len(said["findings"]) + 1
    words = "\n".join(p.text for p in Document(io.BytesIO(archive.read("pack.docx"))).paragraphs)
    assert said["findings"][0]["statement"] in words


def test_a_pack_that_nobody_touched_holds_offline_and_against_the_store(
    harvest: Harvest, pack: Path
) -> None:
    assert check(pack) == []
    assert check(pack, lambda run: harvest if run == harvest.run else None) == []


def test_what_was_touched_is_named(harvest: Harvest, pack: Path, tmp_path: Path) -> None:
    said = told(pack)
    said["findings"][0]["rand"] = "R 1"
    forged = json.dumps(said).encode()
    assert check(changed(pack, tmp_path / "a.zip", pack_json=forged)) == [
        "pack.json is not what was sealed"
    ]
    assert check(changed(pack, tmp_path / "b.zip", pack_docx=None)) == ["pack.docx is missing"]
    assert check(changed(pack, tmp_path / "c.zip", more_txt=b"x")) == ["more.txt was added"]


def test_a_seal_forged_with_its_files_does_not_hold_against_the_store(
    harvest: Harvest, pack: Path, tmp_path: Path
) -> None:
    import hashlib

    said = told(pack)
    said["findings"][0]["rand"] = "R 1"
    forged = json.dumps(said).encode()
    seal = json.loads(zipfile.ZipFile(pack).read("seal.json"))
    seal["files"]["pack.json"] = hashlib.sha256(forged).hexdigest()
    made = changed(pack, tmp_path / "d.zip", pack_json=forged, seal_json=json.dumps(seal).encode())
    assert check(made) == []
    assert check(made, lambda _: harvest) == [
        f"harvest {harvest.run} does not say what the pack says"
    ]


def test_what_is_no_pack_is_said(harvest: Harvest, tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_text("no")
    with pytest.raises(UserError, match="no pack"):
        check(tmp_path / "x.zip")
    with zipfile.ZipFile(tmp_path / "y.zip", "w") as archive:
        archive.writestr("seal.json", "[]")
    with pytest.raises(UserError, match="damaged"):
        check(tmp_path / "y.zip")
    with pytest.raises(UserError, match="no forum 'TEA'"):
        said(harvest, forum="TEA", metro="", on=ON)


def test_the_command_checks_a_pack_alone_or_against_its_store(
    harvest: Harvest, pack: Path, sample_home: Path, tmp_path: Path
) -> None:
    for home in (sample_home, tmp_path / "elsewhere"):
        done = CliRunner().invoke(app, ["verify", str(pack), "--home", str(home)])
        assert done.exit_code == 0, done.output
    broken = changed(pack, tmp_path / "e.zip", pack_pdf=b"%PDF-other")
    assert CliRunner().invoke(app, ["verify", str(broken), "--home", str(tmp_path)]).exit_code == 2
