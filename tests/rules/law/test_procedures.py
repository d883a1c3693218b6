"""Procedure files: what each must say, and that a change of law is a new version."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import yaml

from harvester.domain.errors import ConfigurationError, UserError
from harvester.rules.law import procedures
from harvester.rules.law.periods import Basis

if TYPE_CHECKING:
    from pathlib import Path

SMALL = {
    "title": "Small", "reference": "An Act", "from": dt.date(2010, 1, 1), "verified": False,
    "procedure": "small", "start": "a", "actors": {"party": "a party"},
    "states": {"a": {"name": "A"}, "b": {"name": "B", "end": True}},
    "steps": [{"id": "go", "name": "Go", "from": ["a"], "to": "b", "by": ["party"],
               "reference": "An Act 1", "verified": False}],
}  # fmt: skip


def written(folder: Path, name: str = "small.yaml", **changes: object) -> Path:
    (folder / name).write_text(yaml.safe_dump(SMALL | changes, sort_keys=False))
    return folder


def test_every_file_that_comes_with_the_harvester_holds_together() -> None:
    assert {p.id for p in procedures.load()} >= {
        "dispute", "protocol", "idp_alignment", "financial_dispute", "long_contract",
    }  # fmt: skip


@pytest.mark.parametrize("procedure", procedures.load(), ids=lambda p: p.id)
def test_an_end_can_be_reached_from_every_state(procedure: procedures.Procedure) -> None:
    ends = {state.id for state in procedure.states if state.end}
    reaches = set(ends)
    for _ in procedure.states:
        for step in procedure.steps:
            if step.target in reaches:
                reaches.update(step.sources)
    assert reaches >= {state.id for state in procedure.states}


@pytest.mark.parametrize("procedure", procedures.load(), ids=lambda p: p.id)
def test_what_nobody_read_is_not_called_law(procedure: procedures.Procedure) -> None:
    for clock in procedure.clocks:
        if clock.basis is Basis.POLICY:
            assert not clock.law.verified
            assert "olicy" in clock.law.reference


def test_only_what_was_read_in_its_law_is_called_by_law() -> None:
    clocks = {c.id: c for p in procedures.load() if p.id == "idp_alignment" for c in p.clocks}
    assert clocks["request"].standing == "by law"  # MSA 32(2), read
    assert clocks["refer"].standing == "said to be law, not verified"  # MSA 32(4), not read
    assert not clocks["refer"].by_law


def test_a_matter_keeps_the_version_it_began_with(tmp_path: Path) -> None:
    written(tmp_path, "old.yaml", until=dt.date(2019, 12, 31))
    written(tmp_path, "new.yaml", **{"from": dt.date(2020, 1, 1), "title": "New"})
    assert procedures.in_force("small", dt.date(2019, 12, 31), tmp_path).head.title == "Small"
    assert procedures.in_force("small", dt.date(2020, 1, 1), tmp_path).head.title == "New"
    assert procedures.version("small", dt.date(2010, 1, 1), tmp_path).head.title == "Small"
    with pytest.raises(UserError, match="2010-01-01"):
        procedures.in_force("small", dt.date(2009, 1, 1), tmp_path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"states": SMALL["states"] | {"c": {"name": "C"}}}, "no step leads to"),
        ({"steps": [SMALL["steps"][0] | {"to": "z"}]}, "lead between"),
        ({"steps": [SMALL["steps"][0] | {"by": ["nobody"]}]}, "actors"),
        ({"steps": SMALL["steps"] * 2}, "twice"),
        ({"steps": [SMALL["steps"][0] | {"only_if": [{"says": "x", "fact": "y"}]}]}, "must have one of"),
        # An unquoted comma in words makes a key of what follows; nothing may be lost so.
        ({"steps": [SMALL["steps"][0] | {"papers": [{"kind": "k", "name": "Sheet", "and place": None}]}]},
         "and place is the end of words that a comma cut"),
        ({"steps": [SMALL["steps"][0] | {"papers": [{"kind": "k", "name": "Sheet", "place": None}]}]},
         "keys nobody reads: place"),
        ({"clocks": [{"id": "c", "name": "C", "starts": ["gone"], "time": {"amount": 1, "unit": "days"},
                      "basis": "statutory", "reference": "r", "verified": False}]}, "steps that are not"),
        ({"clocks": [{"id": "c", "name": "C", "starts": ["go"], "time": {"amount": 1, "unit": "days"},
                      "basis": "policy", "reference": "r", "verified": True}]}, "policy"),
    ],
)  # fmt: skip
def test_a_broken_file_says_what_is_wrong(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        procedures.load(written(tmp_path, **changes))
