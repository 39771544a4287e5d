"""Who is owed which message, and its delivery. Upper rooms use `channel`, `inbox`, `outbox`, `scan` and `deliver`."""
