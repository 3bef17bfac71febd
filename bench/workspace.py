"""How long the page of a submission takes that many people work on.

Run by hand:   .venv/bin/python bench/workspace.py [questions]

It starts a PostgreSQL of its own (durable, as in production), puts a submission with 80 questions into it, unless told otherwise,
each answered, assigned, remarked on, kept in ten versions, and with own parts of three organizations, and times, the middle of
several tries, whole requests from the web server's side: the page of the submission, of one answer, of its versions, and of all
remarks. Nothing is cached between them.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "bench"))

TRIES = 9
LIMIT = 0.150  # seconds for the page of the submission
WORDS = "What is made from what belongs to everybody returns to everybody. " * 20


def filled(total: int) -> Any:
    """A submission of `total` questions with the work of a team on it, and one of the team."""
    from tests.factories.campaigns import PartnerFactory, TeamMemberFactory
    from tests.factories.consultations import (
        AnswerFactory,
        AnswerVersionFactory,
        AssignmentFactory,
        OwnPartFactory,
        QuestionFactory,
        RemarkFactory,
        RequirementFactory,
        SectionFactory,
        SourceFactory,
        SubmissionFactory,
    )

    member = TeamMemberFactory()
    submission = SubmissionFactory(campaign=member.campaign)
    RequirementFactory(consultation=submission.consultation, value=100_000)
    SourceFactory.create_batch(30, campaign=member.campaign)
    partners = [PartnerFactory(campaign=member.campaign).organization for _each in range(3)]
    section = SectionFactory(consultation=submission.consultation)
    for position in range(1, total + 1):
        question = QuestionFactory(
            consultation=submission.consultation, section=section, position=position, text=WORDS[:300]
        )
        answer = AnswerFactory(submission=submission, question=question, text=WORDS, version=10)
        for number in range(1, 11):
            AnswerVersionFactory(answer=answer, number=number, text=WORDS)
        AssignmentFactory(submission=submission, question=question, owner=member.user, status="review")
        RemarkFactory.create_batch(
            2, thread__submission=submission, thread__question=question, by=member.user
        )
        for organization in partners:
            OwnPartFactory(submission=submission, question=question, organization=organization)
    return submission, member.user


def middle(act: Callable[[], Any]) -> float:
    """The middle of several tries, after one to warm up."""
    act()
    took = []
    for _turn in range(TRIES):
        started = time.perf_counter()
        act()
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def measure(total: int) -> None:
    """Print the figures."""
    from django.test import Client
    from django.urls import reverse

    submission, person = filled(total)
    client = Client(headers={"host": "127.0.0.1", "x-forwarded-proto": "https"})
    client.force_login(person)
    pages = {
        "submission": reverse("submission_detail", args=[submission.pk]),
        "answer": reverse("answer_edit", args=[submission.pk, "1"]),
        "versions": reverse("answer_history", args=[submission.pk, "1"]),
        "own parts": reverse("own_parts", args=[submission.pk, "1"]),
        "all remarks": reverse("remark_list", args=[submission.pk]),
    }
    print(f"{total} questions")
    for name, address in pages.items():

        def load(address: str = address) -> None:
            answer = client.get(address, secure=True)
            assert answer.status_code == 200, answer.status_code

        took = middle(load)
        over = "  OVER THE LIMIT" if name == "submission" and took > LIMIT else ""
        print(f"  {name:12} {took * 1000:6.0f} ms{over}")


def main() -> None:
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 80
    from servers import databases

    with databases() as environment:
        os.environ.update(environment)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        measure(total)


if __name__ == "__main__":
    main()
