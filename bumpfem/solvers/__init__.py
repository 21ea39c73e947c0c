"""Newton's method, linear solvers and time step control: the only room that talks to PETSc."""

from bumpfem._dolfinx import DOLFINX_VERSION as DOLFINX_VERSION
from bumpfem.solvers import signals as signals
