"""What can be wrong with a file."""

from typing import ClassVar

from questionnaires.errors import Fault


class FileFault(Fault):
    """Base of the mistakes with files; ``status`` is the HTTP status the doors answer with."""

    room: ClassVar[str] = "itti.files"
    status: ClassVar[int] = 422


class NotMultipart(FileFault):
    """The request holds no multipart form."""

    code = "not-multipart"
    status = 415


class MalformedUpload(FileFault):
    """The multipart form cannot be read to its end."""

    code = "malformed-upload"
    status = 400


class FileMissing(FileFault):
    """The form has no file in the field that should hold it, or an empty one."""

    code = "file-missing"


class FileTooLarge(FileFault):
    """The file is larger than the service takes."""

    code = "file-too-large"
    status = 413


class FileTypeRefused(FileFault):
    """The content is of no type on the list."""

    code = "file-type-refused"
    status = 415


class FileIncomplete(FileFault):
    """The content begins like a known type and then breaks off or does not hold together."""

    code = "file-incomplete"


class FileUnsafe(FileFault):
    """The content is of a known type, but holds what that type must not (macros, a decompression bomb)."""

    code = "file-unsafe"


class FileLost(FileFault):
    """The data folder no longer holds the content, or holds something else under its name."""

    code = "file-lost"
    status = 500
