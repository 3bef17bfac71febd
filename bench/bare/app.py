"""The least a Django site can do for the same work: what our figures are measured against.

POST /insert   one INSERT into a table with a unique (petition, address), then a redirect
GET /page      a page from a template and one counter row

No middleware, no translation, no encryption, no mail. `BENCH_DATABASE_URL` says where; `python app.py init` makes the tables.
"""

import os
import sys
from pathlib import Path

import django
import environs
from django.conf import settings

settings.configure(
    DEBUG=False,
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_I18N=False,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {**environs.Env().dj_db_url("BENCH_DATABASE_URL"), "CONN_MAX_AGE": None}},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [Path(__file__).parent / "templates"],
        }
    ],
)
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402  settings come first
from django.db import IntegrityError, connection, models  # noqa: E402
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect  # noqa: E402
from django.template.loader import render_to_string  # noqa: E402
from django.urls import path  # noqa: E402


class Row(models.Model):
    petition_id = models.IntegerField()
    name = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    country = models.CharField(max_length=2)
    confirmed = models.BooleanField(default=False)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bare"
        db_table = "bare_signature"
        constraints = [models.UniqueConstraint(fields=["petition_id", "email"], name="bare_once")]


PETITION = {
    "title": "Save the lime trees of Station Road",
    "paragraphs": ["The works would remove forty mature lime trees and put parking in their place. " * 4] * 6,
    "fields": [("name", "Name", "text"), ("email", "E-mail", "email"), ("country", "Country", "text")],
    "organizations": [f"Organization {number}" for number in range(20)],
}


def insert(request: HttpRequest) -> HttpResponse:
    typed = request.POST
    try:
        Row.objects.create(
            petition_id=1, name=typed["name"], email=typed["email"].lower(), country=typed["country"]
        )
    except IntegrityError:
        return HttpResponse("twice", status=409)
    return HttpResponseRedirect("/page")


def page(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT counted FROM bare_counter WHERE petition_id = 1")
        count = cursor.fetchone()[0]
    return HttpResponse(render_to_string("petition.html", {"petition": PETITION, "count": count}))


urlpatterns = [path("insert", insert), path("page", page)]
application = WSGIHandler()

if __name__ == "__main__" and sys.argv[1:] == ["init"]:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_counter, bare_signature")
        cursor.execute("CREATE TABLE bare_counter (petition_id int PRIMARY KEY, counted bigint)")
        cursor.execute("INSERT INTO bare_counter VALUES (1, 123456)")
    with connection.schema_editor() as editor:
        editor.create_model(Row)
    os._exit(0)
