"""What indicators and detectors both need to know, worked out once as tables in the engine."""

from harvester.alignment.facts.build import Facts

__all__ = ["Facts"]
