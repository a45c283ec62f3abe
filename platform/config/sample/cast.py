"""The people everybody meets: who they are, and what a visitor can try in their place."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from people.models import Person

S = Person.Stakeholder
DOMAIN = "example.org"  # kept free for examples: nobody real has an address there


class Part(NamedTuple):
    """One of the cast. `fields` are Person's."""

    name: str
    languages: str
    fields: dict


def part(name: str, gender: str, country: str, zone: str, languages: str, job: str, at: str, kind: str, **more) -> Part:
    fields = {"name": name, "gender": gender, "country": country, "zone": zone, "job_title": job, "organisation": at}
    return Part(name, languages, {**fields, "stakeholder": kind, **more})


CAST = {
    "ada": part(
        "Ada Ndiaye",
        "woman",
        "SN",
        "Africa/Dakar",
        "fr wo en",
        "City engineer",
        "City of Dakar",
        S.GOVERNMENT,
        bio="I keep pipes, meters and a spreadsheet that has outlived three mayors. Ask me about night flow.",
    ),
    "grace": part(
        "Grace Otieno",
        "woman",
        "KE",
        "Africa/Nairobi",
        "en sw",
        "Director of standards",
        "Water Services Regulatory Board, Kenya",
        S.GOVERNMENT,
        honorific="Dr",
        bio="Chairs sessions that end on time.",
    ),
    "linus": part(
        "Linus Heikkilä",
        "man",
        "FI",
        "Europe/Helsinki",
        "fi sv en",
        "Acoustics engineer",
        "City of Tampere, Finland",
        S.TECHNICAL,
        bio="Listens to hydrants.",
    ),
    "layla": part(
        "د. ليلى حدّاد",
        "woman",
        "JO",
        "Asia/Amman",
        "ar en fr",
        "Head of network analysis",
        "Irbid Water Laboratory",
        S.ACADEMIA,
        language="ar",
    ),
    "thabo": part(
        "Thabo Nkosi",
        "man",
        "ZA",
        "Africa/Johannesburg",
        "en",
        "Programme lead",
        "Federation of City Utilities, South Africa",
        S.PRIVATE_SECTOR,
    ),
    "meiling": part(
        "林美玲",
        "woman",
        "SG",
        "Asia/Singapore",
        "zh en",
        "Lecturer",
        "Open Water Lab",
        S.ACADEMIA,
        honorific="Prof.",
    ),
    "ines": part(
        "Inês Carvalho",
        "woman",
        "PT",
        "Europe/Lisbon",
        "pt en fr",
        "Head of open data",
        "City of Lisbon",
        S.GOVERNMENT,
        bio="Looking for cities that publish what their sensors say, and for whoever pays for it afterwards.",
    ),
    "aiko": part(
        "Aiko Mori",
        "woman",
        "JP",
        "Asia/Tokyo",
        "ja en",
        "Programme officer",
        "Smart Cities Network",
        S.INTERNATIONAL,
    ),
    "mallory": part(
        "Mallory Quill",
        "",
        "",
        "UTC",
        "en",
        "",
        "",
        "",
        bio="Belongs to no group and tries every door.",
    ),
    "olga": part(
        "Olga Sandoval",
        "woman",
        "CR",
        "America/Costa_Rica",
        "es en fr",
        "Head of programme",
        "Forum secretariat",
        S.INTERNATIONAL,
        is_staff=True,
        is_superuser=True,
    ),
    "kofi": part(
        "Kofi Asante-Boateng",
        "man",
        "GH",
        "Africa/Accra",
        "en fr",
        "Mayor",
        "City of Sekondi",
        S.GOVERNMENT,
        honorific="H.W. the Mayor",
    ),
    "emebet": part(
        "Emebet Tesfaye",
        "woman",
        "ET",
        "Africa/Addis_Ababa",
        "am en",
        "Hydrologist",
        "Awash Basin Authority",
        S.GOVERNMENT,
    ),
    "thuha": part(
        "Nguyễn Thu Hà",
        "woman",
        "VN",
        "Asia/Ho_Chi_Minh",
        "vi en",
        "Journalist",
        "Delta Courier",
        S.MEDIA,
    ),
    "salma": part(
        "سلمى بن يوسف",
        "woman",
        "TN",
        "Africa/Tunis",
        "ar fr",
        "Coordinator",
        "Citizens for Water",
        S.CIVIL_SOCIETY,
        language="ar",
    ),
    "yulia": part(
        "Юлия Сергеева",
        "woman",
        "KZ",
        "Asia/Almaty",
        "ru kk",
        "Data analyst",
        "Almaty Water Works",
        S.PRIVATE_SECTOR,
    ),
    "sakura": part(
        "田中 さくら",
        "woman",
        "JP",
        "Asia/Tokyo",
        "ja zh en",
        "Student",
        "Kobe Institute of Technology",
        S.ACADEMIA,
    ),
    "ayesha": part(
        "Ayesha Rahman",
        "woman",
        "BD",
        "Asia/Dhaka",
        "bn en",
        "Doctoral student",
        "University of Khulna",
        S.ACADEMIA,
    ),
    "tania": part(
        "Tānia Matehaere",
        "woman",
        "NZ",
        "Pacific/Auckland",
        "en",
        "Trustee",
        "Valley Water Trust",
        S.CIVIL_SOCIETY,
    ),
    "jose": part(
        "María José Quispe",
        "woman",
        "PE",
        "America/Lima",
        "es en",
        "Vice-minister",
        "Ministry of Communications, Peru",
        S.GOVERNMENT,
        honorific="H.E.",
    ),
    "doyun": part(
        "김도윤",
        "man",
        "KR",
        "Asia/Seoul",
        "ko en",
        "Network planner",
        "Hanbit Networks",
        S.PRIVATE_SECTOR,
    ),
    "sione": part(
        "Sione Tuʻipulotu",
        "man",
        "TO",
        "Pacific/Tongatapu",
        "en",
        "Type designer",
        "Pacific Letters",
        S.TECHNICAL,
    ),
    "nayra": part(
        "Nayra Condori Mamani",
        "woman",
        "BO",
        "America/La_Paz",
        "es",
        "Teacher and software translator",
        "Red Aymara",
        S.CIVIL_SOCIETY,
    ),
    "jumoke": part(
        "Ọlájùmọ̀kẹ́ Adébáyọ̀",
        "woman",
        "NG",
        "Africa/Lagos",
        "yo en",
        "Procurement lawyer",
        "Open Contracts Lagos",
        S.CIVIL_SOCIETY,
    ),
    "zeynep": part(
        "Zeynep Yıldız",
        "woman",
        "TR",
        "Europe/Istanbul",
        "tr en",
        "Captioner",
        "Sözcü Captions",
        S.PRIVATE_SECTOR,
    ),
}

# Who is offered first to a visitor: key, what they do here, what to try, and which page of the flagship's room.
TRY = [
    ("ada", _("attending"), _("Ask a question, vote for others, and watch each step of your own."), "room"),
    (
        "grace",
        _("moderating"),
        _("Approve what waits, put questions next, and say which one is being answered."),
        "desk",
    ),
    (
        "linus",
        _("speaking, from Tampere"),
        _("See the question of the moment in large letters, and answer in writing."),
        "speaker",
    ),
    ("aiko", _("moderating beside Grace"), _("Open the desk in a second window: both see each other’s work."), "desk"),
    ("ines", _("attending"), _("A second voice from the audience, to ask and vote beside Ada."), "room"),
    ("layla", _("speaking, in Arabic"), _("The same pages from right to left."), "speaker"),
    ("kofi", _("a mayor"), _("Enter the mayors’ round table, which is closed to everybody else."), "mayors"),
    ("olga", _("organising"), _("Change the programme and invite people in the administration."), "admin"),
    ("mallory", _("from outside"), _("Try to enter what you may not."), "mayors"),
]


def address(key: str) -> str:
    return f"{key}@{DOMAIN}"
