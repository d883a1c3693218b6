"""The field set of projects: what is known of an entry and how two entries are compared."""
