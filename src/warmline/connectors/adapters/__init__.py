"""One file for each way of calling a system."""
