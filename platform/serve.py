"""The web process: pages and sockets on one port. `python platform/serve.py --port 8000` (or `--fd N`)."""

import argparse
import gc
import os
import resource
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

BACKLOG = 4096


def allow_many_sockets() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else max(soft, 65536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 1048576), hard))


def endpoint(options: argparse.Namespace) -> str:
    if options.fd is not None:
        return f"fd:fileno={options.fd}"
    interface = options.bind.replace(":", r"\:")
    return f"tcp:port={options.port}:interface={interface}:backlog={BACKLOG}"


def forwarded(options: argparse.Namespace) -> dict[str, str]:
    if not options.behind_proxy:
        return {}
    return {
        "proxy_forwarded_address_header": "X-Forwarded-For",
        "proxy_forwarded_port_header": "X-Forwarded-Port",
        "proxy_forwarded_proto_header": "X-Forwarded-Proto",
    }


def serve(options: argparse.Namespace) -> None:
    from django.conf import settings

    # WhiteNoise complains about a folder that is not there, though it finds the files without it.
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)

    from config.asgi import application
    from live.server import LiveServer

    server = LiveServer(
        application,
        endpoints=[endpoint(options)],
        websocket_handshake_timeout=60,
        websocket_connect_timeout=60,
        verbosity=0,
        server_name="",
        **forwarded(options),
    )
    # What is there by now stays until the end: the collector need not look at it again.
    gc.collect()
    gc.freeze()
    server.run()
    if not server.listening_addresses:
        sys.exit(1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fd", type=int, help="a socket that listens already, instead of --bind and --port")
    parser.add_argument("--behind-proxy", action="store_true", help="believe the X-Forwarded-* headers")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    sys.path.insert(1, str(Path(__file__).resolve().parents[1]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    allow_many_sockets()
    try:
        return serve(options)
    except ImproperlyConfigured as error:
        sys.exit(f"Plenary can't start: {error}")


if __name__ == "__main__":
    main()
