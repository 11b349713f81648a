"""Photographs as telephones save them: HEIC, encoded by heif-enc and put together as telephones do, and bombs of that kind."""

import re
import struct
import subprocess
import tempfile
from pathlib import Path

SIDE = 512  # of a tile


def box(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def full(kind, *parts, version=0, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def ispe(width, height):
    return full(b"ispe", struct.pack(">II", width, height))


def boxes(data):
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8:at + length]
        at += length


def find(data, *path):
    """The body of the first box on a path; bodies of meta begin behind their version."""
    for kind in path:
        data = next(body for found, body in boxes(data) if found == kind)
        data = data[4:] if kind == b"meta" else data
    return data


def encoded(picture, quality=60):
    """A HEIC of one piece, as heif-enc makes it."""
    with tempfile.TemporaryDirectory() as folder:
        source, made = Path(folder, "a.png"), Path(folder, "a.heic")
        picture.convert("RGB").save(source)
        subprocess.run(["heif-enc", "-q", str(quality), "-p", "preset=ultrafast", "-o", made, source], check=True,
                       stdout=subprocess.DEVNULL)
        return made.read_bytes()


def piece(picture, quality=60):
    """(configuration, data) of a picture."""
    heic = encoded(picture, quality)
    return find(heic, b"meta", b"iprp", b"ipco", b"hvcC"), find(heic, b"mdat")


def container(items, properties, owned, links=(), inner=b"", brand=b"heic"):
    """A file whose first item is its picture. An item is (kind, data), where data of None lies within the lists (`inner`);
    `owned` are the numbers of each one's properties, `links` the items that the first is made of."""
    infos = b"".join(full(b"infe", struct.pack(">HH4sB", i, 0, kind, 0), version=2) for i, (kind, _) in enumerate(items, 1))
    ipma = b"".join(struct.pack(">HB", i, len(of)) + bytes(of) for i, of in enumerate(owned, 1))

    def lists(begin):
        places, at = b"", begin
        for i, (_, data) in enumerate(items, 1):
            places += struct.pack(">HHHHII", i, data is None, 0, 1, 0 if data is None else at, len(inner if data is None else data))
            at += len(data or b"")
        return full(
            b"meta", full(b"hdlr", b"\0\0\0\0pict" + bytes(13)), full(b"pitm", struct.pack(">H", 1)),
            full(b"iinf", struct.pack(">H", len(items)), infos),
            full(b"iref", box(b"dimg", struct.pack(f">HH{len(links)}H", 1, len(links), *links))) if links else b"",
            box(b"iprp", box(b"ipco", *properties), full(b"ipma", struct.pack(">I", len(owned)), ipma)),
            box(b"idat", inner), full(b"iloc", struct.pack(">HH", 0x4400, len(items)), places, version=1))

    head = box(b"ftyp", brand, bytes(4), b"mif1", b"MiHE", b"heic")
    begin = len(head) + len(lists(0)) + 8
    return head + lists(begin) + box(b"mdat", *[data or b"" for _, data in items])


def grid(columns, rows, width, height):
    return struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)


def photograph(picture, turns=0, side=SIDE, quality=60):
    """As a telephone saves what it took: in tiles, and lying on its side by so many quarter turns, which it says."""
    lying = picture.convert("RGB").rotate(-90 * turns, expand=True)
    columns, rows = -(-lying.width // side), -(-lying.height // side)
    tiles = [piece(lying.crop((x * side, y * side, (x + 1) * side, (y + 1) * side)), quality)
             for y in range(rows) for x in range(columns)]
    return container(
        [(b"grid", None)] + [(b"hvc1", data) for _, data in tiles],
        [ispe(lying.width, lying.height), box(b"irot", bytes([turns])), ispe(side, side), box(b"hvcC", tiles[0][0])],
        [[1, 2]] + [[3, 4]] * len(tiles), links=range(2, 2 + len(tiles)), inner=grid(columns, rows, lying.width, lying.height))


# --- bombs ------------------------------------------------------------------------------------------------

def golomb(value):
    digits = f"{value + 1:b}"
    return "0" * (len(digits) - 1) + digits


def unit(kind, bits):
    """A set of parameters."""
    bits += "1"
    body = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    return bytes([kind << 1, 1]) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", body)


def configuration(width, height):
    """What a decoder is told of a sequence of such pictures."""
    sequence = unit(33, "0000" "000" "1" + "00000001" + "0110" + "0" * 76 + "01011101" + golomb(0) + golomb(1) + golomb(width)
                    + golomb(height) + "0" + golomb(0) * 3 + "1" + golomb(0) * 4 + golomb(1) + golomb(0) * 4 + "0000" + golomb(0) + "00000")
    picture = unit(34, golomb(0) * 2 + "0000000" + golomb(0) * 3 + "000" + golomb(0) * 2 + "0" * 10 + golomb(0) + "00")
    lists = b"".join(struct.pack(">BHH", kind, 1, len(body)) + body for kind, body in ((33, sequence), (34, picture)))
    return bytes([1]) + bytes(20) + b"\3" + b"\2" + lists


SLICE = struct.pack(">I", 8) + b"\x26\x01\xaf" + b"\x5a" * 5


def single(declared, coded=None):
    """A picture that declares so many points, and whose code does."""
    return container([(b"hvc1", SLICE)], [ispe(*declared), box(b"hvcC", configuration(*(coded or declared)))], [[1, 2]])


def tiled(columns, rows, tile, whole=None):
    """A grid of one tile over and over."""
    width, height = whole or (columns * tile, rows * tile)
    return container([(b"grid", None), (b"hvc1", SLICE)],
                     [ispe(width, height), ispe(tile, tile), box(b"hvcC", configuration(tile, tile))], [[1], [2, 3]],
                     links=[2] * (columns * rows),
                     inner=grid(columns, rows, width, height))
