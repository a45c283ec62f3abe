"""A fictional forum to try everything with. Names are common ones put together by chance; nobody real is meant."""
