"""The databases: their drivers, statements that are compiled once, transactions."""
