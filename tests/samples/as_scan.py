"""A sample letter as a scanner gives it: its pages as grey pictures, a little turned, with noise, in a PDF or alone."""

import io
import time

import numpy as np
import pypdfium2 as pdfium
from PIL import Image

from tests.samples.as_pdf import as_pdf

DOTS_PER_INCH = 200
DEGREES = 0.7
NOISE = 9.0
BEGINNING = time.gmtime(0)


def pages_of(pdf, *, dots_per_inch=DOTS_PER_INCH, degrees=DEGREES):
    """Grey pictures of the pages, degraded the same way every time."""
    with pdfium.PdfDocument(pdf) as document:
        for number, page in enumerate(document):
            clean = page.render(scale=dots_per_inch / 72, grayscale=True).to_pil().convert("L")
            turned = clean.rotate(degrees, resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255)
            noise = np.random.default_rng(number).normal(0, NOISE, (turned.height, turned.width))
            yield Image.fromarray(np.clip(np.asarray(turned) * 0.92 + 8 + noise, 0, 255).astype(np.uint8))


def as_scan(letter):
    """A PDF of pictures, without a layer of text."""
    first, *others = pages_of(as_pdf(letter))
    buffer = io.BytesIO()
    first.save(buffer, "PDF", save_all=True, append_images=others, resolution=DOTS_PER_INCH, quality=70,
               creationDate=BEGINNING, modDate=BEGINNING)  # fmt: skip
    return buffer.getvalue()


def as_photo(letter, kind="JPEG"):
    """Its first page alone."""
    buffer = io.BytesIO()
    next(iter(pages_of(as_pdf(letter)))).save(buffer, kind, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return buffer.getvalue()
