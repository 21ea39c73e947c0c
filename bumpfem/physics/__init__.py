"""Weak forms: kinematics, element integrals and boundary loading of the joint cell."""
