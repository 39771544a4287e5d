"""Letters that were sent are read here, beside everything else; only the composition roots import it."""
