"""One person's own schedule: what they starred, where they speak, whom they meet."""
