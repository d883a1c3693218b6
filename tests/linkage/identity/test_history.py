"""Ids over many harvests: files come, go and are corrected, people change their minds."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.linkage.identity import history, ids, redirects
from harvester.linkage.identity.history import Memory
from harvester.linkage.identity.keys import RowKey, row_keys
from harvester.linkage.identity.redirects import Redirect
from tests.linkage.invented import entries, entry

if TYPE_CHECKING:
    from collections.abc import Iterable

FILES = 5
PLACES = 6


@dataclass(frozen=True)
class Row:
    """Place ``place`` as file ``file`` names it; ``text`` differs once the file is corrected."""

    file: int
    place: int
    text: str = ""

    @property
    def mark(self) -> str:
        return f"{self.file}/{self.place}"

    @property
    def told(self) -> dict[str, object]:
        # Files 0 and 1 are editions of one list, so their rows share entry keys.
        document = ("budget", "budget", "idp", "pipeline", "in_year")[self.file]
        year = "2018/19" if self.file == 1 else "2019/20"
        return entry(f"f{self.file}{self.text}", self.place, f"Road {'abcdef'[self.place]}x",
                     document=document, publication_year=year, location_text=self.text)  # fmt: skip


@cache
def key_of(row: Row) -> RowKey:
    """No row of this world is like another, so each can be asked alone."""
    return row_keys(entries([row.told]))[0]


@dataclass
class Run:
    """One harvest: its rows, the pairs joined in it, and what came of it."""

    memory: Memory
    of: dict[str, str] = field(default_factory=dict)

    @property
    def clusters(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for mark, undertaking in self.of.items():
            found.setdefault(undertaking, set()).add(mark)
        return {undertaking: frozenset(marks) for undertaking, marks in found.items()}

    @property
    def living(self) -> set[str]:
        return set(self.of.values())

    @property
    def redirects(self) -> tuple[Redirect, ...]:
        return self.memory.redirects


def harvest(rows: Iterable[Row], joined: Iterable[tuple[str, str]], memory: Memory) -> Run:
    """Settle ids of the clusters that pairs of marks make."""
    ordered = sorted(rows, key=lambda r: str(r.told["entry_id"]))
    keys = [key_of(row) for row in ordered]
    root = {r.mark: r.mark for r in ordered}
    for a, b in joined:
        if a in root and b in root:
            old, new = root[b], root[a]
            root = {mark: new if found == old else found for mark, found in root.items()}
    clusters: dict[str, list[int]] = {}
    for n, row in enumerate(ordered):
        clusters.setdefault(root[row.mark], []).append(n)
    groups = list(clusters.values())
    settled = history.settle(groups, keys, ["BUF"] * len(groups), memory)
    of_row = {n: found for group, found in zip(groups, settled, strict=True) for n in group}
    names = {found: f"name of {found}" for found in settled}
    told = [of_row[n] for n in range(len(ordered))]
    after = history.remember(keys, told, names, memory)
    return Run(after, dict(zip((r.mark for r in ordered), told, strict=True)))


ROWS = [(file, place) for file in range(FILES) for place in range(PLACES)]
MARKS = [f"{file}/{place}" for file, place in ROWS]
STEP = st.tuples(
    st.sets(st.sampled_from(range(FILES)), max_size=FILES),
    st.sets(st.sampled_from(range(FILES)), max_size=2),
    st.sets(st.tuples(st.sampled_from(MARKS), st.sampled_from(MARKS)), max_size=9),
)
"""Files that are here, files of them that were corrected, pairs that are joined."""


def replay(steps: list[tuple[set[int], set[int], set[tuple[str, str]]]]) -> list[Run]:
    memory, runs = Memory(), []
    for here, corrected, joined in steps:
        rows = [Row(f, p, "corrected" if f in corrected else "") for f, p in ROWS if f in here]
        runs.append(harvest(rows, sorted(joined), memory))
        memory = runs[-1].memory
    return runs


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=6))
def test_every_id_ever_published_leads_somewhere_and_no_two_projects_share_one(steps) -> None:
    ever: dict[str, set[str]] = {}
    for run in replay(steps):
        assert len(run.clusters) == len(run.living)
        assert all(ids.is_valid(found) for found in run.living)
        for mark, found in run.of.items():
            ever.setdefault(found, set()).add(mark)
        for old in ever:
            told = redirects.resolve(old, run.redirects, run.living)
            assert told is not None
            assert set(told.living) <= run.living
            assert told.living or f"name of {old}" in told.sentence
        # An id that lives leads nowhere else, and what it leads to beside is a project of its own.
        for redirect in run.redirects:
            assert redirect.kind == "split" or redirect.undertaking_id not in run.living
            assert redirect.now_id != redirect.undertaking_id


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, min_size=2, max_size=6))
def test_an_id_goes_back_only_to_rows_that_bore_it(steps) -> None:
    bore: dict[str, set[str]] = {}
    for run in replay(steps):
        for found, marks in run.clusters.items():
            # Editions of one list stand for one another: file 1 is file 0 a year before.
            names = {mark.replace("1/", "0/") for mark in marks}
            assert found not in bore or bore[found] & names
            bore.setdefault(found, set()).update(names)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=5), STEP)
def test_the_same_history_gives_the_same_ids_and_untouched_projects_keep_theirs(
    steps, last
) -> None:
    first, second = replay(steps), replay(steps)
    assert [r.of for r in first] == [r.of for r in second]
    assert [r.redirects for r in first] == [r.redirects for r in second]
    before, (_, corrected, joined) = first[-1], last
    here = steps[-1][0]
    rows = [Row(f, p, "corrected" if f in corrected else "") for f, p in ROWS if f in here]
    after = harvest(rows, sorted(joined), before.memory)
    again = {marks: found for found, marks in after.clusters.items()}
    for found, marks in before.clusters.items():
        assert again.get(marks, found) == found


@settings(max_examples=30, deadline=None)
@given(st.lists(STEP, min_size=1, max_size=5))
def test_a_run_with_nothing_new_changes_nothing(steps) -> None:
    run = replay(steps)[-1]
    here, corrected, joined = steps[-1]
    rows = [Row(f, p, "corrected" if f in corrected else "") for f, p in ROWS if f in here]
    again = harvest(rows, sorted(joined), run.memory)
    assert (again.of, again.redirects) == (run.of, run.redirects)
    assert dict(again.memory.ids) == dict(run.memory.ids)


A, B, C = Row(0, 0), Row(2, 0), Row(3, 0)
AB = ("0/0", "2/0")


def leads(run: Run, old: str) -> tuple[tuple[str, ...], str]:
    told = redirects.resolve(old, run.redirects, run.living)
    assert told is not None
    return told.living, told.sentence


def test_of_two_that_become_one_the_loser_leads_to_the_winner() -> None:
    apart = harvest([A, B, C], [("2/0", "3/0")], Memory())
    loser, winner = apart.of["0/0"], apart.of["2/0"]
    one = harvest([A, B, C], [AB, ("2/0", "3/0")], apart.memory)
    assert set(one.of.values()) == {winner}
    assert one.redirects == (Redirect(loser, winner, "merge", f"name of {loser}"),)
    assert leads(one, loser)[1] == (
        f"{loser} (name of {loser}) is now {winner}: both turned out to be one project."
    )


def test_a_merge_that_is_taken_back_gives_the_old_id_back() -> None:
    apart = harvest([A, B], [], Memory())
    one = harvest([A, B], [AB], apart.memory)
    again = harvest([A, B], [], one.memory)
    assert again.of == apart.of
    assert all(r.kind == "split" for r in again.redirects)


def test_of_one_that_becomes_two_the_id_stays_and_tells_of_the_other() -> None:
    one = harvest([A, B, C], [AB, ("0/0", "3/0")], Memory())
    two = harvest([A, B, C], [AB], one.memory)
    stays, new = two.of["0/0"], two.of["3/0"]
    assert stays == one.of["0/0"]
    assert two.redirects == (Redirect(stays, new, "split", f"name of {stays}"),)
    assert leads(two, stays)[0] == (stays,)
    assert leads(two, stays)[1] == f"Part of what {stays} once held is now {new}."


def test_chains_are_resolved_and_kept_when_files_are_withdrawn() -> None:
    apart = harvest([A, B, C], [], Memory())
    one = harvest([A, B, C], [AB], apart.memory)
    all_one = harvest([A, B, C], [AB, ("2/0", "3/0")], one.memory)
    (last,) = all_one.living
    for old in apart.living - {last}:
        assert leads(all_one, old)[0] == (last,)
        assert [r.now_id for r in all_one.redirects if r.undertaking_id == old] == [last]
    gone = harvest([Row(4, 5)], [], all_one.memory)
    for old in apart.living:
        assert leads(gone, old)[0] == ()
        assert "was withdrawn: no file that is read now holds a row of it" in leads(gone, old)[1]
    back = harvest([A, B, C], [AB, ("2/0", "3/0")], gone.memory)
    assert back.of == all_one.of
    assert leads(back, min(apart.living - {last}))[0] == (last,)


def test_the_rows_of_a_lost_id_may_end_in_several_projects() -> None:
    rows = [Row(f, p) for f in (0, 2, 3) for p in (0, 1)]
    first = harvest(rows, [("0/0", "0/1"), ("2/0", "3/0"), ("2/1", "3/1")], Memory())
    lost = first.of["0/0"]
    parted = [("2/0", "3/0"), ("3/0", "0/0"), ("2/1", "3/1"), ("3/1", "0/1")]
    later = harvest(rows, parted, first.memory)
    assert {r.kind for r in later.redirects if r.undertaking_id == lost} == {"split"}
    assert leads(later, lost)[0] == tuple(sorted(later.living))
    assert "turned out to be several projects" in leads(later, lost)[1]


@pytest.mark.parametrize("more", [{"source_code": "PC001002006001_00019"}, {"metro": "ETH"}])
def test_a_row_of_which_more_is_known_later_keeps_its_id(more) -> None:
    less = {**A.told, "metro": "unknown"}
    first = row_keys(entries([less]))
    told = history.settle([[0]], first, [""], Memory())
    memory = history.remember(first, told, dict.fromkeys(told, "Road"), Memory())
    later = row_keys(entries([less | more]))
    assert history.settle([[0]], later, ["BUF"], memory) == told


def test_rows_of_one_name_in_two_editions_never_swap_their_ids() -> None:
    old, new = Row(1, 0), Row(0, 0)
    first = harvest([old], [], Memory())
    both = harvest([old, new], [], first.memory)
    assert both.of["1/0"] == first.of["1/0"] != both.of["0/0"]
    assert harvest([old, new], [], both.memory).of == both.of
    # The older edition is withdrawn: the row that is left keeps its own id.
    assert harvest([new], [], both.memory).of["0/0"] == both.of["0/0"]


def test_an_edition_in_place_of_another_keeps_the_id() -> None:
    first = harvest([Row(1, 0)], [], Memory())
    assert harvest([Row(0, 0)], [], first.memory).living == first.living


def test_a_ledger_of_an_older_version_is_understood() -> None:
    key = row_keys(entries([A.told]))[0].entry
    memory = Memory(ids={key: "ZA-BUF-OLD"}, here=frozenset([key]))
    assert harvest([A], [], memory).living == {"ZA-BUF-OLD"}


def test_a_memory_survives_being_written_down() -> None:
    apart = harvest([A, B], [], Memory())
    one = harvest([A, B], [AB], apart.memory)
    written = Memory.of(history.ledger(one.memory), redirects.to_table(one.redirects))
    assert harvest([A, B], [], written).of == apart.of
    assert written.redirects == one.redirects
