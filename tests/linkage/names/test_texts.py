"""Many texts at once: one table, whatever the order, the workers or the way spellings came."""

from __future__ import annotations

import subprocess

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.linkage.names import texts as texts_module
from harvester.linkage.names import workers
from harvester.linkage.names.decode import Decoder
from harvester.linkage.names.opened import MAX_WORDS, folded
from harvester.linkage.names.spellings import Spellings
from harvester.linkage.names.texts import SCHEMA, decode_batch, decode_texts
from harvester.rules.lexicon import Learned, Meaning, Role

ROWS = [
    ("Upgrade of Vroxtonia clinic Phase 2", "BUF"), ("Vroxtonia hall", "BUF"), ("Vroxtonia hall", "CPT"),
    ("Vroxtnia library wards 3, 4 & 7", "BUF"), ("", ""), ("PC002003005_00002 Quelmara roads", "CPT"),
    ("Thabo Quelmara hall", "CPT"), ("word " * 200, "CPT"), ("\u0639\u064a\u0627\u062f\u0629", ""),
]  # fmt: skip


def table(rows: list[tuple[str, str]]) -> pa.Table:
    text, municipality = zip(*rows, strict=True) if rows else ((), ())
    return pa.table(
        {"text": pa.array(text, pa.string()), "municipality": pa.array(municipality, pa.string())}
    )


def test_a_row_per_distinct_text_as_a_single_text_is_decoded() -> None:
    found, spellings = decode_texts(table(ROWS))
    assert found.schema == SCHEMA
    assert found["text"].to_pylist() == sorted({text for text, _ in ROWS})
    decoder = Decoder(spellings=spellings)
    for row in found.to_pylist():
        alone = decoder.decode(row["text"])._asdict()
        assert {n: row[n] for n in row if n in alone} == {
            n: list(v) if isinstance(v, tuple) else v for n, v in alone.items() if n in row
        }
        assert len(row["words"]) <= MAX_WORDS


def test_a_slip_is_settled_by_the_others() -> None:
    found, spellings = decode_texts(table(ROWS))
    words = dict(zip(found["text"].to_pylist(), found["words"].to_pylist(), strict=True))
    assert words["Vroxtnia library wards 3, 4 & 7"] == ["vroxtonia"]
    assert spellings.respelt == {"vroxtnia": "vroxtonia"}


def test_no_texts_give_no_rows() -> None:
    found, spellings = decode_texts(table([]))
    assert (found.num_rows, found.schema, spellings.rows.num_rows) == (0, SCHEMA, 0)


def test_neither_order_nor_repeats_matter() -> None:
    one, spelt = decode_texts(table(ROWS))
    other, spelt_again = decode_texts(table([*reversed(ROWS), *ROWS]))
    assert one.equals(other)
    assert spelt.rows.equals(spelt_again.rows)


@pytest.mark.slow
def test_workers_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    learned = Learned({("quelmara",): Meaning(Role.KIND, "clinic")})
    here = decode_texts(table(ROWS), learned=learned)
    monkeypatch.setattr(workers.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    pairs = texts_module._distinct(table(ROWS))
    with workers.crew(wanted=True) as crew:
        assert len(crew) == 3
        there = workers.decode(crew, pairs, Spellings(), learned)
    assert there is not None, "the workers did not answer"
    assert there[0].equals(here[0])
    assert there[1].rows.equals(here[1].rows)


def test_without_workers_it_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    here = decode_texts(table(ROWS))[0]
    monkeypatch.setattr(subprocess, "Popen", refused)
    with workers.crew(wanted=True) as crew:
        assert decode_texts(table(ROWS), crew=crew)[0].equals(here)


def test_a_worker_that_is_gone_leaves_the_work_to_this_process() -> None:
    here = decode_texts(table(ROWS))[0]
    with workers.crew(wanted=True) as crew:
        for worker in crew:
            worker.kill()
            worker.wait()
        assert decode_texts(table(ROWS), crew=crew)[0].equals(here)


def test_few_texts_start_no_worker() -> None:
    with workers.crew(wanted=False) as crew:
        assert not crew


def test_later_texts_are_read_under_the_spellings_kept() -> None:
    _, kept = decode_texts(table(ROWS))
    later, more = decode_texts(table([("Vroxtonai stadium", "BUF"), ("Zwimbo road", "BUF")]), kept)
    assert later["words"].to_pylist() == [["vroxtonia"], ["zwimbo"]]
    assert {**more.respelt} == {"vroxtnia": "vroxtonia", "vroxtonai": "vroxtonia"}
    assert more.settled == kept.settled | {"zwimbo"}


def test_a_spelling_once_settled_does_not_change() -> None:
    _, kept = decode_texts(table([("Vroxtnia hall", "BUF")]))
    crowd = [(f"Vroxtonia hall {n}", "BUF") for n in range(30)]
    later, more = decode_texts(table(crowd), kept)
    assert set(map(tuple, later["words"].to_pylist())) == {("vroxtnia",)}
    assert more.respelt == {"vroxtonia": "vroxtnia"}


def test_spellings_are_written_and_read_as_a_table() -> None:
    _, kept = decode_texts(table(ROWS))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, kept.rows.schema) as writer:
        writer.write_table(kept.rows)
    read = Spellings(pa.ipc.open_stream(sink.getvalue()).read_all())
    assert (read.respelt, read.settled) == (kept.respelt, kept.settled)
    assert decode_batch(table(ROWS), read).equals(decode_texts(table(ROWS))[0])


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_no_text_raises_and_each_is_bounded(text: str) -> None:
    found = Decoder().decode(text)
    said = [*found.words, *found.commons, *found.kinds, *found.numbers, *found.wards]
    assert len(said) <= 4 * MAX_WORDS
    assert all(said)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=5_000), st.sampled_from(["Phase ", "P-CIN ", "Capital:", "wards "]))
def test_long_texts_after_telling_words(text: str, start: str) -> None:
    Decoder().decode(start + text)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(
    ["clinic", "phase", "2", "ward", "vroxton", "x", "upgrade", "of", "12", "and", "ps", "st", "ii", "park",
     "quelmara", "road", "n", "2019", "20", "ml"]), max_size=8))  # fmt: skip
def test_folded_text_says_what_the_text_says(tokens: list[str]) -> None:
    text = " ".join(tokens).title()
    decoder = Decoder()
    assert decoder.decode(" ".join(folded(text))) == decoder.decode(text)


@settings(max_examples=25, deadline=None)
@given(st.permutations(ROWS), st.integers(0, len(ROWS)))
def test_any_order_gives_one_table(rows: list[tuple[str, str]], repeated: int) -> None:
    assert decode_texts(table([*rows, *rows[:repeated]]))[0].equals(decode_texts(table(ROWS))[0])
