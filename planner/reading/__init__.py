"""From a letter to a draft plan: openers turn a file into a `Paper`, pure rules read the paper, a person confirms."""
