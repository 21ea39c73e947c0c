"""Histories, per-cycle measures, field files and summaries of a computed joint."""

from bumpfem._dolfinx import DOLFINX_VERSION as DOLFINX_VERSION
