#!/usr/bin/env python3
"""Writes a C file that holds data files: embed.py OUT.c LIST_NAME FILE…

The C file defines `const struct embedded LIST_NAME[]` (see src/base/embed.h)."""
import os
import sys

out, name, *files = sys.argv[1:]
with open(out, "w", encoding="ascii") as c:
    c.write('/* Made by tools/embed.py. */\n#include "base/embed.h"\n')
    c.write(f"extern const struct embedded {name}[];\n")
    for i, path in enumerate(files):
        with open(path, "rb") as f:
            data = f.read()
        c.write(f"static const unsigned char file_{i}[] = {{")
        c.write(",".join(map(str, data + b"\0")))
        c.write("};\n")
    c.write(f"const struct embedded {name}[] = {{\n")
    for i, path in enumerate(files):
        base = os.path.basename(path)
        c.write(f'    {{"{base}", (const char *)file_{i}, sizeof file_{i} - 1}},\n')
    c.write("    {0}};\n")
