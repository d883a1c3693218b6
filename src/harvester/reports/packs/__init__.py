"""Packs for a meeting: gathered once, set as PDF, XLSX and DOCX, sealed so that each verifies offline."""

from harvester.reports.packs.sealed import check, seal_of, write

__all__ = ["check", "seal_of", "write"]
