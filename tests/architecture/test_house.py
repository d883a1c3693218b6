"""The house keeps its order: these tests read the code, not its behaviour."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
SOURCE = CHECKOUT / "src" / "harvester"
MODULES = sorted(SOURCE.rglob("*.py"))
TRACKED = subprocess.run(
    ["git", "ls-files"], cwd=CHECKOUT, capture_output=True, text=True, check=True
).stdout.splitlines()


def tracked_texts():
    for name in TRACKED:
        path = CHECKOUT / name
        if path.is_file() and path.suffix in {
            ".py", ".md", ".toml", ".yaml", ".html", ".css", ".js", ".lock", ".csv", ""
        }:  # fmt: skip
            yield name, path.read_text("utf-8", errors="replace")


def test_rooms_are_in_order():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_module_says_what_it_is_for(path):
    text = path.read_text("utf-8")
    if "migrations" in path.parts and not text.strip():
        return
    assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"


def public_functions(path):
    tree = ast.parse(path.read_text("utf-8"))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize(
    "path", [p for p in MODULES if "migrations" not in p.parts],
    ids=lambda p: str(p.relative_to(SOURCE)),
)  # fmt: skip
def test_public_functions_and_classes_say_what_they_mean(path):
    silent = [node.name for node in public_functions(path) if not ast.get_docstring(node)]
    assert not silent, f"{path}: no docstring on {silent}"


NO_CLOCK_ROOMS = (
    "domain", "rules", "engine", "sources", "register", "linkage", "space", "alignment", "wheat",
    "processor", "outcomes", "reports", "sample",
)  # fmt: skip


@pytest.mark.parametrize("room", NO_CLOCK_ROOMS)
def test_nothing_reads_the_clock(room):
    asks = re.compile(r"date\.today\(|datetime\.now\(|utcnow\(|time\.time\(")
    guilty = [p for p in (SOURCE / room).rglob("*.py") if asks.search(p.read_text("utf-8"))]
    assert not guilty


def test_no_registry_address_and_no_machine_path_is_committed():
    hosts = re.compile(
        r"pypi" + r"\.org|pythonhosted" + r"\.org|registry\.npm" + r"js|deb\.deb" + r"ian\.org"
    )
    guilty = [
        name for name, text in tracked_texts() if hosts.search(text) or "/work" + "/main" in text
    ]
    assert not guilty


def test_no_unfinished_work_is_marked():
    marks = re.compile(
        r"#\s*(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b|raise NotImplemented" + "Error"
    )
    assert not [n for n, text in tracked_texts() if n.endswith(".py") and marks.search(text)]


@pytest.mark.parametrize(
    "page", ["tables.md", "command.md", "indicators.md", "detectors.md", "forums.md"]
)
def test_the_reference_is_what_the_code_says(page):
    from docs import generate

    committed = (CHECKOUT / "docs" / "reference" / page).read_text("utf-8")
    assert committed == generate.PAGES[page](), "run `make docs`"


def test_every_command_has_an_example():
    from harvester.cli import app

    for command in app.registered_commands:
        assert "Example: `harvester" in command.callback.__doc__, command.callback.__name__
