import factory
from django.utils import timezone

from campaign.campaigns.models import Authority, Campaign, CampaignPartner, Jurisdiction, TeamMember, TeamRole
from campaign.organizations.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.organizations import OrganizationFactory


class JurisdictionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Jurisdiction
        django_get_or_create = ("code",)

    code = "EU"
    name = "European Union"
    kind = "union"


class AuthorityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Authority

    slug = factory.Sequence(lambda n: f"authority-{n}")
    name = factory.Sequence(lambda n: f"Authority {n}")
    jurisdiction = factory.SubFactory(JurisdictionFactory)


class CampaignFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Campaign

    slug = factory.Sequence(lambda n: f"campaign-{n}")
    title = factory.Sequence(lambda n: f"Campaign {n}")
    summary = "What it is about."
    locale = "en"
    state = "published"
    owner = factory.SubFactory(OrganizationFactory)
    published_at = factory.LazyFunction(timezone.now)


class TeamMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TeamMember

        skip_postgeneration_save = True

    campaign = factory.SubFactory(CampaignFactory)
    user = factory.SubFactory(UserFactory)
    role = TeamRole.OWNER
    organization = factory.LazyAttribute(lambda row: row.campaign.owner)

    @factory.post_generation
    def membership(self, create, extracted, **kwargs):
        """The user is a member of the organization they work for: the owner, unless it is said. `extracted`: as what."""
        if create:
            Membership.objects.get_or_create(
                organization=self.organization, user=self.user, defaults={"role": extracted or "viewer"}
            )


class PartnerFactory(factory.django.DjangoModelFactory):
    """A partner that accepted, and asks signers for consent to its news."""

    class Meta:
        model = CampaignPartner

    campaign = factory.SubFactory(CampaignFactory)
    organization = factory.SubFactory(OrganizationFactory)
    invited_at = factory.LazyFunction(timezone.now)
    accepted_at = factory.LazyFunction(timezone.now)
    asks_news = True
