"""Make the Chinese font that is shipped from the open font Noto Sans CJK.

    python assets/fonts/subset.py NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc

The whole font has 65 000 glyphs and 19 MB. Kept are the 3 755 characters of GB 2312 level 1, which
are ordered by how often they are written, every character of the Chinese translation, those of the
field's words, and the punctuation that goes with them. The family is renamed, so that an installed
Noto is never mixed up with this smaller one.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Fieldglass Sans SC"
FIELD = "熵"
"""Characters of the field's words that are not among the common ones: 交叉熵, cross-entropy."""
HERE = Path(__file__).parent
TRANSLATIONS = HERE.parent / "translations"


def common_characters() -> set[str]:
    """The 3 755 characters of GB 2312 level 1: rows 16 to 55 of its 94 × 94 table."""
    cells = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return {character for pair in cells for character in pair.decode("gb2312", errors="ignore")}


def punctuation() -> set[str]:
    """ASCII, CJK punctuation and full-width forms."""
    ranges = (range(0x20, 0x7F), range(0x3000, 0x3020), range(0xFF01, 0xFF5F))
    return {chr(code) for codes in ranges for code in codes} | set("·—…‘’“”×−°≈≠≤≥→←↑↓")


def characters() -> set[str]:
    """All that the font has to hold; the keys of the translations do no harm."""
    translated = {c for file in TRANSLATIONS.rglob("*.json") for c in file.read_text("utf-8")}
    known = common_characters() | punctuation() | set(FIELD)
    return known | {c for c in translated if c.isprintable()}


def simplified_chinese(collection: Path) -> TTFont:
    """The face of the collection whose glyphs have the forms of the People's Republic."""
    for font in TTCollection(collection).fonts:
        if font["name"].getDebugName(1) == "Noto Sans CJK SC":
            return font
    raise SystemExit(f"{collection} holds no Noto Sans CJK SC")


def rename(font: TTFont) -> str:
    """Give the face its own family name in every record that carries one; its PostScript name."""
    style = font["name"].getDebugName(2)
    full = f"{FAMILY} {style}"
    postscript = f"{FAMILY.replace(' ', '')}-{style}"
    names = {1: FAMILY, 2: style, 3: postscript, 4: full, 6: postscript}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14)]
    for identifier, text in names.items():
        table.setName(text, identifier, 3, 1, 0x409)
    compact = font["CFF "].cff
    compact.fontNames = [postscript]
    compact.topDictIndex[0].FamilyName = FAMILY
    compact.topDictIndex[0].FullName = full
    return postscript


def write_subset(collection: Path) -> None:
    """Write the smaller face beside this script."""
    font = simplified_chinese(collection)
    options = subset.Options(hinting=False, layout_features=["kern", "palt"], notdef_outline=True)
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    file = HERE / f"{rename(font)}.otf"
    font.recalcTimestamp = False
    font.save(file)
    print(f"{file.name}: {len(font.getBestCmap())} characters, {file.stat().st_size} bytes")


def main() -> None:
    """Subset every collection named on the command line."""
    parser = argparse.ArgumentParser(description="Subset Noto Sans CJK SC for Fieldglass.")
    parser.add_argument("collections", type=Path, nargs="+", help="NotoSansCJK-*.ttc")
    for collection in parser.parse_args().collections:
        write_subset(collection)


if __name__ == "__main__":
    main()
