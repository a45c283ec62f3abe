from django.db import migrations

from people import themes


def seed(apps, _editor):
    themes.seed(apps.get_model("people", "Theme"), apps.get_model("people", "Language"))


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop, elidable=False)]
