"""Portraits: whatever was uploaded becomes a small square JPEG that carries nothing but the picture."""

import io

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

BYTES = 5 * 1024 * 1024
PIXELS = 50_000_000
SIDE = 512
FORMATS = ["JPEG", "PNG", "WEBP"]


def opened(upload) -> Image.Image:
    """The picture, recognised by its content and not yet decoded. Raises ValidationError."""
    try:
        picture = Image.open(upload, formats=FORMATS)
    except (OSError, ValueError, Image.DecompressionBombError):
        raise ValidationError(_("This is not a picture we can read. Please choose a JPEG, PNG or WebP file.")) from None
    if picture.width * picture.height > PIXELS:
        raise ValidationError(_("This picture has too many pixels. Please choose a smaller one."))
    return picture


def square(picture: Image.Image) -> Image.Image:
    """Upright, cut to its middle, transparent parts white."""
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    upright = ImageOps.fit(ImageOps.exif_transpose(picture).convert("RGBA"), (SIDE, SIDE))
    return Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright).convert("RGB")


def portrait(upload) -> ContentFile:
    """A JPEG of 512 by 512 pixels, made from an uploaded file. Raises ValidationError saying what is wrong with it."""
    if upload.size > BYTES:
        raise ValidationError(_("This picture is larger than 5 MB. Please choose a smaller one."))
    try:
        made = square(opened(upload))
    except (OSError, ValueError, SyntaxError):
        raise ValidationError(_("This picture is damaged. Please choose another one.")) from None
    written = io.BytesIO()
    made.save(written, "JPEG", quality=85, optimize=True)
    return ContentFile(written.getvalue(), name="portrait.jpg")
