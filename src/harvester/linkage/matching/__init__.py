"""The linker, for any field set: candidate pairs, scores, reasons, clusters."""
