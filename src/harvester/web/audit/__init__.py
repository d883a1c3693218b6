"""The audit log read, checked and handed out. Nothing here writes an event."""
