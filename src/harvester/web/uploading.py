"""From files somebody sends to readings in the granary, one record for each file."""

from __future__ import annotations

import logging
import tempfile
import threading
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadhandler import FileUploadHandler

from harvester.domain.errors import UserError
from harvester.intake import Ingested, ingest_file
from harvester.sources.reading import SourceFile
from harvester.web import harvest_store
from harvester.web.actions.acting import Actor
from harvester.web.actions.files import record_upload
from harvester.web.models import Upload
from harvester.web.params import BadQueryError
from harvester.web.permissions import Action, may, may_somewhere

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.core.files.uploadedfile import UploadedFile

    from harvester.sources.reading import ReadOptions

log = logging.getLogger(__name__)
LONGEST_NAME = 120
MEGABYTE = 1024 * 1024
# Readers keep the workbook that is open in one place of the process: one file at a time.
_reading = threading.Lock()


class SizeLimit(FileUploadHandler):
    """Stops a request that is too large, or that nobody may send, before anything is parsed."""

    def handle_raw_input(
        self,
        input_data: object,
        meta: object,
        content_length: int,
        boundary: object,
        encoding: object = None,
    ) -> None:
        """Judge the request by its announced length."""
        if content_length > settings.UPLOAD_BYTES_PER_REQUEST:
            limit = settings.UPLOAD_BYTES_PER_REQUEST // MEGABYTE
            raise BadQueryError(f"Too much at once: at most {limit} MB. Send the files in parts.")
        self.received = 0

    def new_file(self, *args: object, **kwargs: object) -> None:
        """Judge the sender, and begin to count."""
        user = self.request.user
        if not may(user, Action.UPLOAD) and not may_somewhere(user, Action.ADD_PAPER):
            raise PermissionDenied("Your account may not give files.")
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count and pass on."""
        self.received += len(raw_data)
        if self.received > settings.UPLOAD_BYTES_PER_FILE:
            limit = settings.UPLOAD_BYTES_PER_FILE // MEGABYTE
            # Django forgets the temporary files of a parse that an error ends.
            for handler in self.request.upload_handlers:
                handler.upload_interrupted()
            raise BadQueryError(f"The file {self.file_name!r} is larger than {limit} MB.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


def safe_name(name: str) -> str:
    """A file name without folders, control characters or a leading dot; letters of any language stay."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in base).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        return kept[:LONGEST_NAME] or "file"
    return f"{stem[: LONGEST_NAME - len(ending[:10]) - 1] or 'file'}.{ending[:10]}"


def take(person: User, sent: UploadedFile, options: ReadOptions) -> Upload:
    """Read one file, keep it, and record who gave it; a file nothing can be read of is recorded too."""
    with tempfile.TemporaryDirectory(prefix="harvester-upload-") as folder:
        path = Path(folder) / safe_name(sent.name or "file")
        with path.open("wb") as stream:
            for chunk in sent.chunks():
                stream.write(chunk)
        with _reading:
            found = _read(path, options)
        record = Upload(
            person=person,
            file_name=path.name,
            sha256=found.sha256,
            size=path.stat().st_size,
            told_format=options.format,
            told_institution=options.institution,
            told_year=options.year,
            told_stage=options.stage,
            outcome=Upload.REFUSED if found.stored is None else Upload.READ,
            message=found.refused,
        )
    if found.fault is not None:
        log.error("a reader broke on %s", found.sha256, exc_info=found.fault)
    if found.stored is not None:
        record.reading = found.stored.folder.name
        _count(record, found.submissions())
    return record_upload(Actor.of(person), record)


def _read(path: Path, options: ReadOptions) -> Ingested:
    """Read and keep a file; what a person told wrongly refuses it too."""
    try:
        return ingest_file(harvest_store.granary(), path, options)
    except UserError as error:
        return Ingested(path, SourceFile.at(path).sha256, refused=str(error))


def _count(record: Upload, told: list[dict[str, Any]]) -> None:
    """What was read, onto the record."""
    record.entries = sum(part["entries"] for part in told)
    record.lines = sum(part["lines"] for part in told)
    record.rejected_rows = sum(part["rejected_rows"] for part in told)
    record.errors = sum(part["problems"]["error"] for part in told)
    record.warnings = sum(part["problems"]["warning"] for part in told)
    record.notes = sum(part["problems"]["note"] for part in told)
