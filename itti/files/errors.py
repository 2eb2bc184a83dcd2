"""What can be wrong with a file."""

from typing import Any, ClassVar

from itti.errors import HttpFault


class FileFault(HttpFault):
    """Base of the mistakes with files."""

    room: ClassVar[str] = "itti.files"
    status: ClassVar[int] = 422


class NotMultipart(FileFault):
    """The request holds no multipart form."""

    code = "not-multipart"
    status: ClassVar[int] = 415


class MalformedUpload(FileFault):
    """The multipart form cannot be read to its end."""

    code = "malformed-upload"
    status: ClassVar[int] = 400


class FileMissing(FileFault):
    """The form has no file in the field that should hold it, or an empty one."""

    code = "file-missing"
    example: ClassVar[dict[str, Any]] = {"field": "file"}


class FileTooLarge(FileFault):
    """The file is larger than the service takes."""

    code = "file-too-large"
    example: ClassVar[dict[str, Any]] = {"limit": "10"}
    status: ClassVar[int] = 413


class FileTypeRefused(FileFault):
    """The content is of no type on the list."""

    code = "file-type-refused"
    example: ClassVar[dict[str, Any]] = {"file": "report.exe", "accepted": "PDF, PNG, JPEG, WEBP, XLSX, DOCX, CSV, TXT"}
    status: ClassVar[int] = 415


class FileIncomplete(FileFault):
    """The content begins like a known type and then breaks off or does not hold together."""

    code = "file-incomplete"
    example: ClassVar[dict[str, Any]] = {"file": "photo.jpg", "kind": "JPEG"}


class FileUnsafe(FileFault):
    """The content is of a known type, but holds what that type must not (macros, a decompression bomb)."""

    code = "file-unsafe"
    example: ClassVar[dict[str, Any]] = {"file": "log.xlsx"}


class FileLost(FileFault):
    """The data folder no longer holds the content, or holds something else under its name."""

    code = "file-lost"
    example: ClassVar[dict[str, Any]] = {"sha256": "9f2c…"}
    status: ClassVar[int] = 500


class PictureTooLarge(FileFault):
    """A picture claims more pixels than are taken; details: ``file``, ``most`` (millions of pixels)."""

    code = "picture-too-large"
    example: ClassVar[dict[str, Any]] = {"file": "plan.png", "most": 200}


class StorageUnreachable(FileFault):
    """The store that holds contents does not do as asked; details: ``reason``."""

    code = "storage-unreachable"
    example: ClassVar[dict[str, Any]] = {"reason": "GenericError"}
    status: ClassVar[int] = 503


class StorageMissing(FileFault):
    """A bucket is set, and the library that reaches it is not installed."""

    code = "storage-missing"
    status: ClassVar[int] = 500
