"""Both engines, as one fixture. Java starts once, and only when a test asks for Spark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from harvester.domain.errors import ConfigurationError
from harvester.engine import open_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from harvester.engine.engine import Engine
    from harvester.engine.spark import SparkEngine


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Engine]:
    engine = open_engine("duckdb")
    yield engine
    engine.close()


@pytest.fixture(scope="session")
def spark(tmp_path_factory) -> Iterator[SparkEngine]:
    """Spark on this machine; skips, saying so, where there is no pyspark or no Java for it."""
    # Tables of tens of rows: planning and compiling for speed costs more than it saves.
    conf = {
        "spark.driver.memory": "1g",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.constraintPropagation.enabled": "false",
    }
    try:
        engine = open_engine("spark", scratch=tmp_path_factory.mktemp("spark"), conf=conf)
    except ConfigurationError as error:
        pytest.skip(f"SPARK NOT TRIED: {error}")
    yield engine
    engine.close()


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def engine(request) -> Iterator[Engine | SparkEngine]:
    """Each engine in turn, holding nothing."""
    found = request.getfixturevalue(request.param)
    yield found
    found.drop(*found.held())
