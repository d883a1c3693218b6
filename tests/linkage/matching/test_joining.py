"""Joining all likely pairs at once comes to what joining them one at a time would."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harvester.engine.engine import Engine
from harvester.linkage.matching import joining
from harvester.linkage.matching.clusters import Member, Pair, agglomerate
from harvester.linkage.projects.aspects import PROJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

LIKENESS = (0.6, 0.7, 0.79, 0.85, 0.92, 0.96, 0.985, 0.995, 0.9995, 1.0)
RECORDS = 12


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    made = Engine()
    yield made
    made.close()


def load(engine: Engine, members: dict[int, Member], pairs: list[Pair]) -> None:
    """The tables that joining reads."""
    parts = {
        part: pa.array([me.parts[n] or None for me in members.values()], pa.string())
        for n, part in enumerate(PROJECTS.parts)
    }
    engine.load("link_features", pa.table({
        "uid": pa.array(list(members), pa.int64()),
        "src": pa.array([me.source for me in members.values()], pa.int64()),
        "codes": pa.array([list(me.codes) for me in members.values()], pa.list_(pa.string())),
        "municipality": pa.array([me.municipality or None for me in members.values()], pa.string()),
        **parts,
    }))  # fmt: skip
    engine.load("link_chances", pa.table({
        "uid_l": pa.array([p.left for p in pairs], pa.int64()),
        "uid_r": pa.array([p.right for p in pairs], pa.int64()),
        "likeness": pa.array([p.probability for p in pairs], pa.float64()),
    }))  # fmt: skip


def record(draw: st.DrawFn) -> Member:
    return Member(
        draw(st.integers(0, 4)),
        tuple(draw(st.sampled_from([(), (), ("N|1",), ("N|2",), ("N|1", "N|2")]))),
        tuple(draw(st.sampled_from(["", "", "", "1", "2", "1+2"])) for _ in PROJECTS.parts),
        draw(st.sampled_from(["", "BUF", "BUF", "BUF", "CPT"])),
    )


@st.composite
def countries(draw: st.DrawFn):
    """Records, likely pairs, accepted and rejected pairs."""
    members = {n: record(draw) for n in range(RECORDS)}
    every = list(itertools.combinations(range(RECORDS), 2))
    chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=30))
    pairs = [Pair(a, b, draw(st.sampled_from(LIKENESS))) for a, b in chosen]
    accepted = set(draw(st.lists(st.sampled_from(every), max_size=2)))
    rejected = set(draw(st.lists(st.sampled_from(every), max_size=2)))
    return members, pairs, accepted, rejected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(country=countries())
def test_all_at_once_is_what_one_at_a_time_comes_to(engine: Engine, country) -> None:
    members, pairs, accepted, rejected = country
    load(engine, members, pairs)
    found, contradicted = joining.join(
        engine,
        PROJECTS,
        joining.likely(engine),
        RECORDS,
        accepted=set(accepted),
        rejected=set(rejected),
    )
    clusters, weakest, expected = agglomerate(members, pairs, accepted, rejected)
    least = {clusters.find(n): min(clusters.held(clusters.find(n))) for n in range(RECORDS)}
    assert found.roots.tolist() == [least[clusters.find(n)] for n in range(RECORDS)]
    assert found.bottleneck.tolist() == [weakest.get(clusters.find(n), 1.0) for n in range(RECORDS)]
    assert contradicted == expected


def test_two_lists_of_one_source_in_one_chain_part_at_the_weakest_pair(engine: Engine) -> None:
    members = {
        n: Member(source, (), ("", "", "")[: len(PROJECTS.parts)])
        for n, source in enumerate([1, 2, 3, 1])
    }
    load(engine, members, [Pair(0, 1, 0.99), Pair(1, 2, 0.7), Pair(2, 3, 0.9)])
    found, _ = joining.join(
        engine, PROJECTS, joining.likely(engine), 4, accepted=set(), rejected=set()
    )
    assert found.roots.tolist() == [0, 0, 2, 2]
    assert np.allclose(found.bottleneck, [0.99, 0.99, 0.9, 0.9])


@pytest.mark.parametrize("sources", [(1, 1), (1, 2)])
def test_nothing_is_left_behind_in_the_engine(engine: Engine, sources: tuple[int, int]) -> None:
    members = {
        n: Member(source, (), ("",) * len(PROJECTS.parts)) for n, source in enumerate(sources)
    }
    load(engine, members, [Pair(0, 1, 0.9)])
    joining.join(engine, PROJECTS, joining.likely(engine), 2, accepted=set(), rejected=set())
    assert set(engine.held()) == {"link_features", "link_chances"}
