"""A letter that somebody forwarded, from its file to a plan: everything here may be imported by the rooms above."""
