"""Who was in a team works for the campaign's owner, if a member there; else for the first partner of theirs that accepted."""

from typing import Any

from django.db import migrations


def place(apps: Any, schema_editor: Any) -> None:
    members = apps.get_model("campaigns", "TeamMember").objects.filter(organization=None)
    partners = apps.get_model("campaigns", "CampaignPartner").objects.filter(accepted_at__isnull=False)
    memberships = apps.get_model("organizations", "Membership").objects
    for member in members.select_related("campaign").order_by("pk").iterator(chunk_size=200):
        accepted = partners.filter(campaign=member.campaign_id).order_by("accepted_at", "pk")
        carrying = [member.campaign.owner_id, *accepted.values_list("organization_id", flat=True)]
        theirs = set(
            memberships.filter(user=member.user_id, organization__in=carrying).values_list(
                "organization_id", flat=True
            )
        )
        found = next((organization for organization in carrying if organization in theirs), None)
        if found is not None:
            members.model.objects.filter(pk=member.pk).update(organization=found)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_people_of_one_organization")]
    operations = [migrations.RunPython(place, migrations.RunPython.noop)]
