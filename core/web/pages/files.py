"""Files: taken from people, kept under their digest in the data directory, given out with care."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, send_file
from werkzeug.datastructures import FileStorage
from wtforms.validators import StopValidation

from core.context import Context
from core.i18n import _
from core.models import File
from core.operations.files import create_file
from core.queries import Ref, get, page
from core.web.requests import context

from .inputs import Input
from .records import numbers

blueprint = Blueprint("files", __name__)

LIMIT = 25 * 1024 * 1024
LONGEST_NAME = 200
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
)
OFFICE = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
}
PLAIN = {".csv": "text/csv", ".txt": "text/plain"}
UNKNOWN = "application/octet-stream"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody sent, kept on disk; its row comes with the record it is for."""

    name: str
    media_type: str
    size: int
    digest: str


def media_type_of(name: str, content: bytes) -> str:
    """Return the type of a file by what is in it; its name decides only among types that do nothing by themselves."""
    found = next((kind for sign, kind in SIGNS if content.startswith(sign)), "")
    ending = Path(name).suffix.lower()
    if found == "application/zip":
        return OFFICE.get(ending, found)
    if not found and content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if found:
        return found
    return PLAIN.get(ending, UNKNOWN) if _is_text(content) else UNKNOWN


def _is_text(content: bytes) -> bool:
    try:
        content[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 4090
    return b"\x00" not in content[:4096]


def clean_name(name: str) -> str:
    """Return a file's name without folders and without letters nobody sees."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" or letter == "‌").strip(" .")
    stem, ending = os.path.splitext(kept)
    ending = ending[:20]
    return (stem[: LONGEST_NAME - len(ending)] + ending) if kept else "file"


def keep(ctx: Context, name: str, stream: Any) -> Upload:
    """Keep the content of a file on disk; ValueError with a sentence when it is too large or empty."""
    content = stream.read(LIMIT + 1)
    if len(content) > LIMIT:
        raise ValueError(_("The file is too large: at most %(size)s MB.", size=LIMIT // 1024 // 1024))
    if not content:
        raise ValueError(_("The file is empty."))
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(ctx, digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{digest}.{secrets.token_hex(4)}")
        fresh.write_bytes(content)
        fresh.replace(path)  # whoever comes at the same time brings the same content
    return Upload(clean_name(name), media_type_of(name, content), len(content), digest)


def path_of(ctx: Context, digest: str) -> Path:
    """Return where the content of a file lies."""
    if not DIGEST.fullmatch(digest):
        raise ValueError(digest)
    folder: Path = current_app.extensions["girih_settings"].data_dir / "files" / ctx.database
    return folder / digest[:2] / digest


def make_row(ctx: Context, upload: Upload) -> int:
    """Return the id of a new row for a kept file."""
    return create_file(ctx, upload.name, upload.media_type, upload.size, upload.digest)


@blueprint.get("/files/<int:file_id>")
@blueprint.get("/files/<int:file_id>/<path:name>")
def send(file_id: int, name: str = "") -> Response:
    """Send a file to somebody who may see the record it hangs on; what could act in the browser only as a download."""
    ctx = context()
    row = get(ctx, File, file_id, ["name", "media_type", "digest"])
    if row is None:
        abort(404)
    path = path_of(ctx, row["digest"])
    if not path.is_file():
        abort(404)
    inline = row["media_type"] in PICTURES and "download" not in request.args
    kind = row["media_type"] if row["media_type"] in PICTURES else UNKNOWN
    content = io.BytesIO(path.read_bytes())
    answer = send_file(content, kind, as_attachment=not inline, download_name=row["name"], etag=row["digest"])
    answer.headers["Cache-Control"] = "private, max-age=3600"
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


class FileInput(Input):
    """A file or picture: a new one, the one that is there, or none any more."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Look also at what belongs to it: taken off, or kept from a try that was refused."""
        self.cleared = bool(formdata and formdata.get(f"{self.name}-clear"))
        self.kept = str(formdata.get(f"{self.name}-kept", "")) if formdata else ""
        super().process(formdata, data, extra_filters)

    @property
    def typed(self) -> str:
        """Files cannot be put back into an input."""
        return ""

    @property
    def is_changed(self) -> bool:
        """Whether another file came, or the one that was there goes."""
        return bool(self.data != self.object_data)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Keep what was sent."""
        self.data = None if self.cleared else self.object_data
        sent = next((one for one in valuelist if isinstance(one, FileStorage) and one.filename), None)
        if sent is not None:
            self.data = keep(self.meta.ctx, str(sent.filename), sent.stream)
            if self.info.kind == "image" and self.data.media_type not in PICTURES:
                self.data = self.object_data
                raise ValueError(_("This is not a picture. Choose a PNG, JPEG, GIF or WebP file."))
        elif self.kept and not self.cleared:
            self.data = self._kept() or self.data

    def _kept(self) -> Ref | None:
        """Return a file this person brought with a try that was refused."""
        ctx = self.meta.ctx
        domain = ["and", ["id", "in", numbers([self.kept])], ["created_by", "=", ctx.user_id]]
        rows = page(ctx, File, ["name"], domain, limit=1)
        return Ref(rows[0]["id"], rows[0]["name"]) if rows else None

    def pre_validate(self, form: Any) -> None:
        """Nothing but what reading it has said, and whether it must be there."""
        if self.process_errors:
            raise StopValidation()
        if self.data is None and self.info.meta.required:
            raise StopValidation(_("“%(name)s” is needed.", name=self.info.label))  # type: ignore[arg-type]

    def settle(self) -> Ref | None:
        """Make the row of a new file, so that it can be linked to."""
        if isinstance(self.data, Upload):
            self.data = Ref(make_row(self.meta.ctx, self.data), self.data.name)
        found: Ref | None = self.data
        return found

    @property
    def value(self) -> int | None:
        """The id of the file."""
        found = self.settle()
        return None if found is None else found.id
