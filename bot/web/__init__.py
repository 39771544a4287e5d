"""The page on which a letter's draft is confirmed; `routes` is for the composition roots, `links` for messages."""
