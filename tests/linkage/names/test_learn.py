"""What people's accepted and rejected pairs teach about words nobody listed."""

from __future__ import annotations

from itertools import permutations

from harvester.linkage.names.decode import Decoder
from harvester.linkage.names.learn import learned_words
from harvester.rules import lexicon
from harvester.rules.lexicon import Learned, Meaning, Role

ACCEPTED = [
    ("Vroxton zwimbo", "Vroxton clinic"),
    ("Quelmara zwimbo phase 2", "Clinic Quelmara phase 2"),
]
CLINIC = Meaning(Role.KIND, "clinic")


def test_two_pairs_of_different_names_teach_a_word() -> None:
    taught = learned_words(ACCEPTED)
    assert taught.learned.phrases == {("zwimbo",): CLINIC}
    assert [lesson.pairs for lesson in taught.lessons] == [
        (("quelmara zwimbo phase 2", "clinic quelmara phase 2"),
         ("vroxton zwimbo", "vroxton clinic")),
    ]  # fmt: skip


def test_one_pair_or_one_name_twice_teaches_nothing() -> None:
    assert not learned_words(ACCEPTED[:1]).learned
    again = [("Vroxton zwimbo", "Vroxton clinic"), ("Vroxton zwimbo", "Vroxton new clinic")]
    assert not learned_words(again).learned


def test_a_rejected_pair_that_would_have_agreed_speaks_against_it() -> None:
    rejected = [("Mobrax zwimbo", "Mobrax clinic")]
    assert not learned_words(ACCEPTED, rejected).learned


def test_a_rejected_pair_of_other_places_says_nothing_about_the_word() -> None:
    rejected = [("Mobrax Hlondo zwimbo", "Peldra Sirmo clinic")]
    assert learned_words(ACCEPTED, rejected).learned


def test_two_meanings_teach_nothing() -> None:
    others = [("Mobrax zwimbo", "Mobrax library"), ("Peldra zwimbo", "Library Peldra")]
    assert not learned_words([*ACCEPTED, *others]).learned


def test_a_phrase_is_learnt_whole() -> None:
    pairs = [("Vroxton zwimbo yalento", "Vroxton library"), ("Quelmara zwimbo yalento", "Quelmara library")]  # fmt: skip
    assert set(learned_words(pairs).learned.phrases) == {("zwimbo", "yalento")}


def test_an_action_is_learnt() -> None:
    pairs = [("Brimlo Vroxton clinic", "Upgrading of Vroxton clinic"), ("Brimlo Peldra hall", "Upgrade of Peldra hall")]  # fmt: skip
    assert learned_words(pairs).learned.phrases[("brimlo",)] == Meaning(Role.ACTION, "upgrade")


def test_another_name_of_a_place_is_learnt() -> None:
    pairs = [("Vroxton clinic", "Amblura clinic"), ("Library Vroxton", "Amblura library")]
    assert learned_words(pairs).learned.phrases == {("vroxton",): Meaning(Role.PLACE, "amblura")}


def test_the_order_of_decisions_does_not_matter() -> None:
    pairs = [*ACCEPTED, ("Mobrax zwimbo", "Mobrax clinic")]
    assert len({learned_words(order).learned.written() for order in permutations(pairs)}) == 1


def test_what_was_learnt_is_read_and_never_overrides_the_lexicon() -> None:
    learned = Learned({
        ("zwimbo",): CLINIC, ("library",): CLINIC, ("phase",): CLINIC, ("ps",): CLINIC,
    })  # fmt: skip
    decoder = Decoder(lexicon.load().with_learned(learned))
    assert decoder.decode("Vroxton zwimbo").kinds == ("clinic",)
    assert decoder.decode("Vroxton zwimbo").words == ("vroxton",)
    assert decoder.decode("Vroxton library").kinds == ("library",)
    assert decoder.decode("Roads phase 2").phase == "2"


def test_what_was_learnt_can_be_written_and_read() -> None:
    learned = learned_words(ACCEPTED).learned
    assert Learned.read(learned.written()) == learned
