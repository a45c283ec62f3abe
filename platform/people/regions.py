"""The five regional groups of the United Nations, and which of them each country and territory counts with.

Members as the Department for General Assembly and Conference Management lists them. Türkiye and Israel count where they
stand for election, the United States with the group whose meetings they attend, the Holy See and the State of Palestine
with the groups they observe. Territories that are no members count with their neighbours (regions of UN M49).
Antarctica has no group.
"""

from django.utils.translation import gettext_lazy as _

NAMES = {
    "africa": _("African States"),
    "asia_pacific": _("Asia-Pacific States"),
    "eastern_europe": _("Eastern European States"),
    "latin_america": _("Latin American and Caribbean States"),
    "western_europe": _("Western European and other States"),
}
MEMBERS = {
    "africa": """
        DZ AO BJ BW BF BI CV CM CF TD KM CG CI CD DJ EG GQ ER SZ ET GA GM GH GN GW KE LS LR LY MG MW ML MR MU MA MZ NA
        NE NG RW ST SN SC SL SO ZA SS SD TG TN UG TZ ZM ZW""",
    "asia_pacific": """
        AF BH BD BT BN KH CN CY KP FJ IN ID IR IQ JP JO KZ KI KW KG LA LB MY MV MH FM MN MM NR NP OM PK PW PG PH QA KR
        WS SA SG SB LK SY TJ TH TL TO TM TV AE UZ VU VN YE""",
    "eastern_europe": "AL AM AZ BY BA BG HR CZ EE GE HU LV LT ME MK PL MD RO RU RS SK SI UA",
    "latin_america": """
        AG AR BS BB BZ BO BR CL CO CR CU DM DO EC SV GD GT GY HT HN JM MX NI PA PY PE KN LC VC SR TT UY VE""",
    "western_europe": """
        AD AU AT BE CA DK FI FR DE GR IS IE IL IT LI LU MT MC NL NZ NO PT SM ES SE CH TR GB US""",
}
BESIDE = {
    "africa": "EH IO RE SH TF YT",
    "asia_pacific": "AS CC CK CX GU HK HM MO MP NC NF NU PF PN PS TK TW UM WF",
    "latin_america": "AI AW BL BQ BV CW FK GF GP GS KY MF MQ MS PR SX TC VG VI",
    "western_europe": "AX BM FO GG GI GL IM JE PM SJ VA",
}
_OF = {code: region for table in (MEMBERS, BESIDE) for region, codes in table.items() for code in codes.split()}


def of(country: str) -> str:
    """The group's code ("africa", …) for a country's two letters; "" without one."""
    return _OF.get(country, "")


def name(region: str) -> str:
    """In the reader's language."""
    return str(NAMES[region]) if region else ""
