"""Results are kept, made again when the code changed, and told apart from stale ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from benchmarks.linkage import report, results, tables
from benchmarks.linkage.__main__ import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARVESTER_BENCH", str(tmp_path))


def test_a_result_is_worked_out_once_for_the_same_code() -> None:
    asked: list[int] = []

    def work() -> dict[str, object]:
        asked.append(1)
        return {"f1": 1.0}

    for made_by in ("code 1", "code 1", "code 2"):
        assert results.kept("projects", "a/b", made_by, work) == {"f1": 1.0}
    assert len(asked) == 2
    results.kept("projects", "a/b", "code 2", work, fresh=True)
    assert len(asked) == 3
    assert results.all_of("projects") == [{"f1": 1.0}]
    assert results.not_of("code 2", ("projects",)) == []
    assert results.not_of("code 3", ("projects",)) == ["projects/a_b"]


def test_a_table_on_a_screen_and_in_markdown() -> None:
    assert tables.screen(("tool", "F1"), [("ours", "0.9")]) == "tool   F1\nours  0.9\n"
    assert tables.markdown(("tool", "F1"), [("ours", "0.9")]).splitlines()[1] == "| --- | ---: |"


def test_the_note_says_where_a_peer_is_better(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one(tool: str, f1: float, seconds: float) -> dict[str, object]:
        at = dict.fromkeys(("precision", "recall", "f1", "b3_f1"), f1)
        return {"family": "sample", "level": 1, "tool": tool, "peer": tool == "Splink", "rows": 10,
                "seconds": seconds, "peak_mb": 1.0, "failed": "", "at": at, "best_f1": f1,
                "precise": None}  # fmt: skip

    for told in (one("Harvester, list", 0.9, 2.0), one("Splink", 0.95, 1.0)):
        results.kept("projects", str(told["tool"]), "", lambda told=told: told)
    monkeypatch.setattr(report, "NOTE", tmp_path / "note.md")
    monkeypatch.setattr(report.store, "ROOT", tmp_path)
    monkeypatch.setattr(report.runs, "our_code", lambda: "")
    report.main()
    text = (tmp_path / "note.md").read_text()
    assert "0.050 behind" in text
    assert "seconds (Splink 1.0 to 2.0)" in text


def test_an_unknown_part_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["project"])
    assert "no part project" in capsys.readouterr().err
