"""Leaves signals to Python: a closed pipe or Ctrl-C is no crash that PETSc has to report."""

from petsc4py import PETSc

PETSc.Sys.popSignalHandler()
