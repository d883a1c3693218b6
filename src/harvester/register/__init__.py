"""The register: entries with owner, place, function, funding and plan money resolved to codes."""
