"""Working days of Vietnamese public administration."""
