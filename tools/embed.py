#!/usr/bin/env python3
"""Writes a C file that holds data files: embed.py OUT.c LIST_NAME FILE_OR_FOLDER…

The C file defines `const struct embedded LIST_NAME[]` (see src/base/embed.h). Of a folder, the migrations, pages,
style sheets, scripts and pictures in it, by name; of the latter three also what gzip makes of them, as NAME.gz. A
C file that would not change is left as it is."""
import gzip
import os
import sys

PACKED = (".css", ".js", ".svg")  # what browsers ask for as it stands
KINDS = (".sql", ".html", *PACKED)

out, name, *paths = sys.argv[1:]
files = []
for path in paths:
    inside = sorted(os.listdir(path)) if os.path.isdir(path) else None
    files += [path] if inside is None else [os.path.join(path, f) for f in inside if f.endswith(KINDS)]
text = ['/* Made by tools/embed.py. */\n#include "base/embed.h"\n',
        f"extern const struct embedded {name}[];\n"]
contents = []
for path in files:
    with open(path, "rb") as f:
        contents.append((os.path.basename(path), f.read()))
    if path.endswith(PACKED):
        contents.append((contents[-1][0] + ".gz", gzip.compress(contents[-1][1], mtime=0)))
for i, (_, data) in enumerate(contents):
    text.append(f"static const unsigned char file_{i}[] = {{{','.join(map(str, data + bytes(1)))}}};\n")
text.append(f"const struct embedded {name}[] = {{\n")
for i, (file, _) in enumerate(contents):
    text.append(f'    {{"{file}", (const char *)file_{i}, sizeof file_{i} - 1}},\n')
text.append("    {0}};\n")
text = "".join(text)
if not os.path.exists(out) or open(out, encoding="ascii").read() != text:
    with open(out, "w", encoding="ascii") as c:
        c.write(text)
