"""Consultations as an Atom feed (RFC 4287), the newest first."""

from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaign.consultations.deadlines import wall_time_at
from campaign.consultations.models import Consultation
from campaign.core.cleaning import clean_line

SHOWN = 50


class ConsultationFeed(Feed):  # type: ignore[type-arg]  # not generic while it runs
    """Each with its deadline on the authority's clock. `updated` moves when the deadline does."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return _("Consultations on %(site)s") % {"site": settings.SITE_NAME}

    def subtitle(self) -> str:
        return _("Public consultations, and until when authorities take replies.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("consultation_list")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("consultation_feed")

    def feed_guid(self) -> str:
        return self.feed_url()

    def items(self) -> QuerySet[Consultation]:
        rows = Consultation.objects.select_related("authority", "calendar_entry")
        changed = Coalesce(F("calendar_entry__changed_at"), F("created_at"))
        return rows.annotate(changed_at=changed).order_by("-changed_at", "-pk")[:SHOWN]

    def item_title(self, item: Consultation) -> str:
        return clean_line(item.title)

    def item_description(self, item: Consultation) -> str:
        there = wall_time_at(item.closes_at, item.time_zone)
        return _("%(authority)s takes replies until %(moment)s (%(zone)s).") % {
            "authority": clean_line(item.authority.name),
            "moment": date_format(there, "DATETIME_FORMAT"),
            "zone": item.time_zone,
        }

    def item_link(self, item: Consultation) -> str:
        return settings.SITE_URL + reverse("consultation_detail", args=[item.slug])

    def item_guid(self, item: Consultation) -> str:
        return f"urn:uuid:{item.pk}"

    def item_pubdate(self, item: Consultation) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Consultation) -> datetime:
        changed: datetime = item.changed_at  # type: ignore[attr-defined]  # annotated above
        return changed
