"""The directory in a terminal: gaps, who serves whom, a map of readiness, tables in and out."""
