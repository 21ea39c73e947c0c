"""``python -m bumpfem`` is the same as ``bumpfem``."""

from bumpfem.cli import main

if __name__ == "__main__":
    main()
