"""A thread for each request, as Django asks for, which serves others afterwards."""

from concurrent.futures import ThreadPoolExecutor

from asgiref.sync import ThreadSensitiveContext

KEPT = 16


class Threads:
    """In front of Django's own, which would end its thread with each request, and with it its line to the database:
    a new one costs PostgreSQL as much again as all that a page asks of it."""

    def __init__(self, app):
        self.app = app
        self.idle: list[ThreadPoolExecutor] = []

    async def __call__(self, scope, receive, send):
        thread = self.idle.pop() if self.idle else ThreadPoolExecutor(1, "page")
        try:
            async with ThreadSensitiveContext(executor=thread):
                await self.app(scope, receive, send)
        except BaseException:
            # It may still be at work for somebody who went away.
            thread.shutdown(wait=False)
            raise
        self._rest(thread)

    def _rest(self, thread: ThreadPoolExecutor) -> None:
        if len(self.idle) < KEPT:
            self.idle.append(thread)
        else:
            thread.shutdown(wait=False)
