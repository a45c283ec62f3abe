"""What a page may ask of the device it is shown on: nothing, unless its view says otherwise."""

POLICY = "camera=(), microphone=(), display-capture=(), geolocation=(), payment=(), usb=()"


class PermissionsPolicy:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response
