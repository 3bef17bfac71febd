"""What is taken as a logo, how it is drawn anew, where it is shown."""

import struct
import zlib
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image, PngImagePlugin

from campaign.organizations import logos
from campaign.organizations.logos import LogoRefused, digest_in, digest_of, draw_logo, stored_logo
from campaign.organizations.models import Inclusion
from campaign.organizations.services import confirm_endorsement, remove_logo, set_logo
from tests.factories.accounts import UserFactory
from tests.factories.documents import FrozenTextFactory
from tests.factories.organizations import EndorsementFactory, MembershipFactory, OrganizationFactory

NOW = timezone.now()


def picture(kind="PNG", size=(1600, 800), mode="RGB", color="#ac1e09", **options):
    out = BytesIO()
    Image.new(mode, size, color).save(out, kind, **options)
    return out.getvalue()


def drawn(content):
    return draw_logo(BytesIO(content))


def opened(content):
    return Image.open(BytesIO(content))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_picture_is_drawn_as_png_within_bounds(kind):
    logo = drawn(picture(kind))

    large, small = opened(logo.large), opened(logo.small)
    assert (large.format, large.size) == ("PNG", (1200, 600))
    assert (small.format, small.size) == ("PNG", (400, 200))


def test_small_picture_is_not_blown_up():
    assert opened(drawn(picture(size=(90, 60))).large).size == (90, 60)


def test_metadata_is_gone():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "Ada Secret")
    exif = Image.Exif()
    exif[0x9286] = "Taken at home by Ada Secret"
    for content in (picture(pnginfo=notes), picture("JPEG", exif=exif)):
        assert b"Secret" in content

        logo = drawn(content)

        assert b"Secret" not in logo.large + logo.small
        assert opened(logo.large).info == {}


def test_turned_photograph_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6

    assert opened(drawn(picture("JPEG", size=(300, 100), exif=exif)).large).size == (100, 300)


@pytest.mark.parametrize(("mode", "color"), [("RGBA", (10, 20, 30, 0)), ("LA", (10, 0))])
def test_transparency_is_kept(mode, color):
    large = opened(drawn(picture(size=(40, 40), mode=mode, color=color)).large)

    assert large.mode == "RGBA"
    assert large.getpixel((5, 5))[3] == 0


def test_palette_with_a_transparent_color_keeps_it():
    palette = Image.new("P", (40, 40), 0)
    palette.putpalette([255, 0, 0, 0, 0, 255])
    out = BytesIO()
    palette.save(out, "PNG", transparency=0)

    assert opened(drawn(out.getvalue()).large).getpixel((5, 5))[3] == 0


def test_sixteen_bits_of_gray_are_scaled_and_not_cut_off():
    assert opened(drawn(picture(size=(10, 10), mode="I;16", color=32_896)).large).getpixel((1, 1)) == (
        128,
        128,
        128,
    )


def test_print_colors_become_screen_colors():
    assert opened(drawn(picture("JPEG", size=(20, 20), mode="CMYK", color=(0, 0, 0, 0))).large).mode == "RGB"


def test_animation_is_refused():
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "blue")]
    for kind in ("PNG", "WEBP"):
        out = BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])

        with pytest.raises(LogoRefused, match="moves"):
            drawn(out.getvalue())


def test_drawing_is_refused_and_told_what_to_save():
    for content in (
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?>\n<!-- x --><SVG></SVG>',
    ):
        with pytest.raises(LogoRefused, match="export it as PNG"):
            drawn(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", picture()[:200], picture("GIF"), picture("TIFF"), b"%PDF-1.7", b"\x89PNG\r\n\x1a\n"],
)
def test_what_is_no_such_picture_is_refused(content):
    with pytest.raises(LogoRefused, match="not a PNG, JPEG or WebP"):
        drawn(content)


def test_file_that_is_too_heavy_is_refused():
    with pytest.raises(LogoRefused, match="larger than 4 MB"):
        drawn(picture() + bytes(4_000_001))


@pytest.mark.parametrize("size", [(6_001, 10), (10, 6_001), (5_000, 5_000)])
def test_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("unpacked"))

    with pytest.raises(LogoRefused, match="too many pixels"):
        drawn(bomb(*size))


