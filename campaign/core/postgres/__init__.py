"""PostgreSQL as Django has it, with fewer health checks."""
