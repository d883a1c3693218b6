"""Views, one file a subject: they read the question, ask a query, and fill a template."""
