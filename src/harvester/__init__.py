"""The Combined Harvester: line up the plans and budgets of South Africa's three spheres.

The stages of a harvest are ordinary functions, so a notebook can do what the command does::

    import harvester

    harvester.ingest("var", ["budgets/"])
    harvest = harvester.run("var")
    findings = harvester.table(harvest, "findings", metro="ETH")  # a pyarrow Table

``docs/how-to/notebook.md`` works through an example, stage by stage too.
"""

from importlib import import_module

__version__ = "0.1.0"

_FROM = {
    "ingest": "harvester.intake",
    "run": "harvester.harvest",
    "verify": "harvester.verification",
    "open_harvest": "harvester.harvest",
    "Engine": "harvester.engine.engine",
    "Granary": "harvester.engine.granary",
    "ReadOptions": "harvester.sources.reading",
    "SourceFile": "harvester.sources.reading",
    "read": "harvester.sources.registry",
    "write_template": "harvester.sources.templates",
    "annotate": "harvester.sources.annotate",
    "resolve": "harvester.register.stage:register",
    "link": "harvester.linkage.stage",
    "link_list": "harvester.linkage.lists.linking",
    "place": "harvester.space.stage",
    "spatial_budget": "harvester.space.stage",
    "coverage": "harvester.alignment.stage",
    "measure": "harvester.alignment.stage",
    "detect": "harvester.wheat.stage",
    "table": "harvester.reports.tables:select",
    "explain": "harvester.reports.explain",
    "write_reports": "harvester.reports.stage",
    "make_sample": "harvester.sample.stage",
}

__all__ = ["__version__", *_FROM]  # noqa: PLE0604 - names of functions that load when asked for


def __getattr__(name: str) -> object:
    """Load a stage when it is first asked for, so that ``import harvester`` stays quick."""
    if name not in _FROM:
        message = f"module 'harvester' has no attribute {name!r}"
        raise AttributeError(message)
    module, _, attribute = _FROM[name].partition(":")
    return getattr(import_module(module), attribute or name)


def __dir__() -> list[str]:
    return sorted(__all__)
