"""The benchmark: builds its own data, measures the hot paths, holds them against their budgets."""
