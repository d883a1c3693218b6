"""The same entries are the same undertakings on both engines, for the same reasons."""

from __future__ import annotations

from typing import Any

import pytest

from harvester.engine import schema
from harvester.linkage import stage
from tests.linkage.invented import entries, entry, town

ROWS = [
    *town(),
    entry("s1", 1, "Construction of Gxarhana clinic", amount_cents=500_00, function="health"),
    entry("s2", 1, "Gxarhana Clinic (new)", document="idp", amount_cents=400_00),
    entry("s3", 1, "GXARHANA KLINIEK", document="provincial_projects", institution="EC-HEA",
          owner="EC-HEA", sphere="provincial", amount_cents=300_00, longitude=27.8, latitude=-32.9),
    entry("s1", 2, "Quelmara reservoir phase 1", source_code="PC002003005_00002"),
    entry("s1", 3, "Quelmara reservoir phase 2", source_code="PC002003005_00003"),
    entry("s2", 2, "Quelmara res ph 2", document="idp", source_code="PC002003005_00003"),
    entry("s2", 3, "", document="idp"),
    entry("s3", 2, "مدرسة", document="provincial_projects", institution="EC-HEA", metro="unknown"),
]  # fmt: skip


def linked(engine) -> dict[str, list[dict[str, Any]]]:
    """Every table of the stage, as rows in order."""
    found = stage.link(
        engine,
        engine.table(schema.ENTRIES, entries(ROWS)),
        engine.table(schema.LEDGER, schema.LEDGER.empty()),
    )
    names = ("links", "wordings", "memberships", "undertakings", "ledger")
    return {
        name: sorted(engine.arrow(getattr(found, name)).to_pylist(), key=repr) for name in names
    }


@pytest.mark.slow
@pytest.mark.spark
def test_both_engines_link_alike(duckdb, spark) -> None:
    there, here = linked(duckdb), linked(spark)
    # Clusters and ids; then probabilities (6 decimals) and reasons word by word; then the rest.
    assert here["memberships"] == there["memberships"]
    assert len({row["undertaking_id"] for row in there["memberships"]}) < len(ROWS)
    assert here["links"] == there["links"]
    assert here["wordings"] == there["wordings"]
    assert any(row["reasons"] != "[]" for row in there["wordings"])
    assert any(row["figures"].strip() for row in there["links"])
    assert here["undertakings"] == there["undertakings"]
    assert here["ledger"] == there["ledger"]
