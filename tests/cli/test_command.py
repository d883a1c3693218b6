"""The ``harvester`` command as a person and a program meet it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import openpyxl
import pytest
import typer

from harvester import cli
from harvester.engine.granary import Granary


@pytest.fixture
def harvester(monkeypatch, capsys):
    """Run the command in this process: gives exit code, standard output, standard error."""

    def call(*words):
        monkeypatch.setattr("sys.argv", ["harvester", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as stop:
            code = stop.code or 0
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


COMMANDS = [c.name or c.callback.__name__ for c in cli.app.registered_commands]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(harvester, command):
    code, printed, _ = harvester(command, "--help")
    assert code == 0
    assert "Example" in printed


def test_every_command_is_there():
    assert set(COMMANDS) == {
        "sample", "template", "ingest", "run", "show", "report", "explain", "link", "serve", "up",
        "verify", "statement", "certificate", "benchmark", "allocate", "pack", "commitments",
    }  # fmt: skip


def test_from_files_to_findings_in_json(harvester, sample_country, tmp_path, monkeypatch):
    monkeypatch.setenv("HARVESTER_HOME", str(tmp_path))
    code, printed, _ = harvester("ingest", sample_country, "--json")
    assert code == 0
    submissions = json.loads(printed)["submissions"]
    assert {
        "file", "format", "sha256", "institution", "financial_year", "stage", "entries", "lines",
        "rejected_rows", "problems",
    } <= set(submissions[0])  # fmt: skip
    assert set(submissions[0]["problems"]) == {"error", "warning", "note"}

    code, printed, _ = harvester("run", "--json")
    first = json.loads(printed)
    assert code == 0
    assert first["counts"]["findings"] > 0
    assert set(first) >= {"run", "digest", "inputs", "counts", "seconds"}

    again = json.loads(harvester("run", "--json")[1])
    assert again["run"] != first["run"]
    assert again["digest"] == first["digest"]

    unchanged = json.loads(harvester("run", "--if-changed", "--json")[1])
    assert unchanged["run"] == again["run"]


TABLES = (
    "submissions", "problems", "entries", "lines", "undertakings", "links", "indicators",
    "indicator-slices",
    "findings", "areas", "spatial-budget", "places", "benefits", "mends",
)  # fmt: skip


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_shown_as_csv_and_json_alike(harvester, sample_home, table):
    code, as_csv, _ = harvester("show", table, "--format", "csv", "--home", sample_home)
    rows = list(csv.DictReader(io.StringIO(as_csv)))
    as_json = json.loads(harvester("show", table, "--json", "--home", sample_home)[1])
    assert code == 0
    assert rows
    assert len(rows) == len(as_json)
    assert list(rows[0]) == list(as_json[0])


def test_a_table_is_narrowed_by_the_filters_it_knows(harvester, sample_home):
    def shown(*words):
        return json.loads(harvester("show", *words, "--json", "--home", sample_home)[1])

    slices, mends = shown("indicator-slices"), shown("mends")
    some = shown("indicator-slices", "--metro", "ETH", "--year", "2019/20")
    assert 0 < len(some) < len(slices)
    assert {(row["metro"], row["year"]) for row in some} == {("ETH", "2019/20")}
    metro = mends[0]["metro"]
    assert {row["metro"] for row in shown("mends", "--metro", metro)} == {metro}


@pytest.mark.parametrize(
    "table", [t for t in TABLES if t not in {"areas", "indicator-slices", "mends"}]
)
def test_filters_narrow_every_table(harvester, sample_home, table):
    everything = json.loads(harvester("show", table, "--json", "--home", sample_home)[1])
    some = json.loads(
        harvester(
            "show", table, "--metro", "ETH", "--year", "2019/20", "--sphere", "local",
            "--json", "--home", sample_home,
        )[1]
    )  # fmt: skip
    assert 0 < len(some) < len(everything)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "nonsense"), "there is no table 'nonsense'"),
        (("show", "findings", "--year", "2019"), "is not a financial year"),
        (("show", "findings", "--sphere", "municipal"), "is not a sphere"),
        (("show", "findings", "--metro", "Atlantis City"), "is not a municipality"),
        (("show", "areas", "--sphere", "local"), "cannot be filtered by sphere"),
        (("explain", "nothing"), "nothing in harvest"),
        (("show", "findings", "--run", "h9999"), "there is no harvest 'h9999'"),
        (("run", "--as-at", "tomorrow"), "is not a day"),
        (("ingest", "/nowhere/at/all"), "there is no such file or folder"),
        (("template", "nonsense", "x.xlsx"), "nonsense"),
    ],
)
def test_what_a_person_can_mend_ends_with_2_and_says_how(harvester, sample_home, words, says):
    extra = () if words[0] == "template" else ("--home", sample_home)
    code, _, said = harvester(*words, *extra)
    assert code == 2
    assert says in " ".join(said.split())
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("option", "value"),
    [("--as", "x"), ("--institution", "NOBODY"), ("--year", "19"), ("--stage", "ready")],
)
def test_a_wrong_option_is_refused_before_any_file_is_opened(harvester, tmp_path, option, value):
    (tmp_path / "list.csv").write_text("a,b\n")
    code, _, said = harvester("ingest", tmp_path / "list.csv", option, value, "--home", tmp_path)
    assert code == 2
    assert option in said
    assert not (tmp_path / "granary").exists()


def test_nothing_readable_ends_with_2_and_says_why(harvester, tmp_path):
    (tmp_path / "letter.docx").write_bytes(b"%PDF-1.7 not a workbook")
    code, printed, _ = harvester("ingest", tmp_path, "--home", tmp_path / "home", "--json")
    told = json.loads(printed)
    assert code == 2
    assert told["submissions"] == []
    assert told["refused"][0]["file"] == "letter.docx"


def test_before_the_first_harvest_the_next_step_is_said(harvester, tmp_path):
    code, _, said = harvester("show", "findings", "--home", tmp_path)
    assert code == 2
    assert "harvester ingest" in said


def test_a_metro_may_be_named_as_people_name_it(harvester, sample_home):
    said = [
        harvester("show", "findings", "--json", "--metro", name, "--home", sample_home)[1]
        for name in ("ETH", "eth", "eThekwini", "Durban")
    ]
    assert len(set(said)) == 1


def test_a_table_on_a_screen_shows_what_fits(harvester, sample_home):
    _, printed, _ = harvester("show", "findings", "--home", sample_home)
    assert "statement" in printed
    assert "rand_low_cents" not in printed


def test_explain_goes_down_to_the_cells(harvester, sample_home):
    findings = json.loads(harvester("show", "findings", "--json", "--home", sample_home)[1])
    finding = next(f for f in findings if f["undertaking_id"])
    told = json.loads(
        harvester("explain", finding["finding_id"], "--json", "--home", sample_home)[1]
    )
    assert any(cell["cell"] for cell in told["evidence"])
    project = json.loads(
        harvester("explain", finding["undertaking_id"], "--json", "--home", sample_home)[1]
    )
    assert project["kind"] == "undertaking"
    entry = json.loads(
        harvester("explain", project["named_by"][0]["entry_id"], "--json", "--home", sample_home)[1]
    )
    assert entry["kind"] == "entry"
    assert entry["cells"]
    assert "formula" in harvester("explain", "V2", "--home", sample_home)[1]


def test_link_says_what_it_left_out_in_the_words_of_the_file(harvester, tmp_path):
    listed = tmp_path / "in.csv"
    listed.write_text(
        "entry_id,source,name,amount,[/note]\n1,idp,Gxarhana clinic,[tbd],x\n", "utf-8"
    )
    code, said, _ = harvester("link", listed, "-o", tmp_path / "out.csv")
    assert code == 0
    assert "1 entry, 1 undertaking; wrote" in said
    assert "Columns not read: [/note]." in said
    assert "Column amount, 1 of 1 rows: [tbd] is not an amount" in said


def test_link_any_list(harvester, tmp_path):
    (tmp_path / "in.csv").write_text(
        "entry_id,source,name,municipality\n"
        "1,idp,Construction of Kwandengane Primary School,ETH\n"
        "2,budget,Kwandengane Prim School - new,ETH\n"
        "3,budget,Upgrade of Umbilo Road,ETH\n"
    )
    code, _, _ = harvester("link", tmp_path / "in.csv", "-o", tmp_path / "out.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))
    assert code == 0
    assert list(rows[0]) == ["entry_id", "undertaking_id", "probability"]
    of = {row["entry_id"]: row["undertaking_id"] for row in rows}
    assert of["1"] == of["2"] != of["3"]


def test_a_template_opens_in_a_spreadsheet(harvester, tmp_path):
    names = json.loads(harvester("template", "list", "--json")[1])
    for name in names:
        assert harvester("template", name, tmp_path / f"{name}.xlsx")[0] == 0
        assert openpyxl.load_workbook(tmp_path / f"{name}.xlsx").sheetnames


def test_report_writes_a_page_and_a_workbook(harvester, sample_home, tmp_path):
    code, printed, _ = harvester(
        "report", tmp_path, "--metro", "ETH", "--home", sample_home, "--json"
    )
    assert code == 0
    assert {path.rsplit(".", 1)[1] for path in json.loads(printed)["files"]} == {"html", "xlsx"}


def test_verify_finds_and_names_what_was_changed(harvester, sample_country, tmp_path):
    home = tmp_path / "home"
    harvester("ingest", next(sample_country.rglob("*.csv")), "--home", home)
    harvester("run", "--home", home)
    assert harvester("verify", "--home", home)[0] == 0

    (reading,) = Granary(home).readings()
    reading.original.write_text("tampered")
    findings = Granary(home).harvest().path("findings")
    findings.write_bytes(Granary(home).harvest().path("evidence").read_bytes())
    code, printed, _ = harvester("verify", "--home", home, "--json")
    assert code == 2
    assert [reading.original.name in f or "findings" in f for f in json.loads(printed)["faults"]] == [
        True, True,
    ]  # fmt: skip


def test_annotated_workbooks_go_back_to_their_authors(harvester, sample_country, tmp_path):
    workbook = next(p for p in sorted(sample_country.rglob("*.xlsx")) if "truth" not in p.parts)
    code, _, _ = harvester(
        "ingest", workbook, "--home", tmp_path / "home", "--annotate", tmp_path / "back"
    )
    assert code == 0
    (back,) = (tmp_path / "back").iterdir()
    assert any("roblem" in name for name in openpyxl.load_workbook(back).sheetnames)


def test_a_fault_of_ours_is_told_from_a_user_error_and_its_cause_kept(
    harvester, monkeypatch, tmp_path
):
    def broken(*_, **__):
        raise RuntimeError("a fault")

    monkeypatch.setenv("HARVESTER_HOME", str(tmp_path))
    monkeypatch.setattr("harvester.harvest.run", broken)
    code, _, said = harvester("run")
    assert code == 1
    assert "A fault of ours: a fault" in said
    assert "Traceback" not in said
    (kept,) = (tmp_path / "faults").iterdir()
    assert "in broken" in kept.read_text()


def test_a_file_that_breaks_a_reader_never_costs_the_others(
    harvester, monkeypatch, tmp_path, sample_country
):
    from harvester.sources import registry

    workbook, other = sorted(sample_country.rglob("*_SA36_*.xlsx"))[:2]
    read = registry.read

    def sometimes(source, options):
        if source.name == other.name:
            raise RuntimeError("a fault")
        return read(source, options)

    monkeypatch.setenv("HARVESTER_HOME", str(tmp_path))
    monkeypatch.setattr(registry, "read", sometimes)
    code, printed, _ = harvester("ingest", workbook, other, "--json")
    told = json.loads(printed)
    assert code == 0, "something was read"
    assert [row["file"] for row in told["submissions"]] == [workbook.name]
    assert "a fault of ours" in told["refused"][0]["why"]


def test_stopping_is_clean(monkeypatch):
    def stopped(**_):
        raise typer.Abort

    monkeypatch.setattr(cli, "app", stopped)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    assert stop.value.code == 130


def test_up_makes_sample_people_for_the_sample_country_only(harvester, sample_country, tmp_path):
    home = tmp_path / "real"
    harvester("ingest", next(sample_country.rglob("*.csv")), "--home", home)
    # A process of its own, for Django serves one home in each.
    words = [sys.executable, "-m", "harvester.cli", "up", "--prepare-only", "--home", str(home)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "make_person" in done.stdout
    assert not (home / "sample-users.txt").exists()


@pytest.mark.parametrize("kind", ["dora-s14", "cef", "spatial", "cascade"])
@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_a_statement_is_written_for_a_metro(harvester, sample_home, tmp_path, kind, ending):
    path = tmp_path / f"out.{ending}"

    code, printed, _ = harvester(
        "statement", kind, "--metro", "BUF", "-o", path, "--home", sample_home
    )

    assert code == 0
    assert "Buffalo City" in printed
    if ending == "json":
        assert json.loads(path.read_text("utf-8"))[0]["kind"] == kind
    elif ending == "csv":
        assert len(list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))) > 1
    else:
        assert "Statement" in openpyxl.load_workbook(path).sheetnames


@pytest.mark.parametrize(
    "words",
    [("poetry",), ("cef", "--metro", "Atlantis"), ("cef", "--year", "18"), ("spatial", "--layer", "x"),
     ("cef", "-o", "out.pdf"), ("dora-s14", "--basis", "idp", "--metro", "BUF")],
)  # fmt: skip
def test_a_statement_that_cannot_be_says_why(harvester, sample_home, words):
    code, _, said = harvester("statement", *words, "--home", sample_home)

    assert code == 2
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("certificate", "--metro", "BUF"), "Buffalo City"),
        (("certificate", "--institution", "KZN-EDU"), "KwaZulu-Natal: Education"),
        (("certificate", "--province", "Eastern Cape"), "Eastern Cape"),
        (("certificate",), "Tshwane"),
        (("benchmark",), "of 8 metros"),
    ],
)
def test_certificates_and_the_benchmark_say_and_write_what_they_find(
    harvester, sample_home, tmp_path, words, says
):
    path = tmp_path / "out.xlsx"

    code, printed, _ = harvester(*words, "-o", path, "--home", sample_home)

    assert code == 0
    assert says in " ".join(printed.split())
    assert len(openpyxl.load_workbook(path).sheetnames) > 4


@pytest.mark.parametrize(
    "words",
    [("--metro", "BUF", "--province", "EC"), ("--institution", "Ministry of Silly Walks"), ("--province", "Transvaal"), ("--year", "soon")],
)  # fmt: skip
def test_a_certificate_of_nobody_says_why(harvester, sample_home, words):
    code, _, said = harvester("certificate", *words, "--home", sample_home)

    assert code == 2
    assert "Traceback" not in said


def test_the_sample_country_says_who_is_poor_so_the_statement_is_known(harvester, sample_home):
    told = json.loads(
        harvester("statement", "cef", "--metro", "BUF", "--json", "--home", sample_home)[1]
    )

    assert told[0]["verdict"] == "known"
    assert any("illustrative" in text for text in told[0]["used"])
