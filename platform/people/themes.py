"""What everybody starts with: the Action Lines of WSIS, the goals of the 2030 Agenda, and languages.

The names are message ids of the catalogues, so the migration that writes them to the database reads them from here.
"""

from django.utils.text import slugify
from django.utils.translation import gettext_noop

ACTION_LINES = [
    (
        "C1",
        gettext_noop(
            "The role of public governance authorities and all stakeholders in the promotion of ICTs for development"
        ),
    ),
    ("C2", gettext_noop("Information and communication infrastructure")),
    ("C3", gettext_noop("Access to information and knowledge")),
    ("C4", gettext_noop("Capacity building")),
    ("C5", gettext_noop("Building confidence and security in the use of ICTs")),
    ("C6", gettext_noop("Enabling environment")),
    ("C7", gettext_noop("ICT applications: benefits in all aspects of life")),
    ("C8", gettext_noop("Cultural diversity and identity, linguistic diversity and local content")),
    ("C9", gettext_noop("Media")),
    ("C10", gettext_noop("Ethical dimensions of the Information Society")),
    ("C11", gettext_noop("International and regional cooperation")),
]
GOALS = [
    ("SDG1", gettext_noop("No poverty")),
    ("SDG2", gettext_noop("Zero hunger")),
    ("SDG3", gettext_noop("Good health and well-being")),
    ("SDG4", gettext_noop("Quality education")),
    ("SDG5", gettext_noop("Gender equality")),
    ("SDG6", gettext_noop("Clean water and sanitation")),
    ("SDG7", gettext_noop("Affordable and clean energy")),
    ("SDG8", gettext_noop("Decent work and economic growth")),
    ("SDG9", gettext_noop("Industry, innovation and infrastructure")),
    ("SDG10", gettext_noop("Reduced inequalities")),
    ("SDG11", gettext_noop("Sustainable cities and communities")),
    ("SDG12", gettext_noop("Responsible consumption and production")),
    ("SDG13", gettext_noop("Climate action")),
    ("SDG14", gettext_noop("Life below water")),
    ("SDG15", gettext_noop("Life on land")),
    ("SDG16", gettext_noop("Peace, justice and strong institutions")),
    ("SDG17", gettext_noop("Partnerships for the goals")),
]
LANGUAGES = {
    "am": "አማርኛ",
    "ar": "العربية",
    "bn": "বাংলা",
    "cs": "Čeština",
    "de": "Deutsch",
    "el": "Ελληνικά",
    "en": "English",
    "es": "Español",
    "fa": "فارسی",
    "fi": "Suomi",
    "fr": "Français",
    "ha": "Hausa",
    "he": "עברית",
    "hi": "हिन्दी",
    "hu": "Magyar",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "kk": "Қазақ тілі",
    "ko": "한국어",
    "ms": "Bahasa Melayu",
    "nl": "Nederlands",
    "pl": "Polski",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sv": "Svenska",
    "sw": "Kiswahili",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "uz": "Oʻzbekcha",
    "vi": "Tiếng Việt",
    "wo": "Wolof",
    "yo": "Yorùbá",
    "zh": "中文",
}


def seed(Theme, Language) -> None:
    """Write what is missing; models are passed in, so that a migration can hand over its own."""
    for kind, themes in (("action_line", ACTION_LINES), ("goal", GOALS)):
        for position, (code, name) in enumerate(themes, 1):
            Theme.objects.get_or_create(kind=kind, code=code, defaults={"name": name, "position": position})
    for code, name in LANGUAGES.items():
        Language.objects.get_or_create(code=code, defaults={"name": name})


def tag_code(name: str) -> str:
    """The code of a free tag, the same for every way to write it; empty if it has no letter or digit."""
    return slugify(name, allow_unicode=True)[:60]
