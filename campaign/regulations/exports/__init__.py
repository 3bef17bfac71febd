"""Files made from laws and comparisons. Pure: a frozen payload or a `Writing`, and its origin, give always the same bytes."""
