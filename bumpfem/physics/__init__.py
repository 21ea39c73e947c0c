"""Weak forms: kinematics, element integrals and boundary loading of the joint cell."""

from bumpfem._dolfinx import DOLFINX_VERSION as DOLFINX_VERSION
