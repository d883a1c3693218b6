"""The menu: the parts of the mechanism, and the pages of the part a reader is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.urls import get_resolver, reverse

from harvester.web.navigation import SECTIONS, place_of

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.word)
def test_each_part_leads_to_its_first_page_and_says_where_the_reader_is(client: Client, section):
    page = client.get(reverse(section.view)).content.decode()
    (marked,) = re.findall(r'<a href="([^"]+)"[^>]*aria-current="page">' + section.word, page)[:1]
    assert marked.split("?")[0] == reverse(section.view)


def test_what_stands_in_the_menu_is_an_address_and_stands_in_one_part_only() -> None:
    known = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    listed = [v for s in SECTIONS for p in s.pages for v in (p.view, *p.below)]
    assert set(listed) <= known
    assert len(listed) == len(set(listed))


def test_a_page_below_another_shows_the_part_and_page_it_is_below(client: Client) -> None:
    section, here = place_of("finding")
    assert (section.word, here) == ("Wheat", "wheat")
    assert place_of("account") == (None, "account")
