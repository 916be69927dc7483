"""Print what a plant's installation needs of others: the requirements of the server and all plugins, PostgreSQL included."""

import re
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def requirements(root: Path = ROOT) -> list[str]:
    """Return the requirements of the packages of this repository that aren't among these packages themselves."""
    found: set[str] = set()
    for file in [root / "setup.cfg", *root.glob("plugins/*/setup.cfg")]:
        declared = ConfigParser()
        declared.read(file, "utf-8")
        texts = [declared.get("options", "install_requires")]
        texts.append(declared.get("options.extras_require", "postgresql", fallback=""))
        found.update(line for text in texts for line in text.splitlines() if line)
    return sorted(line for line in found if not re.match(r"tracepro\b", line))


if __name__ == "__main__":
    print("\n".join(requirements()))
