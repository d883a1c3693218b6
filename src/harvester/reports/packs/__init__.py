"""Packs for a meeting: gathered once, set as PDF, XLSX and DOCX, sealed so that each verifies offline."""

from harvester.reports.packs.sealed import check, write

__all__ = ["check", "write"]
