"""What stands in the way of releasing a description."""

from questionnaires.errors import Fault


class ReleaseRefused(Fault):
    """The version number is not the one that the changes demand; details: ``version``, ``released``, ``demanded``."""

    code = "release-refused"
    room = "itti.contract"


class DescriptionUnreadable(Fault):
    """A file is not the description of an API; details: ``path``."""

    code = "description-unreadable"
    room = "itti.contract"
