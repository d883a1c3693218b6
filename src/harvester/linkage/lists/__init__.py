"""Any list of projects linked without a store: what ``harvester link`` runs."""
