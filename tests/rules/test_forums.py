"""Forums: who sits, what may be put to them, and that none binds another sphere."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
import yaml

from harvester.domain.errors import ConfigurationError
from harvester.rules import forums
from harvester.rules.forums import Rung

if TYPE_CHECKING:
    from pathlib import Path

BOOK = forums.load()


def test_every_matter_has_a_technical_or_political_forum() -> None:
    for matter, words in BOOK.matters:
        assert BOOK.taking(matter), words


def test_money_goes_to_officials_first_and_then_to_those_who_answer() -> None:
    assert [f.code for f in BOOK.taking("money", Rung.TECHNICAL)][:2] == ["CBF", "MTEC"]
    assert "BUDGET-FORUM" in [f.code for f in BOOK.taking("money", Rung.POLITICAL)]


def test_only_cabinet_decides() -> None:
    assert [f.code for f in BOOK if f.decides == "decision"] == ["CABINET"]


def test_a_forum_cannot_take_what_is_no_matter(tmp_path: Path) -> None:
    file = tmp_path / "forums.yaml"
    forum = {"code": "X", "name": "X", "law": "x", "members": "x", "decides": "x", "rung": "technical",
             "takes": ["weather"], "meets": "never", "verified": False}  # fmt: skip
    head = {"title": "t", "reference": "r", "from": dt.date(2011, 1, 1), "verified": False}
    file.write_text(yaml.safe_dump(head | {"matters": {"money": "m"}, "forums": [forum]}))
    with pytest.raises(ConfigurationError, match="weather"):
        forums.load(file)
