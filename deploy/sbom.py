#!/usr/bin/env python3
"""Writes the bill of materials of the program as CycloneDX 1.5 JSON: every crate that is linked into it or builds it.

    deploy/sbom.py > tidewaiter.cdx.json
    deploy/sbom.py --check    # tests that it is whole, and that it is the same when made again

It is made of Cargo.lock and `cargo metadata` alone: no clock, no network beyond what cargo has fetched, so the same source
gives the same bytes. Needs the Rust toolchain and Python 3.11.
"""

import json
import subprocess
import sys
import tomllib
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOT_CRATE = "tidewaiter"
PLATFORMS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"]


def metadata():
    """The resolved graph for the platforms that are shipped."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    for platform in PLATFORMS:
        command += ["--filter-platform", platform]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout)


def shipped(graph):
    """The ids of the crates reached from the program without those that only tests use, and the edges between them."""
    nodes = {node["id"]: node for node in graph["resolve"]["nodes"]}
    root = next(p["id"] for p in graph["packages"] if p["name"] == ROOT_CRATE and p["source"] is None)
    edges, todo = {}, [root]
    while todo:
        crate = todo.pop()
        if crate in edges:
            continue
        used = {
            dep["pkg"]
            for dep in nodes[crate]["deps"]
            if any(kind["kind"] in (None, "build") for kind in dep["dep_kinds"])
        }
        edges[crate] = used
        todo.extend(used)
    return root, edges


def licences(package):
    """As the crate states them; `/` is the old way to write OR."""
    if package["license"]:
        return [{"expression": package["license"].replace("/", " OR ")}]
    return [{"license": {"name": f"see {package['license_file']}"}}] if package["license_file"] else []


def component(package, checksums):
    """One crate. What is in this repository has no checksum of its own."""
    purl = f"pkg:cargo/{package['name']}@{package['version']}"
    found = {
        "type": "library",
        "bom-ref": purl,
        "name": package["name"],
        "version": package["version"],
        "purl": purl,
        "licenses": licences(package),
    }
    if checksum := checksums.get((package["name"], package["version"])):
        found["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    if package["repository"]:
        found["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return found


def bill():
    """The whole document."""
    graph = metadata()
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    checksums = {(p["name"], p["version"]): p.get("checksum") for p in lock["package"]}
    root, edges = shipped(graph)
    packages = {p["id"]: p for p in graph["packages"]}
    ref = lambda crate: f"pkg:cargo/{packages[crate]['name']}@{packages[crate]['version']}"
    components = [component(packages[crate], checksums) for crate in edges if crate != root]
    components.sort(key=lambda c: c["bom-ref"])
    program = component(packages[root], checksums) | {"type": "application"}
    depends = [{"ref": ref(crate), "dependsOn": sorted(map(ref, used))} for crate, used in edges.items()]
    depends.sort(key=lambda d: d["ref"])
    content = json.dumps([program, components, depends], sort_keys=True)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        # Of the content, so that the same source has the same number.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": program},
        "components": components,
        "dependencies": depends,
    }


def faults(document):
    """What a reader of the bill would miss."""
    allowed = set(tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]["allow"])
    refs = [c["bom-ref"] for c in document["components"]] + [document["metadata"]["component"]["bom-ref"]]
    if len(refs) != len(set(refs)):
        yield "a crate stands in it twice"
    for part in document["components"]:
        stated = [licence.get("expression", "") for licence in part["licenses"]]
        words = " ".join(stated).replace("(", " ").replace(")", " ").replace(" WITH ", "_WITH_").split()
        names = {word.replace("_WITH_", " WITH ") for word in words} - {"AND", "OR"}
        if not names:
            yield f"{part['bom-ref']} states no licence"
        elif not names & allowed:
            yield f"{part['bom-ref']} has none of the licences of deny.toml: {stated}"
        is_ours = part["name"].startswith("tidewaiter")
        if "hashes" not in part and not is_ours:
            yield f"{part['bom-ref']} has no checksum"
    known = set(refs)
    for edge in document["dependencies"]:
        for missing in {edge["ref"], *edge["dependsOn"]} - known:
            yield f"{missing} is used and not listed"


def main():
    """Writes the bill, or checks it."""
    document = bill()
    text = json.dumps(document, indent=1, sort_keys=True) + "\n"
    if sys.argv[1:] != ["--check"]:
        sys.stdout.write(text)
        return 0
    found = list(faults(document))
    if json.dumps(bill(), indent=1, sort_keys=True) + "\n" != text:
        found.append("made twice, it differs")
    for fault in found:
        print(f"sbom: {fault}", file=sys.stderr)
    print(f"sbom: {len(document['components'])} crates, {len(found)} faults")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