def bomb(width, height):
    """A PNG that says it is large and holds next to nothing."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    parts = (chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(bytes(99))), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_picture_that_is_cut_short_is_refused():
    with pytest.raises(LogoRefused, match="damaged"):
        drawn(bomb(4_000, 4_000))


def test_stored_logo_is_what_its_digest_says():
    content = drawn(picture()).small
    name = logos.keep_logo(content)

    assert stored_logo(digest_in(name)) == content == stored_logo(digest_of(content))
    with default_storage.open(name, "wb") as file:
        file.write(b"something else")
    assert stored_logo(digest_in(name)) is None
    logos.forget_logo(name)
    logos.forget_logo(name)
    assert stored_logo(digest_in(name)) is None


@pytest.fixture
def membership(db):
    return MembershipFactory(role="editor")


def give(organization, uses=("web", "documents"), color="#ac1e09"):
    set_logo(
        organization=organization,
        drawn=drawn(picture(color=color)),
        uses=uses,
        by=UserFactory(),
        at=NOW,
    )
    organization.refresh_from_db()


@pytest.mark.sqlite
def test_logo_is_uploaded_shown_and_removed(client, membership, django_capture_on_commit_callbacks):
    organization = membership.organization
    address = reverse("organization_logo_edit", args=[organization.slug])
    client.force_login(membership.user)

    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"picture": SimpleUploadedFile("a.png", picture()), "uses": ["web"]})
    organization.refresh_from_db()
    client.logout()
    shown = client.get(reverse("organization_logo", args=[organization.slug]))
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert organization.logo_uses == ["web"]
    assert digest_of(shown.content) == digest_in(organization.logo.name)

    client.force_login(membership.user)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"remove": "1"})
    assert stored_logo(digest_of(shown.content)) is None
    assert client.get(reverse("organization_logo", args=[organization.slug])).status_code == 404


@pytest.mark.parametrize(("proven", "uses"), [(None, ["web"]), (NOW, ["documents"]), (NOW, [])])
def test_logo_without_consent_or_proof_is_404_for_strangers(client, membership, proven, uses):
    give(membership.organization, uses=uses)
    type(membership.organization).objects.update(proven_at=proven)
    address = reverse("organization_logo", args=[membership.organization.slug])

    assert client.get(address).status_code == 404
    client.force_login(membership.user)
    own = client.get(address)
    assert (own.status_code, own["Cache-Control"]) == (200, "private, no-store")


def test_logo_is_kept_for_long_only_by_its_digest(client, membership):
    give(membership.organization)
    address = reverse("organization_logo", args=[membership.organization.slug])
    digest = membership.organization.shown_logo

    assert client.get(address)["Cache-Control"] == "public, max-age=300"
    exact = client.get(f"{address}?size=small&v={digest[:12]}")
    assert "immutable" in exact["Cache-Control"]
    assert digest_of(exact.content) == digest


def test_logo_form_refuses_with_a_sentence_and_keeps_the_old_one(client, membership):
    give(membership.organization)
    client.force_login(membership.user)
    before = membership.organization.logo.name
    address = reverse("organization_logo_edit", args=[membership.organization.slug])

    answer = client.post(address, {"picture": SimpleUploadedFile("a.svg", b"<svg/>"), "uses": ["web"]})

    assert answer.status_code == 422
    assert "export it as PNG" in answer.context["form"].errors["picture"][0]
    membership.organization.refresh_from_db()
    assert membership.organization.logo.name == before


def test_logo_form_without_a_picture_changes_the_consent_alone(client, membership):
    give(membership.organization, uses=["web", "documents"])
    client.force_login(membership.user)

    client.post(reverse("organization_logo_edit", args=[membership.organization.slug]), {})

    before = membership.organization.logo.name
    membership.organization.refresh_from_db()
    assert (membership.organization.logo.name, membership.organization.logo_uses) == (before, [])


def test_same_picture_of_two_stays_while_one_has_it(django_capture_on_commit_callbacks, db):
    one, two = OrganizationFactory.create_batch(2)
    give(one)
    give(two)
    digest = one.shown_logo

    with django_capture_on_commit_callbacks(execute=True):
        remove_logo(organization=one, by=UserFactory(), at=NOW)
    assert stored_logo(digest) is not None

    with django_capture_on_commit_callbacks(execute=True):
        remove_logo(organization=two, by=UserFactory(), at=NOW)
    assert stored_logo(digest) is None


def test_small_logo_of_who_is_on_record_stays_for_documents(django_capture_on_commit_callbacks, db):
    endorsement = confirm_endorsement(endorsement=EndorsementFactory(stated_at=NOW), at=NOW)
    organization = endorsement.organization
    give(organization)
    record = FrozenTextFactory()
    Inclusion.objects.create(endorsement=endorsement, record=record, title="x", address="/", included_at=NOW)
    large, small = digest_in(organization.logo.name), organization.shown_logo

    with django_capture_on_commit_callbacks(execute=True):
        remove_logo(organization=organization, by=UserFactory(), at=NOW)

    assert stored_logo(large) is None
    assert stored_logo(small) is not None


@pytest.mark.parametrize(
    ("role", "status"), [(None, 404), ("viewer", 403), ("translator", 403), ("editor", 200)]
)
def test_logo_page_by_role(client, db, role, status):
    organization, user = OrganizationFactory(), UserFactory()
    if role:
        MembershipFactory(organization=organization, user=user, role=role)
    client.force_login(user)

    assert client.get(reverse("organization_logo_edit", args=[organization.slug])).status_code == status
