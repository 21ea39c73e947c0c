# bumpfem in a container: `docker build -t bumpfem .`, then
# `docker run --rm -v "$PWD:/data" bumpfem run study.toml`.
ARG BASE=debian:trixie-slim
FROM ${BASE}

# Compiled forms (FFCx) and kernels (numba) live in one place that every user may read and write.
# No display is looked for, and each process computes on one thread: joints run side by side.
ENV PATH=/opt/bumpfem/.venv/bin:$PATH \
    XDG_CACHE_HOME=/var/cache/bumpfem \
    NUMBA_CACHE_DIR=/var/cache/bumpfem/numba \
    MPLCONFIGDIR=/var/cache/bumpfem/matplotlib \
    MPLBACKEND=Agg \
    PYVISTA_OFF_SCREEN=true \
    VTK_DEFAULT_OPENGL_WINDOW=vtkEGLRenderWindow \
    OMP_NUM_THREADS=1 \
    PYTHONUNBUFFERED=1

WORKDIR /opt/bumpfem

# System packages, with the compiler that forms need at run time, and the pinned packages.
COPY scripts/ scripts/
COPY pyproject.toml requirements.lock requirements-dev.lock ./
RUN PIP_NO_CACHE_DIR=1 scripts/setup packages && rm -rf /var/lib/apt/lists/*

# The project itself; then a tiny job, so that a container's first one compiles nothing.
COPY . .
RUN PIP_NO_CACHE_DIR=1 scripts/setup run \
    && useradd --create-home bumpfem \
    && mkdir -p /data "$NUMBA_CACHE_DIR" "$MPLCONFIGDIR" \
    && bumpfem warm \
    && chmod -R a+rwX /var/cache/bumpfem \
    && chown bumpfem: /data

USER bumpfem
WORKDIR /data
ENTRYPOINT ["bumpfem"]
CMD ["--help"]
