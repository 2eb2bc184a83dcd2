"""What the API takes and gives about accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import BaseModel, Field

from itti.accounts.scopes import Scope, parted
from itti.accounts.service import IssuedToken, OpenedAccount
from itti.accounts.tables import ApiToken, Role, SignIn, User
from itti.calendar.zones import Calendar
from itti.http.fields import Email, Input, Line, Name, OptionalName, Password


class Credentials(Input):
    """Who wants a token."""

    email: Email = Field(description="The sign-in name.", examples=["office@programme.example"])
    password: Annotated[str, Field(max_length=200)] = Field(
        description="The password.", examples=["correct horse battery"]
    )
    code: Annotated[str, Field(max_length=40)] | None = Field(
        None,
        description="The code that the authenticator app shows, or a recovery code, where the account has a second"
        " factor.",
        examples=["123456"],
    )
    label: Annotated[Line, Field(max_length=100)] = Field(
        "API", description="What the token is for; shown in the list of tokens.", examples=["ERP interface"]
    )


class PersonalTokenInput(Input):
    """A token that somebody makes for a tool of theirs."""

    label: Annotated[Line, Field(max_length=100)] = Field(
        description="What the token is for; shown in the list of tokens.", examples=["Energy report"]
    )
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))] | None = Field(
        description="What it is limited to; null: it lets the tool do all that you may.",
        examples=[["assessments:read", "certificates:read"]],
    )
    days: Annotated[int, Field(ge=1, le=730)] = Field(
        30, description="How many days it is good; the service sets how many at most.", examples=[30]
    )


class PasswordChange(Input):
    """A new password for oneself."""

    current: Annotated[str, Field(max_length=200)] = Field(
        description="The password until now.", examples=["correct horse battery"]
    )
    new: Password = Field(description="The password from now on.", examples=["a longer sentence is better"])


class TimeChoice(Input):
    """In which zone and by which calendars somebody reads; this API itself always speaks UTC."""

    time_zone: Annotated[Line, Field(max_length=64)] | None = Field(
        description="IANA name of a zone; null: the programme's.", examples=["Asia/Dubai"]
    )
    calendar: Calendar | None = Field(
        description="`with-islamic`: beside the Gregorian day that of the Umm al-Qura calendar; null: as the programme"
        " has it.",
        examples=["with-islamic"],
    )


class LanguageChoice(Input):
    """In which language somebody reads pages and letters; this API goes by `Accept-Language`."""

    language: Literal["en", "ar"] = Field(description="The language.", examples=["ar"])


class KeeperInput(Input):
    """Whether somebody sees to the machines of their assessment body."""

    keeps: bool = Field(description="True: for colleagues too; false: for themselves alone.", examples=[True])


class PersonInput(Input):
    """Somebody who gets an account."""

    email: Email = Field(description="The sign-in name; unique.", examples=["mariam@gulf-foods.example"])
    name: Name = Field(description="Name as printed.", examples=["Mariam Al Suwaidi"])
    name_ar: OptionalName = Field(
        None, description="Name in Arabic script, printed on Arabic papers.", examples=["مريم السويدي"]
    )
    password: Password | None = Field(
        None, description="The first password; one is made up where none is given.", examples=[None]
    )
    invite: bool = Field(
        False,
        description="Whether to send an invitation by e-mail instead: the person chooses the first password.",
        examples=[False],
    )


class PersonView(BaseModel):
    """A person with an account."""

    id: UUID = Field(description="Id of the person.", examples=["5f9c2d4e-8f0b-4b52-9b61-0f6f5f5a7f10"])
    email: str = Field(description="The sign-in name.", examples=["mariam@gulf-foods.example"])
    name: str = Field(description="Name as printed.", examples=["Mariam Al Suwaidi"])
    name_ar: str | None = Field(description="Name in Arabic script.", examples=["مريم السويدي"])
    role: Role = Field(description="In whose name the person acts.", examples=["factory"])
    body_id: UUID | None = Field(description="The assessment body of an assessor.", examples=[None])
    factory_id: UUID | None = Field(
        description="The factory of factory people.", examples=["0b9b8d0e-3c62-4c0f-9f66-5f4d6a7f4a11"]
    )
    language: str | None = Field(
        description="The language the person chose to read; none until there was a choice.", examples=["ar"]
    )
    time_zone: str | None = Field(
        description="IANA name of the zone in which the person reads moments; none: the programme's.",
        examples=["Asia/Dubai"],
    )
    calendar: Calendar | None = Field(
        description="By which calendars the person reads days; none: as the programme has it.",
        examples=["with-islamic"],
    )
    keeps_tools: bool = Field(
        description="Whether the person sees to the machines of colleagues of the same body too.", examples=[False]
    )
    invited: bool = Field(description="True until the person has chosen a first password.", examples=[False])
    disabled_at: datetime | None = Field(description="Since when the person is shut out.", examples=[None])

    @classmethod
    def of(cls, user: User) -> Self:
        """As the API shows ``user``."""
        return cls.model_validate(user, from_attributes=True)


class OpenedAccountView(PersonView):
    """A person whose account was just opened."""

    initial_password: str | None = Field(
        description="The password that was made up; shown this once; null: given, or to be chosen.",
        examples=["k7qm-x2vd-9hrt-pzn4"],
    )

    @classmethod
    def opened(cls, account: OpenedAccount) -> Self:
        """As the API shows a new account."""
        shown = PersonView.of(account.user).model_dump()
        return cls(**shown, initial_password=account.initial_password)


class NewPasswordView(BaseModel):
    """A password that the programme office had made up for somebody."""

    password: str = Field(description="The new password; shown this once.", examples=["k7qm-x2vd-9hrt-pzn4"])


class InvitationView(BaseModel):
    """An invitation that was sent; the link is in the message alone."""

    expires_at: datetime = Field(description="Until when its link can be used.", examples=["2026-11-29T08:00:00Z"])


class ChosenPassword(Input):
    """A password set by the link of an invitation or of a recovery."""

    link: Annotated[Line, Field(max_length=100)] = Field(
        description="The secret of the link: what follows `link=`.",
        examples=["itti_0Zk3wF8nN4m1bq0jvJm4b3Y9l7QeXv0sJw2uHq6dR1c"],
    )
    new: Password = Field(description="The password from now on.", examples=["a longer sentence is better"])


class ForgottenPassword(Input):
    """Who forgot the password."""

    email: Email = Field(description="The sign-in name.", examples=["mariam@gulf-foods.example"])


class TokenView(BaseModel):
    """A token that lets in, without its secret."""

    id: UUID = Field(description="Id of the token.", examples=["8f0b5f9c-2d4e-4b52-9b61-0f6f5f5a7f10"])
    label: str = Field(description="What it is for.", examples=["ERP interface"])
    created_at: datetime = Field(description="When it was issued.", examples=["2026-11-22T08:00:00Z"])
    expires_at: datetime = Field(description="Until when it lets in.", examples=["2026-12-22T08:00:00Z"])
    last_used_at: datetime | None = Field(
        description="When it was last used, to the hour; null: unknown.", examples=["2026-11-22T08:00:00Z"]
    )
    scopes: list[Scope] | None = Field(
        description="What it is limited to; null: it lets in without limits.", examples=[["assessments:read"]]
    )

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        """As the API shows ``token``."""
        return cls(
            id=token.id,
            label=token.label,
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
            scopes=None if token.scopes is None else list(parted(token.scopes)),
        )


class SessionView(BaseModel):
    """A browser session that lets in."""

    id: UUID = Field(description="Id of the session.", examples=["2d9f5f9c-8f0b-4b52-9b61-0f6f5f5a7f10"])
    created_at: datetime = Field(description="When it began.", examples=["2026-11-22T08:00:00Z"])
    expires_at: datetime = Field(description="Until when it lets in.", examples=["2026-11-22T20:00:00Z"])
    last_used_at: datetime | None = Field(
        description="When it was last used, to the hour; null: unknown.", examples=["2026-11-22T08:00:00Z"]
    )
    browser: str | None = Field(description="The browser it was begun with, in a word.", examples=["firefox"])
    system: str | None = Field(description="The system of the machine, in a word.", examples=["windows"])

    @classmethod
    def of(cls, row: SignIn) -> Self:
        """As the API shows a session."""
        return cls.model_validate(row, from_attributes=True)


class IssuedTokenView(TokenView):
    """A token that was just issued."""

    token: str = Field(
        description="Send it as `Authorization: Bearer …`; shown this once.",
        examples=["itti_0Zk3wF8nN4m1bq0jvJm4b3Y9l7QeXv0sJw2uHq6dR1c"],
    )

    @classmethod
    def issued(cls, issued: IssuedToken) -> Self:
        """As the API shows a new token."""
        return cls(**TokenView.of(issued.token).model_dump(), token=issued.secret)
