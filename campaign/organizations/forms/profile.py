"""What people type about organizations."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from campaign.core.forms import LineField, TextField, keep_typed
from campaign.core.locales import content_locales
from campaign.organizations.domains import website_domain
from campaign.organizations.logos import DrawnLogo, LogoRefused, draw_logo
from campaign.organizations.models import LogoUse, Organization, OrganizationKind, Register
from campaign.organizations.regions import countries_by_region
from campaign.organizations.registers import LONGEST, NumberLooksWrong, search_address, stored_number
from campaign.organizations.services import OrganizationData, ProfileData, RegistrationData

MOST_REGISTRATIONS = 20
EMPTY_ROWS = 2  # to fill; saving gives two more
EMPTY_NAMES = 3
ROW = ("register", "number", "register_name")


class OrganizationForm(forms.Form):
    legal_name = LineField(label=_("Legal name"), max_length=200)
    display_name = LineField(
        label=_("Name to show"), max_length=120, help_text=_("As it should stand in public lists.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", "—"), *OrganizationKind.choices])
    country = forms.ChoiceField(label=_("Country of seat"))
    website = forms.URLField(
        label=_("Website"),
        max_length=200,
        assume_scheme="https",
        help_text=_("On its own domain, for example https://example.org"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "—"), *countries]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if not website_domain(website):
            raise forms.ValidationError(
                _("This address has no domain of its own. Write it like https://example.org")
            )
        return website

    def organization_data(self) -> OrganizationData:
        data = self.cleaned_data
        return OrganizationData(
            legal_name=data["legal_name"],
            display_name=data["display_name"],
            kind=data["kind"],
            country=data["country"],
            website=data["website"],
        )


class RegistersForm(forms.Form):
    """Numbers in registers, a row for each: its three fields end in the row's number."""

    def add_rows(self, stated: list[dict[str, str]], *, empty: int = EMPTY_ROWS) -> None:
        """Fields for what is stated, and `empty` ones. A form that was sent has as many rows as were on its page."""
        count = min(len(stated) + empty, MOST_REGISTRATIONS)
        if self.is_bound:
            sent = (name.removeprefix("number_") for name in self.data if name.startswith("number_"))
            count = min(max((int(n) + 1 for n in sent if n.isdecimal()), default=count), MOST_REGISTRATIONS)
        self.row_count = count
        for place in range(count):
            row = stated[place] if place < len(stated) else {}
            self.fields[f"register_{place}"] = forms.ChoiceField(
                label=_("Register"),
                choices=[("", "—"), *Register.choices],
                required=False,
                initial=row.get("register", ""),
            )
            self.fields[f"number_{place}"] = LineField(
                label=_("Number"), max_length=LONGEST + 20, required=False, initial=row.get("number", "")
            )
            self.fields[f"register_name_{place}"] = LineField(
                label=_("Name of the register"),
                max_length=120,
                required=False,
                help_text=_("For a register that is not in the list."),
                initial=row.get("register_name", ""),
            )

    def register_rows(self) -> Iterator[dict[str, BoundField | str]]:
        """The rows as a template draws them, with the address where the register can be searched."""
        for place in range(self.row_count):
            chosen = str(self[f"register_{place}"].value() or "")
            yield {
                "register": self[f"register_{place}"],
                "number": self[f"number_{place}"],
                "name": self[f"register_name_{place}"],
                "search": search_address(chosen) if chosen in Register.values else "",
            }

    def registrations(self) -> list[RegistrationData]:
        """Those with a number, each once. Call after `clean_registrations`."""
        return list(self.found.values())

    def clean_registrations(self) -> None:
        self.found: dict[str, RegistrationData] = {}
        for place in range(self.row_count):
            register, number, name = (
                self.cleaned_data.get(f"{field}_{place}", "")
                for field in ("register", "number", "register_name")
            )
            if not number:
                continue
            if not register:
                self.add_error(f"register_{place}", _("Choose the register that this number is of."))
            elif register == Register.OTHER and not name:
                self.add_error(f"register_name_{place}", _("Write the name of the register."))
            else:
                self._add_number(place, register, number, name if register == Register.OTHER else "")

    def _add_number(self, place: int, register: str, number: str, name: str) -> None:
        try:
            row = RegistrationData(register, stored_number(register, number), name)
        except NumberLooksWrong as error:
            self.add_error(f"number_{place}", str(error))
            return
        if row.key in self.found:
            self.add_error(f"number_{place}", _("This number stands here twice. Remove one of them."))
        self.found[row.key] = row


