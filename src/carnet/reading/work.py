"""What one reading process does: from a task to its answer. Runs only inside such a process."""

from __future__ import annotations

from carnet.formats.cda.html import CdaReading, embedded, read_html
from carnet.reading import images, kinds, pdf, texts
from carnet.reading.kinds import Kind
from carnet.reading.model import (
    Answer,
    Body,
    Failure,
    Html,
    Read,
    Readable,
    Task,
    Unreadable,
    Want,
    WholeText,
)
from carnet.record.errors import CarnetError, Notice


def load() -> None:
    """Bring up what the decoders need once, before processes are forked."""
    images.load()
    pdf.load()


def answer(task: Task) -> Answer:
    """Do it. A fault of the document becomes an answer, never an exception."""
    try:
        if task.want is Want.DOCUMENT:
            return Read(_document(task))
        if task.want is Want.WHOLE_TEXT:
            return WholeText(_whole_text(task))
        return _page(task)
    except CarnetError as error:
        if task.want is Want.DOCUMENT and error.code != "reading-file-absent":
            return Read(Readable(body=_unreadable(error), media_type=task.media_type))
        return Failure(error.code, _params(error))


def _document(task: Task) -> Readable:
    if task.inside is None and kinds.kind_of(task.media_type) is Kind.XML:
        return _cda(task, read_html(task.content, media=task.files, prefix=task.prefix))
    content, media_type = _content(task)
    body, notices = _decoded(content, media_type)
    return Readable(body=body, media_type=media_type, notices=notices)


def _cda(task: Task, cda: CdaReading) -> Readable:
    """A CDA: its narrative, or the file that is its body."""
    notices = cda.notices
    media_type = task.media_type
    body: Body
    if cda.narrative is not None:
        body = Html(cda.narrative)
    elif cda.body is None or cda.body.address:
        body = Unreadable("reading-body-elsewhere")
    else:
        media_type = cda.body.media_type or "text/plain"
        try:
            body, more = _decoded(embedded(task.content, 0)[1], media_type)
            notices = (*notices, *more)
        except CarnetError as error:
            body = _unreadable(error)
    return Readable(
        body=body,
        media_type=media_type,
        header=cda.header,
        language=cda.language,
        attachments=cda.attachments,
        notices=notices,
    )


def _decoded(content: bytes, media_type: str) -> tuple[Body, tuple[Notice, ...]]:
    """The bytes of a file by the kind that is declared; what it looks like decides nothing."""
    kind = kinds.kind_of(media_type)
    if kind is Kind.PDF:
        return pdf.read(content)
    if kind is Kind.IMAGE:
        return images.read(content, page=1)
    if kind is Kind.RTF:
        return texts.read_rtf(content)
    if kind is Kind.TEXT:
        return texts.read_plain(content, kinds.charset_of(media_type))
    raise CarnetError("reading-type-unsupported", type=kinds.said(media_type))


def _page(task: Task) -> Answer:
    content, media_type = _content(task)
    kind = kinds.kind_of(media_type)
    if kind is Kind.PDF and task.want is Want.PAGE:
        return pdf.page_picture(content, task.page, task.width)
    if kind is Kind.PDF:
        return pdf.page_text(content, task.page)
    if kind is Kind.IMAGE and task.want is Want.PAGE:
        return images.read(content, page=task.page, width=task.width)[0]
    raise CarnetError("reading-type-unsupported", type=kinds.said(media_type))


def _whole_text(task: Task) -> str | None:
    """The words of a file that is printed pages; pictures have none, and nobody reads them out."""
    content, media_type = _content(task)
    kind = kinds.kind_of(media_type)
    if kind is Kind.PDF:
        return pdf.whole_text(content)
    if kind is Kind.RTF:
        return texts.rtf_text(content)
    return None


def _content(task: Task) -> tuple[bytes, str]:
    """The bytes to decode and their declared type: of the document, or of a file inside it.

    A page of a CDA is one of its body.
    """
    inside = task.inside
    if inside is None and kinds.kind_of(task.media_type) is Kind.XML:
        inside = 0
    if inside is None:
        return task.content, task.media_type
    found, content = embedded(task.content, inside)
    return content, found.media_type or "text/plain"


def _unreadable(error: CarnetError) -> Unreadable:
    return Unreadable(error.code, _params(error))


def _params(error: CarnetError) -> dict[str, str]:
    return {name: str(value) for name, value in error.params.items()}
