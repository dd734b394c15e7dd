"""Makes common.txt and bases.txt from the two packages in README.md, unpacked in the folders given as arguments."""

import json
import pathlib
import re
import sys

MIN = 12
BASES = 10_000
PAIRED = 100

original, typescript = (pathlib.Path(folder) for folder in sys.argv[1:3])
coffee = (original / "src/frequency_lists.coffee").read_text()
ranked_original = re.search(r'passwords: "([^\n]*)"\.split', coffee).group(1).split(",")
ranked = json.loads((typescript / "src/passwords.json").read_text())


def plain(word):
    return word == word.lower() and all("!" <= sign <= "~" for sign in word)


measured = {word for word in ranked + ranked_original if len(word) >= MIN and plain(word)}
words = [word for word in ranked if re.fullmatch("[a-z]{4,11}", word)][:PAIRED]
pairs = {first + second for first in words for second in words if first != second and len(first + second) >= MIN}
bases = [word for word in ranked if 4 <= len(word) < MIN and plain(word)][:BASES]

here = pathlib.Path(__file__).parent
for name, lines in (("common.txt", measured | pairs), ("bases.txt", bases)):
    (here / name).write_text("".join(line + "\n" for line in sorted(lines)))
print(f"measured {len(measured)}, pairs {len(pairs - measured)}, common {len(measured | pairs)}, bases {len(bases)}")
