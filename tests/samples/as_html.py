"""A sample letter as Word saves a web page: its own tags, comments and styles, in Unicode or in Windows-1258."""

import unicodedata
from html import escape

from tests.samples.content import Grid, PageBreak

_HEAD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta http-equiv=Content-Type content="text/html; charset={charset}">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {{margin:0cm}} @page Section1 {{size:595.3pt 841.9pt}} --></style>
<title>Thư mẫu</title></head><body lang=VI><div class=Section1>
"""
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def as_html(letter, charset="utf-8"):
    parts = [_HEAD.format(charset=charset)]
    parts += [_paragraph(escape(letter.stamp))] if letter.stamp else []
    parts.append(_columns(letter.head))
    parts += map(_part, letter.body)
    parts.append(_columns(letter.foot))
    parts += map(_part, letter.annex)
    text = "\n".join((*parts, "</div></body></html>"))
    return text.encode("utf-8") if charset == "utf-8" else in_1258(text)


def in_1258(text):
    """Windows-1258 has the vowels whole and the tones as marks of their own."""
    apart = []
    for letter in unicodedata.normalize("NFC", text):
        whole = unicodedata.normalize("NFD", letter)
        vowel = unicodedata.normalize("NFC", "".join(mark for mark in whole if mark not in _TONES))
        apart.append(vowel + "".join(mark for mark in whole if mark in _TONES))
    return "".join(apart).encode("cp1258", "xmlcharrefreplace")


def _paragraph(html):
    return f"<p class=MsoNormal style='text-align:justify'>{html}<o:p></o:p></p>"


def _part(each):
    if isinstance(each, PageBreak):
        return "<span style='font-size:13.0pt'><br clear=all style='mso-special-character:line-break;page-break-before:always'></span>"  # noqa: E501
    if isinstance(each, Grid):
        return _grid(each)
    words = escape(each.text).replace(" và ", "\nvà ", 1)
    if not each.numbering:
        return _paragraph(f"<b>{words}</b>" if each.style != "body" else f"<span lang=VI>{words}</span>")
    counted = f"<span style='mso-list:Ignore'>{each.numbering}<span style='font:7.0pt'>&nbsp;&nbsp; </span></span>"
    return _paragraph(f"<![if !supportLists]><span>{counted}</span><![endif]>{words}")


def _columns(rows):
    cells = (
        "".join(f"<td width=300>{''.join(map(_paragraph, map(escape, lines)))}</td>" for lines in row) for row in rows
    )
    return f"<table class=MsoNormalTable border=0>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _grid(grid):
    rows = [[] for _ in grid.rows]
    for row, _, cell in grid.placed():
        merged = (f" rowspan={cell.down}" if cell.down > 1 else "") + (
            f" colspan={cell.right}" if cell.right > 1 else ""
        )
        rows[row].append(f"<td{merged} valign=top>{_paragraph(escape(cell.text))}</td>")
    return f"<table class=MsoTableGrid border=1>{''.join('<tr>' + ''.join(row) + '</tr>' for row in rows)}</table>"
