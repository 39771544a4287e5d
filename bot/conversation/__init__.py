"""The conversation, the same on every channel: edges use `incoming.Incoming` and `answering.answer`, nothing else."""
