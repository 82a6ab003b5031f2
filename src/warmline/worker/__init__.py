"""What runs beside requests: assistant turns and the sweeps that keep the invariants after a crash."""
