"""Comparison with CalculiX: accuracy, wall time and memory."""
