"""Newton's method, linear solvers and time step control: the only room that talks to PETSc."""
