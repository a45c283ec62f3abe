"""Schedules as conference software exchanges them (frab, pretalx): read, written, compared with nothing else."""
