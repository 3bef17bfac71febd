import factory
from allauth.account.models import EmailAddress

from campaign.accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"user-{n}@example.org")
    name = factory.Sequence(lambda n: f"User {n}")

    @factory.post_generation
    def verified_address(self, create, extracted, **kwargs):
        if create:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)
