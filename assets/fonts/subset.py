"""Make the Chinese font that is shipped from the open font Noto Sans CJK.

    python assets/fonts/subset.py NotoSansCJK-Regular.ttc

The whole font has 65 000 glyphs and 19 MB. Kept are the 3 755 characters of GB 2312 level 1, which
are ordered by how often they are written, every character of the Chinese translation, and the
punctuation that goes with them. The family is renamed, so that an installed Noto is never mixed up
with this smaller one.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

FAMILY = "Fieldglass Sans SC"
HERE = Path(__file__).parent
FONT = HERE / "FieldglassSansSC-Regular.otf"
TRANSLATION = HERE.parent / "translations" / "zh_CN.json"


def common_characters() -> set[str]:
    """The 3 755 characters of GB 2312 level 1: rows 16 to 55 of its 94 × 94 table."""
    cells = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return {character for pair in cells for character in pair.decode("gb2312", errors="ignore")}


def punctuation() -> set[str]:
    """ASCII, CJK punctuation and full-width forms."""
    ranges = (range(0x20, 0x7F), range(0x3000, 0x3020), range(0xFF01, 0xFF5F))
    return {chr(code) for codes in ranges for code in codes} | set("·—…‘’“”×−°≈≠≤≥→←↑↓")


def characters() -> set[str]:
    """All that the font has to hold; the keys of the translation file do no harm."""
    translated = set(TRANSLATION.read_text("utf-8")) if TRANSLATION.exists() else set()
    return common_characters() | punctuation() | {c for c in translated if c.isprintable()}


def simplified_chinese(collection: Path) -> TTFont:
    """The face of the collection whose glyphs have the forms of the People's Republic."""
    for font in TTCollection(collection).fonts:
        if font["name"].getDebugName(1) == "Noto Sans CJK SC":
            return font
    raise SystemExit(f"{collection} holds no Noto Sans CJK SC")


def rename(font: TTFont) -> None:
    """Give the face its own family name, in every record that carries one."""
    postscript = FAMILY.replace(" ", "") + "-Regular"
    names = {1: FAMILY, 2: "Regular", 3: postscript, 4: FAMILY, 6: postscript}
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 5, 13, 14)]
    for identifier, text in names.items():
        table.setName(text, identifier, 3, 1, 0x409)
    compact = font["CFF "].cff
    compact.fontNames = [postscript]
    compact.topDictIndex[0].FamilyName = FAMILY
    compact.topDictIndex[0].FullName = FAMILY


def main() -> None:
    """Read the collection named on the command line and write the subset beside this script."""
    parser = argparse.ArgumentParser(description="Subset Noto Sans CJK SC for Fieldglass.")
    parser.add_argument("collection", type=Path, help="NotoSansCJK-Regular.ttc")
    font = simplified_chinese(parser.parse_args().collection)
    options = subset.Options(hinting=False, layout_features=["kern", "palt"], notdef_outline=True)
    options.name_IDs = ["*"]
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    rename(font)
    font.recalcTimestamp = False
    font.save(FONT)
    print(f"{FONT.name}: {len(font.getBestCmap())} characters, {FONT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
