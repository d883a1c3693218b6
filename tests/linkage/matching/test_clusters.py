"""Which joins real projects allow."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.linkage.matching.clusters import Clusters, Member, Pair, agglomerate


def groups(clusters: Clusters, count: int) -> set[frozenset[int]]:
    return {frozenset(clusters.held(clusters.find(n))) for n in range(count)}


def join(members: dict[int, Member], *pairs: Pair, accepted=(), rejected=()) -> set[frozenset[int]]:
    clusters, _, _ = agglomerate(members, pairs, accepted, rejected)
    return groups(clusters, len(members))


def of(*sources: str) -> dict[int, Member]:
    return {n: Member(source) for n, source in enumerate(sources)}


def test_a_sure_pair_is_one_project() -> None:
    assert join(of("A", "B"), Pair(0, 1, 0.9)) == {frozenset({0, 1})}


def test_an_unsure_pair_is_not() -> None:
    assert join(of("A", "B"), Pair(0, 1, 0.4)) == {frozenset({0}), frozenset({1})}


def test_two_rows_of_one_source_stay_two_and_the_surer_one_wins() -> None:
    found = join(of("A", "A", "B"), Pair(0, 2, 0.9), Pair(1, 2, 0.95))
    assert found == {frozenset({0}), frozenset({1, 2})}


def test_rows_of_one_source_with_one_project_number_are_one() -> None:
    members = {0: Member("A", ("BUF|PC1",)), 1: Member("A", ("BUF|PC1",))}
    assert join(members, Pair(0, 1, 0.99)) == {frozenset({0, 1})}


def test_an_entry_without_a_phase_is_no_bridge_between_phases() -> None:
    members = {
        0: Member("A", parts=("1",)),
        1: Member("B", parts=("",)),
        2: Member("C", parts=("2",)),
    }
    found = join(members, Pair(0, 1, 0.95), Pair(1, 2, 0.9))
    assert found == {frozenset({0, 1}), frozenset({2})}


def test_an_entry_of_both_phases_fits_either() -> None:
    members = {0: Member("A", parts=("1+2",)), 1: Member("B", parts=("2",))}
    assert join(members, Pair(0, 1, 0.95)) == {frozenset({0, 1})}


def test_an_entry_of_no_municipality_is_no_bridge_between_two() -> None:
    members = {
        0: Member("A", municipality="BUF"),
        1: Member("B"),
        2: Member("C", municipality="CPT"),
    }
    found = join(members, Pair(0, 1, 0.95), Pair(1, 2, 0.9))
    assert found == {frozenset({0, 1}), frozenset({2})}


def test_a_rejection_wins_over_the_model_and_over_detours() -> None:
    pairs = (Pair(0, 1, 0.99), Pair(1, 2, 0.98), Pair(0, 2, 0.97))
    found = join(of("A", "B", "C"), *pairs, rejected=[(0, 2)])
    assert found == {frozenset({0, 1}), frozenset({2})}


def test_an_acceptance_wins_over_every_constraint() -> None:
    members = {0: Member("A", parts=("1",)), 1: Member("A", parts=("2",))}
    assert join(members, accepted=[(0, 1)]) == {frozenset({0, 1})}


def test_decisions_that_contradict_keep_entries_apart_and_are_told() -> None:
    clusters, _, contradicted = agglomerate(
        of("A", "B"), [Pair(0, 1, 0.9)], accepted=[(0, 1)], rejected=[(1, 0)]
    )
    assert groups(clusters, 2) == {frozenset({0}), frozenset({1})}
    assert contradicted == {(0, 1)}


def test_a_cluster_is_as_sure_as_its_weakest_join() -> None:
    clusters, weakest, _ = agglomerate(of("A", "B", "C"), [Pair(0, 1, 0.99), Pair(1, 2, 0.8)])
    assert weakest == {clusters.find(0): 0.8}


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_the_order_of_pairs_does_not_matter_and_constraints_hold(data: st.DataObject) -> None:
    members = {
        n: Member(
            data.draw(st.sampled_from("ABC")), parts=(data.draw(st.sampled_from(["", "1", "2"])),)
        )
        for n in range(7)
    }
    pairs = [
        Pair(a, b, data.draw(st.sampled_from([0.6, 0.75, 0.9, 0.99])))
        for a, b in itertools.combinations(range(7), 2)
        if data.draw(st.booleans())
    ]
    rejected = [(p.left, p.right) for p in pairs if data.draw(st.integers(0, 5)) == 0]
    found = join(members, *pairs, rejected=rejected)
    assert found == join(members, *reversed(pairs), rejected=rejected[::-1])
    for group in found:
        assert len({members[n].source for n in group}) == len(group)
        assert len({members[n].parts[0] for n in group} - {""}) <= 1
        assert not any(a in group and b in group for a, b in rejected)
