"""From a plan on paper to assignments and their state. Nouns here are pure; `store` and the use-cases have effects."""
