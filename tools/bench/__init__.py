"""Measures Girih against its budgets: `python -m tools.bench`, each figure beside that of the bare driver."""
