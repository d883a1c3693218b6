"""A person's own workbook back, with its problems as comments and a list."""

from harvester.sources.annotate.in_place import annotate

__all__ = ["annotate"]
