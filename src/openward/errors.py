"""The one tree of errors. Every message says what is wrong, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence


class OpenwardError(Exception):
    """Root of every error openward raises on purpose.

    Parameters
    ----------
    message : str
        What is wrong, in one sentence.
    hint : str, optional
        What to do about it.
    where : str, optional
        File and line, measure id, table and row, or field.

    Attributes
    ----------
    code : str
        Stable machine name of the kind, printed in JSON mode.
    exit_code : int
        Exit code of the command line for this kind (CONTRACTS, "Command line").
    """

    code = "error"
    exit_code = 3

    def __init__(self, message: str, *, hint: str = "", where: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        """One line where, what; the hint on a line of its own."""
        head = f"{self.where}: {self.message}" if self.where else self.message
        return f"{head}\n  hint: {self.hint}" if self.hint else head

    def as_dict(self) -> dict[str, str]:
        """Give the error as CONTRACTS prints it in JSON mode."""
        return {"code": self.code, "message": self.message, "hint": self.hint, "where": self.where}


class UsageError(OpenwardError):
    """The command or call cannot be understood."""

    code, exit_code = "usage", 2


class InputError(OpenwardError):
    """A file, table or value is not acceptable."""

    code, exit_code = "input", 3


class UnknownCodeError(InputError):
    """An economy, group, product, sector, unit or measure that nobody defined."""

    code = "unknown-code"


class MissingDataError(InputError):
    """A fact or table that the answer needs is not there."""

    code = "missing-data"


class NothingTouchedError(OpenwardError):
    """A reform that touches nothing: a finding, not a failure."""

    code, exit_code = "touches-nothing", 1


class InputErrors(InputError):  # noqa: N818  (it is many errors)
    """Several errors found in one reading, reported together.

    Parameters
    ----------
    errors : sequence of OpenwardError
        At least one; all are printed.
    """

    code = "input"

    def __init__(self, errors: Sequence[OpenwardError]) -> None:
        self.errors = tuple(errors)
        kinds = {(error.code, error.exit_code) for error in self.errors}
        if len(kinds) == 1:
            self.code, self.exit_code = kinds.pop()
        if len(self.errors) == 1:
            only = self.errors[0]
            super().__init__(only.message, hint=only.hint, where=only.where)
            return
        super().__init__(
            f"{len(self.errors)} problems found\n" + "\n".join(f"- {e}" for e in self.errors),
            hint="; ".join(dict.fromkeys(e.hint for e in self.errors if e.hint)),
            where="; ".join(dict.fromkeys(e.where for e in self.errors if e.where)),
        )

    def __str__(self) -> str:
        """One line an error; each says where it is and what to do about it."""
        return super().__str__() if len(self.errors) == 1 else self.message


class NotConvergedError(OpenwardError):
    """A solver stopped before its tolerance."""

    code, exit_code = "not-converged", 4


class IntegrityError(OpenwardError):
    """The book breaks one of its integrity rules."""

    code, exit_code = "integrity", 5


class RefusedError(OpenwardError):
    """Not permitted, or in conflict with what is already there."""

    code, exit_code = "refused", 6
