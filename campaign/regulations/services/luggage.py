"""What provisions of a model need to stand in an adaptation: open values, their options, alternatives."""

from __future__ import annotations

from dataclasses import asdict

from campaign.regulations.defaults import adapted_variables
from campaign.regulations.following_rows import variables_used
from campaign.regulations.models import ChoiceGroup, Edition, Variable
from campaign.regulations.queries import edition_text
from campaign.regulations.services.ordering import next_position
from campaign.regulations.tree import Unit


class Luggage:
    """Brings along into a locked draft what provisions of the model's newer edition use and the draft lacks.

    `brought` names what came, as people know it.
    """

    def __init__(self, draft: Edition, newer: Edition) -> None:
        model, place = edition_text(edition=newer), draft.template.jurisdiction
        self.draft = draft
        self.specs = adapted_variables(model, place.code if place else "")
        self.groups = model.choices
        self.variables = {row.name: row for row in draft.variables.all()}
        self.choices = set(draft.choice_groups.values_list("name", flat=True))
        self.brought: list[str] = []

    def bring(self, unit: Unit) -> None:
        """All that one provision uses."""
        used = variables_used(unit)
        for name, spec in self.specs.items():
            if name in used and name not in self.variables:
                position = next_position(self.draft.variables.all())
                row = Variable.objects.create(edition=self.draft, position=position, **asdict(spec))
                self.variables[name] = row
                self.brought.append(row.label)
        for condition in (*unit.needs, *unit.excludes):
            self._bring_option(*condition.partition("=")[::2])
        self._bring_choice(unit.choice)

    def _bring_option(self, name: str, key: str) -> None:
        """An option that a condition asks for, of a value that the draft has without it."""
        if not key or name not in self.specs or name not in self.variables:
            return
        row = self.variables[name]
        option = next((each for each in self.specs[name].options if each.key == key), None)
        if option is None or not row.options or key in {each["key"] for each in row.options}:
            return
        row.options = [*row.options, asdict(option)]
        row.save(update_fields=["options"])
        self.brought.append(f"{row.label}: {option.label}")

    def _bring_choice(self, name: str) -> None:
        if not name or name in self.choices or name not in self.groups:
            return
        position = next_position(self.draft.choice_groups.all())
        group = self.groups[name]
        ChoiceGroup.objects.create(edition=self.draft, position=position, **asdict(group))
        self.choices.add(name)
        self.brought.append(group.label)
