"""Letters opened at the edge: `guard.LetterOpener`, from the bytes of a stranger's file to a `Paper` or one error."""
