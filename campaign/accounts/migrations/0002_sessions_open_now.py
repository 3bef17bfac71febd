from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import migrations
from django.utils import timezone

UNKNOWN_ADDRESS = "::"


def list_sessions_open_now(apps, schema_editor):
    """Who is signed in already finds that session in the list, and can end it."""
    Session = apps.get_model("sessions", "Session")
    User = apps.get_model("accounts", "User")
    UserSession = apps.get_model("usersessions", "UserSession")
    now = timezone.now()
    for session in Session.objects.filter(expire_date__gt=now).iterator():
        user_id = SessionStore().decode(session.session_data).get(SESSION_KEY)
        if user_id and User.objects.filter(pk=user_id).exists():
            row = {"user_id": user_id, "ip": UNKNOWN_ADDRESS, "user_agent": ""}
            UserSession.objects.get_or_create(session_key=session.session_key, defaults=row)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_users"),
        ("sessions", "0001_initial"),
        ("usersessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(list_sessions_open_now, migrations.RunPython.noop)]
