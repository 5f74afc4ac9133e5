"""QR codes as SVG, drawn on the server: no script, no foreign host, sharp in print."""

from io import BytesIO

import segno


def qr_svg(text: str) -> str:
    """Return an <svg> element with `text` as a QR code, to be sized by CSS.

    Error correction Q (a quarter may be scratched off), as on boards out of doors. Class "qr".
    """
    out = BytesIO()
    code = segno.make(text, error="q", micro=False)
    code.save(
        out, kind="svg", border=4, xmldecl=False, svgns=True, svgclass="qr", lineclass=None,
        omitsize=True, nl=False,
    )  # fmt: skip
    return out.getvalue().decode()
