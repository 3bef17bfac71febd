"""The people who agreed to hear from the organization that somebody works for in a campaign: numbers, one person, a file.

What an organization sees here is the same whether the people of the campaign's other organizations are many, few or its own too.
"""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campaign.accounts.requests import SignedInRequest
from campaign.activity.queries import log_line
from campaign.campaigns.models import Campaign, TeamMember
from campaign.campaigns.queries import NewsQuestion, news_questions, share_tag
from campaign.campaigns.rules import can_handle_supporters, speaks_for_owner
from campaign.core.access import form_status, posted, require
from campaign.core.memory import remembered
from campaign.moderation.export import FileKind
from campaign.moderation.forms.supporters import FindForm, SupportersExportForm
from campaign.moderation.queries import handled_supporters
from campaign.moderation.rules import can_see_supporters
from campaign.moderation.services import (
    NobodyAgreed,
    TooManyForASheet,
    export_supporters,
    look_up_supporter,
)
from campaign.moderation.views.export import file_of, own_place
from campaign.organizations.models import Organization
from campaign.petitions.models import Petition, Supporter
from campaign.petitions.queries import with_totals
from campaign.petitions.supporters import (
    coarse,
    joint_reach,
    supporter_total,
    supporters_by_country,
    supporters_by_petition,
    supporters_by_week,
)

PETITIONS_A_PAGE = 20
REACH_SECONDS = 60


@dataclass(frozen=True)
class Place:
    """What somebody sees: the people of one organization in one campaign."""

    campaign: Campaign
    organization: Organization
    member: TeamMember

    @property
    def whose(self) -> dict[str, Any]:
        return {"organization": self.organization, "campaign": self.campaign}

    @property
    def can_handle(self) -> bool:
        return can_handle_supporters(self.member, self.campaign)


def _place(request: SignedInRequest, slug: str) -> Place:
    campaign = get_object_or_404(Campaign.objects.select_related("owner"), slug=slug)
    member, organization = own_place(request, campaign)
    require(can_see_supporters(member))
    return Place(campaign, organization, member)


def _petitions(campaign: Campaign) -> QuerySet[Petition]:
    """Those that were ever open: nobody has signed the others."""
    return Petition.objects.filter(campaign=campaign, opened_at__isnull=False)


@never_cache
@login_required
@require_safe
def supporters(request: SignedInRequest, slug: str) -> HttpResponse:
    return _page(request, _place(request, slug), FindForm())


@never_cache
@login_required
@require_POST
def supporters_find(request: SignedInRequest, slug: str) -> HttpResponse:
    """Look for one address among the organization's own people. It is posted: an address of a page holds nobody's."""
    place = _place(request, slug)
    require(place.can_handle)
    form = FindForm(request.POST)
    found = None
    if form.is_valid():
        address = form.cleaned_data["email"]
        found = look_up_supporter(**place.whose, address=address, by=request.user, at=timezone.now())
    return _page(request, place, form, found=found)


def _page(
    request: SignedInRequest, place: Place, form: FindForm, *, found: list[Supporter] | None = None
) -> HttpResponse:
    """The numbers; `found`: what there is of the person looked for, None while nobody is."""
    campaign = place.campaign
    rows = with_totals(_petitions(campaign)).order_by("-signature_total", "pk")
    page = Paginator(rows, PETITIONS_A_PAGE).get_page(request.GET.get("page"))
    petitions = list(page.object_list)
    agreed = supporters_by_petition(**place.whose, petition_ids=[petition.pk for petition in petitions])
    context = {
        "campaign": campaign,
        "organization": place.organization,
        "total": supporter_total(**place.whose),
        "reach": coarse(_reach(campaign)),
        "page": page,
        "petitions": [(petition, agreed.get(petition.pk, 0)) for petition in petitions],
        "countries": supporters_by_country(**place.whose),
        "weeks": supporters_by_week(**place.whose, at=timezone.now()),
        "questions": _questions(request, place),
        "tag": share_tag(place.organization),
        "can_handle": place.can_handle,
        "form": form,
        "found": found,
        "acts": [log_line(row) for row in handled_supporters(organization_id=place.organization.pk)],
    }
    return render(request, "moderation/supporters.html", context, status=form_status(form))


def _reach(campaign: Campaign) -> int:
    key = f"reach:{campaign.pk.hex}"
    reach = remembered(key, lambda: joint_reach(campaign=campaign), seconds=REACH_SECONDS)
    return reach or 0


def _questions(request: SignedInRequest, place: Place) -> list[NewsQuestion]:
    """Whether signers are asked for the organization's news, where that is the visitor's to say; else nothing."""
    of_owner = speaks_for_owner(request.user, place.campaign)
    questions = news_questions(campaign=place.campaign, user=request.user, of_owner=of_owner)
    return [question for question in questions if question.organization.pk == place.organization.pk]


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def supporters_export(request: SignedInRequest, slug: str) -> HttpResponseBase:
    """The organization's own people of the whole campaign, each once, or of one petition."""
    place = _place(request, slug)
    require(place.can_handle)
    petitions = _petitions(place.campaign).order_by("title", "pk")
    form = SupportersExportForm(posted(request), petitions=petitions)
    if request.method == "POST" and form.is_valid():
        data, kind = form.cleaned_data, FileKind(form.cleaned_data["kind"])
        try:
            whom = export_supporters(
                **place.whose,
                petition=data["petition"],
                kind=kind,
                use=data["use"],
                by=request.user,
                at=timezone.now(),
            )
        except NobodyAgreed as error:
            form.add_error("petition", str(error))
        except TooManyForASheet as error:
            form.add_error("kind", str(error))
        else:
            return file_of(whom, kind)
    context = {
        "campaign": place.campaign,
        "organization": place.organization,
        "form": form,
        "total": supporter_total(**place.whose),
    }
    return render(request, "moderation/supporters_export.html", context, status=form_status(form))
