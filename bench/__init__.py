"""Load and fault programs: `make bench NAME=fanout`, `make faults`. Figures and how to read them: docs/performance.md."""
