"""``harvester verify FILE.pdf``: a signed text checked by whoever holds nothing but the file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.reports import certificates
from typer.testing import CliRunner

from harvester.cli import app
from harvester.domain.errors import UserError
from harvester.processor.negotiation.canonical import Document, Section
from harvester.reports.signing import laid_out

if TYPE_CHECKING:
    from pathlib import Path

NOW = certificates.NOW
TEXT = Document("Sewer first", "protocol:2", (("ETH", "eThekwini"),), (Section("1", "H", "w"),))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def verify(path: Path, home: Path, *more: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["verify", str(path), "--home", str(home), *more])
    return done.exit_code, done.output


def test_a_signed_text_is_checked_without_a_store_or_a_network(tmp_path: Path, home: Path) -> None:
    import datetime as dt

    centre = certificates.authority(at=dt.datetime.now(dt.UTC))
    manager = certificates.vouched(centre, at=dt.datetime.now(dt.UTC))
    path = tmp_path / "protocol.pdf"
    path.write_bytes(
        certificates.signed(laid_out.pdf(TEXT.canonical, NOW), manager, laid_out.field_of("ETH"))
    )
    code, said = verify(path, home)
    assert code == 0
    assert "N Dlamini, City Manager" in said
    assert "unknown" in said
    assert "The pages are those of the text attached." in said
    roots = certificates.trusting(tmp_path / "roots", centre)
    code, said = verify(path, home, "--roots", str(roots), "--json")
    told = json.loads(said)
    assert (code, told["faults"], told["text_sha256"]) == (0, [], TEXT.digest)
    assert [one["trust"] for one in told["signatures"]] == ["trusted"]
    assert not home.exists(), "nothing is made by looking"


def test_a_file_that_was_changed_ends_with_code_2_and_says_why(tmp_path: Path, home: Path) -> None:
    manager = certificates.vouched(certificates.authority())
    content = bytearray(
        certificates.signed(laid_out.pdf(TEXT.canonical, NOW), manager, laid_out.field_of("ETH"))
    )
    content[2000] ^= 1
    path = tmp_path / "protocol.pdf"
    path.write_bytes(bytes(content))
    code, said = verify(path, home)
    assert code == 2
    assert "is broken" in said
    path.write_bytes(b"no pdf")
    done = CliRunner().invoke(app, ["verify", str(path), "--home", str(home)])
    assert isinstance(done.exception, UserError)
    assert "this is no PDF file" in str(done.exception)
