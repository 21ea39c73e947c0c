"""Prepares dolfinx before a test module imports it."""

from tests import support as support
