"""Completes the bill of the NuGet packages, for sbom.sh: NUGET_JSON PACKAGES_FOLDER WEIGHTS_FOLDER TARGET DEBIAN_PACKAGE…"""

import json
import pathlib
import re
import subprocess
import sys

# Packages that name a page as their licence; what stands there, read by hand.
BY_HAND = {"K4os.Compression.LZ4": "MIT"}

# First words of the licence files that packages carry.
KNOWN_TEXTS = [("MIT License", "MIT"), ("The OpenLDAP Public License\n  Version 2.8", "OLDAP-2.8"), ("The MIT License", "MIT"), ("Apache License", "Apache-2.0"), ("Permission is hereby granted, free of charge", "MIT")]


def licence_of_text(text):
    for words, name in KNOWN_TEXTS:
        if words in text[:2000]:
            return name
    return None


def complete(component, packages):
    """Gives a NuGet component the licence that its package carries as a file."""
    named = [entry for entry in component.get("licenses", []) if not entry.get("license", {}).get("name", "").startswith("Unknown")]
    if named:
        return
    name = BY_HAND.get(component["name"])
    folder = packages / component["name"].lower() / component["version"].lower()
    for file in sorted(folder.glob("LICENSE*")) + sorted(folder.glob("license*")):
        name = name or licence_of_text(file.read_text("utf-8", "replace"))
    if name is None:
        sys.exit(f"sbom: {component['name']} {component['version']} has no licence that this script knows: read it and add it to BY_HAND in deploy/sbom.py")
    component["licenses"] = [{"license": {"id": name}}]


def runtimes():
    newest = {}
    for line in subprocess.run(["dotnet", "--list-runtimes"], capture_output=True, text=True, check=True).stdout.splitlines():
        name, version = line.split()[:2]
        if name in ("Microsoft.NETCore.App", "Microsoft.AspNetCore.App") and version.startswith("10."):
            newest[name] = version
    for name, version in newest.items():
        yield {"type": "framework", "bom-ref": f"runtime:{name}@{version}", "name": name, "version": version, "licenses": [{"license": {"id": "MIT"}}]}


def weights(folder):
    for line in (folder / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split()
        name = name.lstrip("*")
        yield {
            "type": "machine-learning-model",
            "bom-ref": f"weights:{name}",
            "name": name,
            "hashes": [{"alg": "SHA-256", "content": digest}],
            "licenses": [{"license": {"name": "that of TrafficFlow, see LICENSE and MODEL_CARD.md"}}],
        }


def debian(entry):
    """One of the names that a package has in different releases: the installed one, or the first."""
    names = entry.split("|")
    for name in names:
        found = subprocess.run(["dpkg-query", "-W", "-f=${Version}", name], capture_output=True, text=True, check=False)
        if found.returncode == 0 and found.stdout:
            copyright_file = pathlib.Path("/usr/share/doc") / name / "copyright"
            text = copyright_file.read_text("utf-8", "replace") if copyright_file.exists() else ""
            licences = sorted(set(re.findall(r"^License: *([A-Za-z0-9.+-]+)", text, re.MULTILINE))) or ["see the package's copyright file"]
            return {
                "type": "library",
                "bom-ref": f"pkg:deb/debian/{name}@{found.stdout}",
                "purl": f"pkg:deb/debian/{name}@{found.stdout}",
                "name": name,
                "version": found.stdout,
                "licenses": [{"license": {"name": name}} for name in licences],
            }
    return {
        "type": "library",
        "bom-ref": f"pkg:deb/debian/{names[0]}",
        "name": names[0],
        "description": "not installed where this bill was made: the release's own version",
        "licenses": [{"license": {"name": "see the package's copyright file"}}],
    }


def main():
    source, packages, folder, target, *distribution = sys.argv[1:]
    bill = json.loads(pathlib.Path(source).read_text("utf-8-sig"))
    for component in bill["components"]:
        complete(component, pathlib.Path(packages))
    bill["components"] += [*runtimes(), *weights(pathlib.Path(folder)), *(debian(entry) for entry in distribution)]
    pathlib.Path(target).write_text(json.dumps(bill, indent=2, ensure_ascii=False) + "\n", "utf-8")


main()
