"""Packs and exports: gather, then render. Nothing is calculated here."""
