"""Histories, per-cycle measures, field files and summaries of a computed joint."""
