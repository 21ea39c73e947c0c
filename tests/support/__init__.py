"""What several tests share. Importing it prepares dolfinx, so that others can import it."""

from bumpfem import _dolfinx as _dolfinx
