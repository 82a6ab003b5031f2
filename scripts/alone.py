"""`alone.py LOCK COMMAND…`: become the command once no other holds the lock; the lock ends with the command.

Standard library only and any Python 3: it runs before there is an environment.
"""

import fcntl
import os
import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
lock = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o644)
os.set_inheritable(lock, True)
try:
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError:
    holder = os.read(lock, 20).decode() or "?"
    sys.stderr.write(f"another setup of this checkout is at work (process {holder}); waiting for it …\n")
    sys.stderr.flush()
    fcntl.flock(lock, fcntl.LOCK_EX)
os.truncate(lock, 0)
os.pwrite(lock, str(os.getpid()).encode(), 0)
os.execvp(sys.argv[2], sys.argv[2:])
