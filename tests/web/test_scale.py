"""Pages of a country of 30 000 entries are as light as those of a small one.

How long they take is measured by ``benchmarks.pages``; what they ask and carry is counted here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from harvester.engine import schema
from harvester.web.harvest_store import Tables
from tests.web import country

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ENTRIES = 30_000
MOST_ROWS = 60
"""A page of a list, the numbers above it and the choices of its filters."""
MOST_BYTES = 300_000
WALK = (
    "/",
    "/?metro=ETH",
    "/?metro=CPT&from=2018/19&to=2020/21",
    "/projects/",
    "/projects/?metro=JHB&page=7",
    "/projects/?q=reservoir+7",
    "/projects/?sort=name&page=290",
    "/projects/?document=idp&sort=-entries",
    "/projects/U-000042/",
    "/wheat/",
    "/wheat/?metro=ETH&severity=high&page=3",
    "/wheat/?q=reservoir&sort=confidence",
    "/wheat/W07:000099/",
    "/entries/cccc:0:4242/",
    "/indicators/",
    "/indicators/V1/?metro=ETH&page=40",
    "/statements/",
    "/statements/?metro=ETH",
    "/statements/spatial/?metro=ETH&layer=integration_zone",
    "/statements/spatial/?metro=ETH&layer=integration_zone&sort=-total&page=30&by=area_id",
    "/statements/dora-s14/?metro=ETH",
    "/cascade/?metro=ETH",
    "/certificates/",
    "/certificates/metro/ETH/",
    "/certificates/benchmark/",
    "/submissions/",
    "/submissions/cccc:0/",
    "/submissions/cccc:0/?show=rows&page=500&q=reservoir",
    "/map/",
    "/map/areas.json",
    "/map/points.json",
    "/submissions/coverage/",
)


def _repeat(
    connection: duckdb.DuckDBPyConnection,
    table: schema.Table,
    rows: pa.Table,
    changes: str,
    times: str,
) -> pa.Table:
    """``rows`` crossed with numbers, some columns replaced."""
    connection.register("rows", rows)
    made = connection.execute(
        f"SELECT rows.* REPLACE ({changes}) FROM rows, range({times}) t(i)"
    ).to_arrow_table()
    connection.unregister("rows")
    return table.conform(made)


def large() -> dict[str, pa.Table]:
    """The small country, made large: thirty thousand entries in fifteen thousand undertakings."""
    made = country.tables()
    half = str(ENTRIES // 2)
    metro = "list_extract(['BUF','NMA','MAN','EKU','JHB','TSH','ETH','CPT'], 1 + (i % 8)::INT)"
    c = duckdb.connect()
    entry = made["entries"].slice(2, 1)
    made["entries"] = _repeat(
        c,
        schema.ENTRIES,
        entry,
        f"'cccc:0:' || i AS entry_id, i AS row, 'Reservoir ' || i AS name, {metro} AS metro, 'P-' || i AS source_code",
        str(ENTRIES),
    )
    made["lines"] = _repeat(
        c,
        schema.LINES,
        made["lines"].slice(5, 3),
        "'cccc:0:' || i AS entry_id, 'cccc:0:' || i || ':' || cell AS line_id",
        str(ENTRIES),
    )
    made["memberships"] = _repeat(
        c,
        schema.MEMBERSHIPS,
        made["memberships"].slice(0, 1),
        "'cccc:0:' || i AS entry_id, 'U-' || lpad((i // 2)::VARCHAR, 6, '0') AS undertaking_id",
        str(ENTRIES),
    )
    made["undertakings"] = _repeat(
        c,
        schema.UNDERTAKINGS,
        made["undertakings"].slice(0, 1),
        f"'U-' || lpad(i::VARCHAR, 6, '0') AS undertaking_id, 'Reservoir ' || i AS name, {metro} AS metro, "
        "(hash(i) % 900000000000)::BIGINT AS amount_cents, 28 + (hash(i) % 1000) / 300.0 AS longitude, "
        "-30 + (hash(i * 7) % 1000) / 300.0 AS latitude",
        half,
    )
    made["links"] = _repeat(
        c,
        schema.LINKS,
        made["links"].slice(0, 1),
        "'cccc:0:' || (2 * i) AS entry_a, 'cccc:0:' || (2 * i + 1) AS entry_b",
        half,
    )
    made["findings"] = _repeat(
        c,
        schema.FINDINGS,
        made["findings"].slice(0, 1),
        f"'W07:' || lpad(i::VARCHAR, 6, '0') AS finding_id, {metro} AS metro, 'Reservoir ' || i AS statement, "
        "'U-' || lpad(i::VARCHAR, 6, '0') AS undertaking_id, (hash(i) % 90000000000)::BIGINT AS rand_cents",
        str(ENTRIES // 5),
    )
    made["evidence"] = _repeat(
        c,
        schema.EVIDENCE,
        made["evidence"].slice(0, 2),
        "'W07:' || lpad(i::VARCHAR, 6, '0') AS finding_id, 'cccc:0:' || i AS entry_id",
        str(ENTRIES // 5),
    )
    made["problems"] = _repeat(
        c,
        schema.PROBLEMS,
        made["problems"].slice(0, 1),
        "'cccc:0:' || i AS problem_id, i AS row",
        half,
    )
    made["indicator_parts"] = _repeat(
        c,
        schema.INDICATOR_PARTS,
        made["indicator_parts"].slice(0, 1),
        f"'cccc:0:' || i AS item, 'cccc:0:' || i AS entry_id, {metro} AS metro",
        str(ENTRIES),
    )
    made["spatial_budget"] = _repeat(
        c,
        schema.SPATIAL_BUDGET,
        made["spatial_budget"].slice(0, 1),
        f"'integration_zone:' || (i % 3) AS area_id, 'F' || i AS \"function\", {metro} AS metro",
        half,
    )
    c.close()
    return made


def test_no_page_asks_or_carries_more_for_all_that_is_there(
    client: Client, settings: SettingsWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HARVESTER_HOME = tmp_path
    country.store(tmp_path, large())
    handed: list[int] = []
    rows = Tables.rows

    def counted(tables: Tables, *question: Any, **told: Any) -> list[dict[str, Any]]:
        found = rows(tables, *question, **told)
        handed.append(len(found))
        return found

    monkeypatch.setattr(Tables, "rows", counted)
    heavy = {}
    for address in WALK:
        # The first time opens the harvest; what is asked once per harvest is asked then.
        client.get(address)
        handed.clear()
        response = client.get(address)
        assert response.status_code == 200, address
        weight = (len(handed), sum(handed), len(response.content))
        if any(
            w > m
            for w, m in zip(weight, (country.MOST_QUESTIONS, MOST_ROWS, MOST_BYTES), strict=True)
        ):
            heavy[address] = weight
    assert not heavy, "questions, rows, bytes"
