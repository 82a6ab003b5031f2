"""The supervisor's wall: how the house stands now, and how its day has gone."""
