#!/usr/bin/env python3
"""Cuts the embedded font out of Noto Sans CJK SC (needs the Python package fonttools).

    python3 make_subset.py NotoSansCJK-Regular.ttc NotoSansSC-gb2312.otf

The first argument is the upstream collection (Debian package fonts-noto-cjk) or a single-face
file of the same family. The output is the same bytes for the same source and fonttools version.
"""
import os
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont


def gb2312(rows):
    """The characters in the given rows (first bytes) of GB 2312."""
    for row in rows:
        for cell in range(0xA1, 0xFF):
            try:
                yield bytes([row, cell]).decode("gb2312")
            except UnicodeDecodeError:
                pass


def characters():
    """All that labels and names in reports need."""
    chosen = set(gb2312(range(0xA1, 0xAA)))  # symbols, punctuation, full width, kana, Greek, Cyrillic
    chosen |= set(gb2312(range(0xB0, 0xF8)))  # levels 1 (3,755) and 2 (3,008) of hanzi
    chosen |= {chr(c) for c in range(0x20, 0x7F)}
    chosen |= {chr(c) for c in range(0xA0, 0x180)}  # Latin-1 and Latin Extended-A, with ·²³°µ×
    chosen |= {chr(c) for c in range(0x370, 0x400)}  # Greek
    chosen |= {chr(c) for c in range(0x2010, 0x2040)}  # dashes, quotes, ellipsis, per mille
    chosen |= {chr(c) for c in range(0x2070, 0x20A0)}  # superscripts and subscripts
    chosen |= set("←↑→↓≈≠≤≥−∞∆√∑∅")
    return chosen


def face(path):
    """The Simplified Chinese face of a collection, or the only face of a file."""
    if path.endswith(".ttc"):
        for font in TTCollection(path).fonts:
            if font["name"].getDebugName(4) == "Noto Sans CJK SC":
                return font
        sys.exit(f"{path} holds no Noto Sans CJK SC")
    return TTFont(path)


def main(source, target):
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 7, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    font = face(source)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    font.recalcTimestamp = False
    font.save(target)
    print(f"{target}: {len(font.getBestCmap())} characters, {os.path.getsize(target)} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
