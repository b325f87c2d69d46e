"""What people can do and are licensed for: the codes that categories ask for, with their names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

SKILLS: Mapping[str, tuple[str, str]] = {
    "admin": ("代办服务", "paperwork"),
    "cable": ("线缆", "cables"),
    "care": ("照护", "care"),
    "cleaning": ("保洁", "cleaning"),
    "construction": ("建筑", "construction"),
    "electrician": ("电工", "electrician"),
    "enforcement": ("执法", "enforcement"),
    "fire": ("消防", "fire safety"),
    "gas": ("燃气", "gas"),
    "greening": ("绿化", "greening"),
    "hr": ("就业指导", "job advice"),
    "law": ("法律", "law"),
    "lift": ("电梯", "lifts"),
    "mediation": ("调解", "mediation"),
    "medical": ("医疗", "medicine"),
    "municipal": ("市政", "municipal works"),
    "organising": ("组织协调", "organising"),
    "plumber": ("水暖", "plumbing"),
    "police": ("治安", "policing"),
    "psych": ("心理疏导", "counselling"),
    "repair": ("维修", "repair"),
    "rescue": ("应急救援", "rescue"),
    "teaching": ("教学辅导", "teaching"),
    "traffic": ("交通", "traffic"),
}
"""Skills by code, in Chinese and English: those that the categories name (docs/domain.md §6.1)."""

CERTIFICATES: Mapping[str, tuple[str, str]] = {
    "low_voltage_electrician": ("低压电工作业证", "low-voltage electrician's certificate"),
}
"""Licences by code, in Chinese and English; electric work is refused without one (docs/domain.md §6.1)."""


@dataclass(frozen=True)
class Certificate:
    """A licence and the last day on which it is valid."""

    kind: str
    valid_until: date

    def valid_on(self, day: date) -> bool:
        """Whether it still counts on that day."""
        return day <= self.valid_until
