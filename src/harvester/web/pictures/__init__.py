"""Pictures drawn as SVG on the server, from plain values; no calculation of figures here."""
