"""Records added to a linked country: only what is new is decoded, keyed, paired and scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from harvester.linkage.matching import blocking, reasons, rivals, scoring
from harvester.linkage.matching.memory import known_pairs

if TYPE_CHECKING:
    from harvester.engine.engine import Engine
    from harvester.linkage.matching.fieldset import Additions, FieldSet
    from harvester.linkage.matching.memory import Recalled


def add(
    engine: Engine, fields: FieldSet, additions: Additions, records: pa.Table, recalled: Recalled
) -> None:
    """Make ``link_chances`` and ``link_wordings`` of the whole from what is remembered and new.

    ``records``: all that are here now, ``uid`` their row. Reads ``link_decided`` (in numbers of
    ``recalled``). Leaves ``link_fresh_*`` for the memory, and ``known_features`` to cluster by.
    """
    fresh = records.filter(pa.array(recalled.fresh))
    fresh = fresh.set_column(0, "uid", pa.array(recalled.uids[recalled.fresh], pa.int32()))
    _recall(engine, additions, recalled)
    additions.features(engine, fresh)
    engine.make("link_fresh_features", "SELECT * FROM link_features")
    engine.make("link_fresh_terms", "SELECT * FROM link_terms")
    blocking.block_added(engine, additions.keys(engine), recalled.first, recalled.largest)
    engine.make("link_new_decided", """
SELECT d.* FROM link_decided d ANTI JOIN known_pairs k ON k.uid_l = d.uid_l AND k.uid_r = d.uid_r
""")  # fmt: skip
    engine.make("link_partners", f"""
SELECT DISTINCT uid FROM (
    SELECT uid_l AS uid FROM link_pairs UNION ALL SELECT uid_r FROM link_pairs
    UNION ALL SELECT uid_l FROM link_new_decided UNION ALL SELECT uid_r FROM link_new_decided
) WHERE uid < {recalled.first}
""")  # fmt: skip
    for table in ("features", "terms"):
        engine.make(f"link_{table}", f"""
SELECT * FROM link_fresh_{table}
UNION ALL BY NAME SELECT * FROM known_{table} SEMI JOIN link_partners USING (uid)
""")  # fmt: skip
    everywhere = float(engine.rows("SELECT max(base_everywhere) FROM link_pools")[0][0])
    model = scoring.score(engine, fields, everywhere, None, decided="link_new_decided")
    rivals.weigh(engine, fields, decided="link_new_decided")
    reasons.explain(engine, model)
    engine.make("link_fresh_pairs", "SELECT * FROM link_chances")
    # Rules and statistics are as they were, so a pattern known then has the wording it had.
    engine.make(
        "link_fresh_wordings",
        "SELECT * FROM link_wordings ANTI JOIN known_wordings USING (pattern)",
    )
    engine.make(
        "link_wordings",
        "SELECT pattern, reasons FROM known_wordings "
        "UNION ALL SELECT pattern, reasons FROM link_fresh_wordings",
    )
    engine.make(
        "link_all_pairs", f"{known_pairs()} UNION ALL BY NAME SELECT * FROM link_fresh_pairs"
    )
    _whole(engine, fields, recalled)


def _recall(engine: Engine, additions: Additions, recalled: Recalled) -> None:
    """Load what is remembered: statistics under ``known_``, the rest as views."""
    for part in ("keys", "terms", "pairs", "wordings"):
        engine.view(f"known_{part}", [s / f"{part}.parquet" for s in recalled.segments])
    for name in additions.statistics:
        known = name.replace("link_", "known_", 1)
        engine.view(known, [recalled.folder / f"{name}.parquet"])
    for name in additions.standing:
        engine.make(name, f"SELECT * FROM {name.replace('link_', 'known_', 1)}")
    engine.load("link_gone", pa.table({"uid": recalled.gone.astype(np.int64)}))


def _whole(engine: Engine, fields: FieldSet, recalled: Recalled) -> None:
    """``link_chances`` of the whole.

    Where records are gone, they rival nobody any more, so chances are weighed anew.
    """
    if len(recalled.gone):
        engine.make("link_features", f"""
SELECT * FROM link_fresh_features UNION ALL BY NAME SELECT * FROM known_features WHERE uid < {recalled.first}
""")  # fmt: skip
        engine.make(
            "link_scores",
            "SELECT uid_l, uid_r, pattern, match_weight, figures, "
            "pow(CAST(2 AS DOUBLE), match_weight) AS odds FROM link_all_pairs",
        )
        rivals.weigh(engine, fields, decided="link_decided", carried=("figures",))
    else:
        engine.make("link_chances", "SELECT * FROM link_all_pairs")
    engine.drop("link_all_pairs", "link_partners", "link_new_decided")


def touched(recalled: Recalled, decided: np.ndarray, count: int) -> np.ndarray:
    """By number, whether a record is new, was together with one that is gone, or is spoken of.

    ``decided``: pairs people speak of now. Pairs no longer spoken of count as well.
    """
    found = np.zeros(count, bool)
    found[recalled.first :] = True
    roots = np.unique(recalled.roots[recalled.gone])
    found[: recalled.first] |= np.isin(recalled.roots, roots)
    for pairs in (decided, recalled.decided):
        found[pairs.ravel()] = True
    return found
