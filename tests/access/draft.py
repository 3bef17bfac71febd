"""Prints the lines of `matrix.txt` as the site answers now. It wants DJANGO_SETTINGS_MODULE=campaign.settings.test.

To be read, line by line: what the site does is not always what it should.
"""

import django

if __name__ == "__main__":
    django.setup()
    from django.db import connection, transaction
    from django.test.utils import setup_test_environment
    from django.urls import reverse

    from tests.access.test_matrix import status_of
    from tests.access.world import PEOPLE, make_world, routes

    setup_test_environment()
    connection.creation.create_test_db(verbosity=0)
    print(f"{'address':34} {'method':6} " + " ".join(f"{person:>10}" for person in PEOPLE))
    with transaction.atomic():
        world = make_world()
        for name, route, arguments in routes():
            address = reverse(name, kwargs=world.arguments_of(route, arguments))
            for method in ("get", "post"):
                found = [status_of(world, person, method, address) for person in PEOPLE]
                if set(found) - {405, 302} or set(found) == {302}:
                    print(f"{name:34} {method:6} " + " ".join(f"{status:>10}" for status in found))
