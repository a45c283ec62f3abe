"""Load and fault programs: `make bench NAME=fanout`, `make faults`; what they found is in docs/performance.md."""
