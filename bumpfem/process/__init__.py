"""How a joint is made and how it serves: materials of a cell, its loading, thermal cycling."""

from bumpfem._dolfinx import DOLFINX_VERSION as DOLFINX_VERSION
