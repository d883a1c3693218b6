"""The table that SA36 and SC36 share."""
