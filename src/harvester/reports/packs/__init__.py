"""Packs for a meeting: gathered once, set as PDF, XLSX and DOCX, sealed so that each verifies offline."""

from harvester.reports.packs.sealed import check, rendered, said, seal_of, sealed

__all__ = ["check", "rendered", "said", "seal_of", "sealed"]
