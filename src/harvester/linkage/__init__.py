"""The same project in every document: names decoded, pairs scored, clusters, persistent ids."""
