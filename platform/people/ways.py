from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address that came with a form leads to a page of this site, and not out of TLS."""
    return url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
