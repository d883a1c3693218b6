"""The proof of linkage: our linker and its peers on the same rows, with the truth known.

``python -m benchmarks.linkage`` runs everything and writes ``docs/reference/linkage-benchmark.md``;
each result is kept, so that a run that was broken off goes on where it stopped.
"""
