"""Where the benchmark keeps what it made: countries, the peers' environment, results.

All under one folder of the user's cache (or ``HARVESTER_BENCH``), never in the tree. Anything in
it may be deleted; it is made again.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.linkage import invented, sample_country, scale
from benchmarks.linkage.split import INVENTED_ENTRIES, SAMPLE_SCALE
from harvester.linkage.lists.records import COLUMNS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = HERE / "peers.txt"


def home() -> Path:
    """The benchmark's own folder."""
    told = os.environ.get("HARVESTER_BENCH")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(told) if told else cache / "harvester" / "linkage-benchmark"


def country(name: str) -> Path:
    """The folder of a country, made when it is not there or other code made it.

    ``name``: family, level, part and seed, as :func:`benchmarks.linkage.split.country` gives it;
    of the family ``scale``, the part is how many entries. A folder is named by what its rows say,
    so that what a tool answered holds for as long as code makes the same rows.
    """
    countries = home() / "countries"
    made = countries / f"{name}-{_made_by(name.partition('-')[0])}.made"
    if made.exists() and (countries / made.read_text("utf-8") / "truth.parquet").exists():
        return countries / made.read_text("utf-8")
    fresh = countries / f"{name}-being-made"
    fresh.mkdir(parents=True, exist_ok=True)
    _make(fresh, *name.split("-"))
    folder = countries / f"{name}-{digest(fresh / 'rows.parquet', fresh / 'truth.parquet')}"
    folder.mkdir(exist_ok=True)
    for file in sorted(fresh.iterdir()):
        file.replace(folder / file.name)
    fresh.rmdir()
    made.write_text(folder.name, "utf-8")
    return folder


def _make(folder: Path, family: str, level: str, part: str, seed: str) -> None:
    """Write the files of a country."""
    if family == "scale":
        listed, true = scale.country(int(part), int(seed))
        pq.write_table(listed, folder / "rows.parquet")
        pq.write_table(true, folder / "truth.parquet")
        return
    if family == "sample":
        entries, rows, truth = sample_country.country(SAMPLE_SCALE[part], int(level), int(seed))
        pq.write_table(entries, folder / "entries.parquet")
    else:
        rows, truth = invented.country(INVENTED_ENTRIES[part], int(level), int(seed))
    write(folder, rows, truth)


def persons(name: str) -> Path:
    """The folder of a set of persons, read out of the peers' packages."""
    folder = home() / "countries" / f"{name}-{digest(HERE / 'tools' / 'person_data.py')}"
    if not (folder / "truth.parquet").exists():
        command = [peers_python(), "-W", "ignore", "-m", "benchmarks.linkage.tools.person_data"]
        subprocess.run([*command, name, str(folder)], check=True, cwd=ROOT)
    return folder


def write(folder: Path, rows: list[dict[str, str]], truth: dict[str, str]) -> None:
    """Rows and truth as the tools read them; the truth last, as a sign that all is there."""
    table = {c: pa.array([r.get(c, "") for r in rows], pa.string()) for c in COLUMNS}
    pq.write_table(pa.table(table), folder / "rows.parquet")
    entries = [r["entry_id"] for r in rows]
    told = {"entry_id": entries, "project": [truth[e] for e in entries]}
    pq.write_table(pa.table(told), folder / "truth.parquet")


def _made_by(family: str) -> str:
    """Digest of what a country of this family is made of."""
    own = {
        "invented": ("invented.py", "words.py"),
        "scale": ("scale.py", "invented.py", "words.py"),
    }
    if family in own:
        return digest(*(HERE / name for name in own[family]))
    rooms = ROOT / "src" / "harvester"
    return digest(
        HERE / "sample_country.py", *(rooms / r for r in ("sample", "sources", "register"))
    )


def digest(*paths: Path) -> str:
    """Short digest of files, and of all files of folders."""
    total = hashlib.sha256()
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            if file.suffix != ".pyc":
                total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:10]


def peers_python(wanted: Path = PEERS) -> Path:
    """The interpreter of the peers' environment, which is made by pip when it is not there.

    ``wanted`` is the list of what pip installs.
    """
    folder = home() / f"peers-{digest(wanted)}"
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    if not (folder / "ready").exists():
        print("Making an environment for the peers (a minute) ...", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                        "-r", str(wanted)], check=True)  # fmt: skip
        (folder / "ready").touch()
    return python
