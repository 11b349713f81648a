"""LibreOffice, run without a screen in a profile of its own, and what Word's schema says of order.

The order of children is that of ECMA-376 (transitional), for what Chancery writes; Word refuses a document in which
it is not kept.
"""

import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path

from lxml import etree

V = "{urn:schemas-microsoft-com:vml}"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

ORDER = {
    "document": "background body",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
           "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
           "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
           "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid "
           "vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs "
           "em lang eastAsianLayout specVanish oMath",
    "tbl": "tblPr tblGrid tr",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing "
             "tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tr": "trPr tc",
    "tc": "tcPr p",
    "tcPr": "cnfStyle tcW gridSpan vMerge tcBorders shd",
    "numPr": "ilvl numId",
    "pBdr": "top left bottom right between bar",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "docDefaults": "rPrDefault pPrDefault",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "num": "abstractNumId lvlOverride",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
              "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "numbering": "numPicBullet abstractNum num",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "styles": "docDefaults latentStyles style",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked "
             "personal personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "settings": "writeProtection view zoom removePersonalInformation removeDateAndTime mirrorMargins bordersDoNotSurroundHeader "
                "defaultTabStop evenAndOddHeaders characterSpacingControl footnotePr endnotePr compat rsids themeFontLang",
}


def out_of_order(element):
    """The first children under an element that stand where the schema has them not; None where all is well."""
    name = etree.QName(element).localname
    order = ORDER.get(name, "").split()
    found = [etree.QName(child).localname for child in element if isinstance(child.tag, str)]
    if order and element.tag.startswith(W):
        places = [order.index(child) if child in order else -1 for child in found]
        if -1 in places or places != sorted(places):
            return name, found
    for child in element:
        if isinstance(child.tag, str) and (wrong := out_of_order(child)):
            return wrong
    return None


def check_package(path):
    """Every part is whole, XML is well-formed and in order, and what refers to a part finds it."""
    check_whole(path)
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                root = etree.fromstring(archive.read(name))
                assert out_of_order(root) is None, (name, out_of_order(root))
                shapes = {shape.get("type") for shape in root.iter(V + "shape")}
                assert shapes <= {f"#{kind.get('id')}" for kind in root.iter(V + "shapetype")}, (name, shapes)


def check_whole(path):
    """The same but for the order within parts, which others may have written."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names)) and names[0] == "[Content_Types].xml"
        for name in names:
            if not name.endswith((".xml", ".rels")):
                continue
            root = etree.fromstring(archive.read(name))
            if name.endswith(".rels"):
                check_relations(root, name, names)
        types = etree.fromstring(archive.read("[Content_Types].xml"))
        for override in types.findall("{*}Override"):
            assert override.get("PartName")[1:] in names
        defaults = {d.get("Extension") for d in types.findall("{*}Default")}
        overridden = {o.get("PartName")[1:] for o in types.findall("{*}Override")}
        for name in names[1:]:
            assert name in overridden or name.rsplit(".", 1)[-1] in defaults, name
        check_references(archive, names)


def check_relations(root, name, names):
    folder = name.replace("_rels/", "").rsplit("/", 1)[0] if name != "_rels/.rels" else ""
    ids = [r.get("Id") for r in root]
    assert len(ids) == len(set(ids))
    for relation in root:
        target = relation.get("Target")
        if relation.get("TargetMode") == "External":
            continue
        whole = target[1:] if target.startswith("/") else f"{folder}/{target}".lstrip("/")
        assert str(Path(whole)) in names or whole in names, (name, target)


def check_references(archive, names):
    """Every r:id in a part is one of its relations."""
    for name in names:
        if not name.startswith("word/") or not name.endswith(".xml"):
            continue
        used = {value for element in etree.fromstring(archive.read(name)).iter()
                for key, value in element.attrib.items() if key.startswith(
                    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}")}
        beside = name.replace("word/", "word/_rels/", 1) + ".rels"
        there = {r.get("Id") for r in etree.fromstring(archive.read(beside))} if beside in names else set()
        assert used <= there, (name, used - there)


def available():
    return shutil.which("soffice") is not None


def convert(paths, to, out):
    """Saves files in another format, all in one run; gives the new paths. A file that can't be opened fails the test."""
    with tempfile.TemporaryDirectory() as profile:
        done = subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", to,
             "--outdir", str(out), *map(str, paths)],
            capture_output=True, timeout=120, env={"PATH": "/usr/bin:/bin", "HOME": profile, "LC_ALL": "C.UTF-8"})
    ending = to.split(":")[0]
    made = [Path(out) / f"{Path(path).stem}.{ending}" for path in paths]
    missing = [path.name for path in made if not path.exists()]
    assert not missing, (missing, done.stdout, done.stderr)
    return made
