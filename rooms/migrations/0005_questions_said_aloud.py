from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("rooms", "0004_polls")]

    operations = [
        migrations.AddField(model_name="question", name="aloud", field=models.BooleanField(default=False)),
    ]
