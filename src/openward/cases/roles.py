"""Roles, and what each may do: as little as its work needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from openward.errors import RefusedError, UsageError


class Role(StrEnum):
    """Who acts."""

    APPLICANT = "applicant"
    OFFICER = "officer"
    REVIEWER = "reviewer"
    DECISION_MAKER = "decision-maker"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a door checks."""

    OPEN = "open"
    READ_OWN = "read-own"
    READ = "read"
    READ_CONFIDENTIAL = "read-confidential"
    ACT = "act"
    CORRECT = "correct"
    VERIFY = "verify"
    EXPORT = "export"
    USERS = "users"
    RETENTION = "retention"


_WORK = frozenset(
    {
        Permission.READ,
        Permission.READ_CONFIDENTIAL,
        Permission.ACT,
        Permission.VERIFY,
        Permission.EXPORT,
    }
)
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.APPLICANT: frozenset({Permission.OPEN, Permission.READ_OWN, Permission.ACT}),
    Role.OFFICER: _WORK | {Permission.OPEN, Permission.CORRECT},
    Role.REVIEWER: _WORK,
    Role.DECISION_MAKER: _WORK,
    # An auditor sees everything and changes nothing.
    Role.AUDITOR: frozenset(
        {Permission.READ, Permission.READ_CONFIDENTIAL, Permission.VERIFY, Permission.EXPORT}
    ),
    # Whoever hands out roles does not read cases.
    Role.ADMIN: frozenset({Permission.USERS, Permission.RETENTION}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who acts, in one role."""

    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it."""
        return permission in PERMISSIONS[self.role]

    def need(self, permission: Permission) -> None:
        """Refuse what the role does not allow.

        Raises
        ------
        RefusedError
        """
        if not self.may(permission):
            holders = ", ".join(role.value for role in Role if permission in PERMISSIONS[role])
            raise RefusedError(
                f"the role {self.role.value} may not {permission.value.replace('-', ' ')}",
                hint=f"roles that may: {holders}",
                where=self.name,
            )


def role(text: str) -> Role:
    """Read a role.

    Raises
    ------
    UsageError
    """
    try:
        return Role(text)
    except ValueError:
        names = ", ".join(one.value for one in Role)
        raise UsageError(f"no role {text!r}", hint=f"one of {names}", where="role") from None
