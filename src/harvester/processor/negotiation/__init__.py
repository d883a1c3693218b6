"""Negotiated texts: clauses, offers in rounds, acceptance per party, dissent beside the agreed text."""
