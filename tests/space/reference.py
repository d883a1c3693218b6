"""The spatial budget in plain Python, slow and obvious: what the engine's answer must equal."""

from __future__ import annotations

from collections import defaultdict

from harvester.domain.money import split_cents
from harvester.space.months.calendars import to_municipal_years

KEY = ("metro", "sphere", "owner", "document", "function")


def budget(entries, lines, places):
    """{(layer, area, metro, sphere, owner, document, function, grant, phase, year, class,
    submission, latest): (cents, entries)} from rows as dictionaries; every entry is known, names
    its municipality, and all stand in one submission, which is therefore the latest."""
    by_entry = {row["entry_id"]: row for row in entries}
    whole = defaultdict(int)
    for line in lines:
        for year, cents in to_municipal_years(line).items():
            whole[line["entry_id"], line["submission_id"], line["phase"], year] += cents
    shares = defaultdict(list)
    for row in sorted(places, key=lambda row: row["area_id"]):
        shares[row["entry_id"], row["layer"]].append(row)
    found = defaultdict(lambda: [0, set()])
    for (entry_id, submission_id, phase, year), cents in whole.items():
        entry = by_entry[entry_id]
        for (owner, layer), parts in shares.items():
            if owner != entry_id:
                continue
            amounts = split_cents(cents, [part["weight"] for part in parts])
            for part, amount in zip(parts, amounts, strict=True):
                key = (
                    layer, part["area_id"], *(entry[k] for k in KEY), entry["grant"], phase, year,
                    part["place_class"], submission_id, True,
                )  # fmt: skip
                found[key][0] += amount
                found[key][1].add(entry_id)
    return {key: (cents, len(ids)) for key, (cents, ids) in found.items()}
