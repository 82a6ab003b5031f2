"""Warmline: people and AI as one team, at 37°."""

import os

# Before numpy is loaded: OpenBLAS with threads of its own hangs when the process forks or ends while another
# thread multiplies, and requests run side by side anyway.
for _library in ("OPENBLAS", "OMP", "MKL"):
    os.environ.setdefault(f"{_library}_NUM_THREADS", "1")
