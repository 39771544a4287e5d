"""Periods of a recurring duty, each computed from the anchor so that the 31st and 29/02 clamp and come back."""