class FoundForm(RegistersForm, OrganizationForm):
    """To add an organization. `go_on` is asked for where another one has the same name."""

    go_on = forms.BooleanField(
        label=_("This is another organization with the same name."), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["website"].help_text = _(
            "Best on its own domain, for example https://example.org. Without one, a document has to show who may sign."
        )
        self.add_rows([], empty=1)

    def clean_website(self) -> str:
        """Without a domain of its own too: then a document has to show who may sign."""
        website: str = self.cleaned_data["website"]
        return website

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.clean_registrations()
        return data

    def ask_to_go_on(self) -> None:
        """Show the box by which a person says that it is another one."""
        self.fields["go_on"].widget = forms.CheckboxInput()

    def organization_data(self) -> OrganizationData:
        data = self.cleaned_data
        return OrganizationData(
            legal_name=data["legal_name"],
            display_name=data["display_name"],
            kind=data["kind"],
            country=data["country"],
            website=data["website"],
            registrations=self.registrations(),
        )


class CountriesWidget(forms.CheckboxSelectMultiple):
    """All countries as boxes to tick, by region; typing narrows them down where there is JavaScript."""

    template_name = "organizations/_profile_countries.html"

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        ticked = {str(each) for each in value or ()}
        context["ticked"] = [label for code, label in countries if code in ticked]
        return context


class ProfileForm(RegistersForm, OrganizationForm):
    """What an organization says of itself. `seen` is the version of the profile that the page showed."""

    acronym = LineField(label=_("Acronym"), max_length=24, required=False)
    seat_region = LineField(label=_("Region or city of seat"), max_length=120, required=False)
    active_in = forms.MultipleChoiceField(
        label=_("Countries of activity"), required=False, widget=CountriesWidget
    )
    locale = forms.ChoiceField(
        label=_("Language for mail"),
        help_text=_("What this site writes to the organization is in this language."),
    )
    about = TextField(
        label=_("What it does"),
        max_length=1_000,
        required=False,
        help_text=_("A few sentences for its public page, at most 1,000 characters."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    needs_second_person = forms.BooleanField(
        label=_("A second owner approves whatever is signed in its name."),
        required=False,
        help_text=_("Until then nothing that was signed is shown or filed."),
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=40)

    field_order = [
        *("legal_name", "display_name", "acronym", "kind", "about", "website"),
        *("country", "seat_region", "active_in", "locale", "needs_second_person"),
    ]

    def __init__(self, *args: Any, organization: Organization, is_owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        rows = organization.registrations.order_by("register", "number")
        self.add_rows([{name: getattr(row, name) for name in ROW} for row in rows])
        self.fields["active_in"].choices = countries_by_region(get_language() or "en")  # type: ignore[attr-defined]
        self.fields["locale"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        if organization.proven_at and organization.domain:
            told = _("It stays on %(domain)s, the domain that was proven. Its path may change.")
            self.fields["website"].help_text = told % {"domain": organization.domain}
        if not is_owner:
            del self.fields["needs_second_person"]

    @staticmethod
    def initial_of(organization: Organization, *, seen: str) -> dict[str, Any]:
        names = (
            *(
                "legal_name",
                "display_name",
                "acronym",
                "kind",
                "country",
                "seat_region",
                "active_in",
                "website",
            ),
            *("locale", "about", "needs_second_person"),
        )
        return {"seen": seen, **{name: getattr(organization, name) for name in names}}

    def show_again(self, *, seen: str) -> None:
        """Keep what was typed; the next save is one that knows the version `seen`."""
        keep_typed(self, seen=seen)

    def clean_website(self) -> str:
        # One without a domain of its own has proven its mandate by a document, and may stay where it is.
        if not self.organization.domain and not website_domain(self.cleaned_data["website"]):
            website: str = self.cleaned_data["website"]
            return website
        return super().clean_website()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.clean_registrations()
        return data

    def profile_data(self) -> ProfileData:
        data = self.cleaned_data
        return ProfileData(
            legal_name=data["legal_name"],
            display_name=data["display_name"],
            acronym=data["acronym"],
            kind=data["kind"],
            country=data["country"],
            seat_region=data["seat_region"],
            active_in=sorted(data["active_in"]),
            website=data["website"],
            locale=data["locale"],
            about=data["about"],
            registrations=self.registrations(),
            needs_second_person=data.get("needs_second_person"),
        )


class NamesForm(forms.Form):
    """What an organization calls itself in other languages, a row for each."""

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stated = sorted(names.items())
        self.row_count = len(stated) + EMPTY_NAMES
        if self.is_bound:
            sent = (name.removeprefix("name_") for name in self.data if name.startswith("name_"))
            self.row_count = min(max((int(n) + 1 for n in sent if n.isdecimal()), default=0), 100)
        for place in range(self.row_count):
            locale, name = stated[place] if place < len(stated) else ("", "")
            self.fields[f"locale_{place}"] = forms.ChoiceField(
                label=_("Language"),
                choices=[("", "—"), *content_locales()],
                required=False,
                initial=locale,
            )
            self.fields[f"name_{place}"] = LineField(
                label=_("Name"),
                max_length=120,
                required=False,
                initial=name,
                widget=forms.TextInput(attrs={"dir": "auto"}),
            )

    def name_rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        for place in range(self.row_count):
            yield self[f"locale_{place}"], self[f"name_{place}"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.found: dict[str, str] = {}
        for place in range(self.row_count):
            locale, name = data.get(f"locale_{place}", ""), data.get(f"name_{place}", "")
            if not name:
                continue
            if not locale and f"locale_{place}" not in self.errors:
                self.add_error(f"locale_{place}", _("Choose the language of this name."))
            elif locale in self.found:
                self.add_error(f"locale_{place}", _("There is a name in this language already."))
            elif locale:
                self.found[locale] = name
        return data


class LogoForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"),
        required=False,
        help_text=_("PNG, JPEG or WebP, at most 4 MB. A transparent background stays transparent."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    uses = forms.MultipleChoiceField(
        label=_("The organization lets this site show it"),
        choices=LogoUse.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where nothing is ticked, its name stands there alone."),
    )

    def __init__(self, *args: Any, has_logo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_logo = has_logo
        self.drawn: DrawnLogo | None = None

    def clean_picture(self) -> Any:
        file = self.cleaned_data["picture"]
        if file is None and not self.has_logo:
            raise forms.ValidationError(_("Choose the picture of the logo."))
        if file is not None:
            try:
                self.drawn = draw_logo(file)
            except LogoRefused as error:
                raise forms.ValidationError(str(error)) from None
        return file
