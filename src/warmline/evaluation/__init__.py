"""`warmline eval`: measuring on a bank's own files, through the classes the live assistant loads."""
