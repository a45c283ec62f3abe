import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0003_the_stage")]

    operations = [
        migrations.AddField("poll", "struck", models.JSONField(default=list)),
        migrations.AddField(
            "poll", "since", models.DateTimeField(default=django.utils.timezone.now), preserve_default=False
        ),
    ]
