"""Published files in, entries, lines and problems out: one file per kind of document."""
