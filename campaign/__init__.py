"""Reclaim: a campaign platform that takes a demand from a signature to a filing."""

from campaign.celery import app as celery_app

__all__ = ["celery_app"]
