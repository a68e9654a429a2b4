"""The workbench as a Django app."""

from __future__ import annotations

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Label `workbench`; it keeps refused sign-ins and briefings, the study's rows are the store's."""

    name = "caselore.workbench"
    label = "workbench"
    verbose_name = "Workbench"
    default_auto_field = "django.db.models.BigAutoField"
