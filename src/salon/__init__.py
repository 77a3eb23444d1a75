"""Salon: one room with many activities, on one server that anyone can run."""

__version__ = "0.1.0"
