"""Questions from before a session: in its queue when the room opens."""
