"""yente's client, an OpenAPI validator and the reconciliation schemas against the HTTP port; see web.sh.

The published JSON schemas of the reconciliation interface 0.2 are in no package: name their folder in
RECONCILIATION_SCHEMAS, or that part is left out.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

import yente_client
from openapi_spec_validator import validate
from yente_client import Client

ROOT = pathlib.Path(__file__).resolve().parents[2]


def start(binary):
    """Starts the program on free ports; the process and the address of its HTTP port."""
    args = [binary, "serve", "--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    process = subprocess.Popen(args, stderr=subprocess.PIPE, text=True)
    address = None
    for line in process.stderr:
        found = re.match(r"JSON over HTTP on (http://[^,\s]+)", line)
        address = found.group(1) if found else address
        if line.startswith("listening on"):
            return process, address
    raise SystemExit("the program ended before it listened")


def get(url, data=None):
    with urllib.request.urlopen(url, data, timeout=30) as answer:
        return json.load(answer)


def openapi_is_valid(at):
    document = get(f"{at}/v1/openapi.json")
    validate(document)
    assert document["openapi"] == "3.1.0"


def yente_matches(at):
    with Client(base_url=at) as client:
        assert client.healthz().status == "ok" and client.readyz().status == "ok"
        company = yente_client.Company(name="SZ DJI Technology", country="cn")
        answer = client.match(company)
        best = answer.top
        assert best.match and best.caption == "DJI" and "us-bis-el" in best.datasets, best
        points = sum(f.score for f in best.explanations.values())
        assert abs(points - best.score) < 0.001, (points, best.score)
        assert "DJI" in best.explanations["explanation"].detail
        stranger = client.match(yente_client.Person(name="Wilhelmina Quartermaine"))
        assert not stranger.matches, stranger


def yente_matches_many(at):
    with Client(base_url=at) as client:
        names = ["Huawei Technologies", "Acme Widgets", "Autel Robotics"]
        pairs = [(name, yente_client.Company(name=name)) for name in names]
        answers = dict(client.match_iter(pairs))
        assert set(answers) == set(names), answers
        assert answers["Autel Robotics"].matches and not answers["Acme Widgets"].matches


def yente_searches_and_fetches(at):
    with Client(base_url=at) as client:
        found = client.search("dji technology")
        assert found.results and found.total.value >= 1 and "datasets" in found.facets
        entity = client.fetch(found.results[0].id)
        assert entity.id == found.results[0].id and entity.properties["name"]
        datasets = client.datasets()
        assert {"default", "us-bis-el"} <= {d.name for d in datasets.datasets}
        assert client.datasets() == datasets, "an ETag that matches gives what was held"
        algorithms = client.algorithms()
        assert algorithms.best == algorithms.default == "tidewaiter"
        try:
            client.fetch("us-bis-el:nothing")
        except yente_client.NotFoundError:
            pass
        else:
            raise AssertionError("an entity that is not there")


def yente_answers_around_an_entity(at):
    with Client(base_url=at) as client:
        entity = client.search("dji technology").results[0]
    quoted = urllib.parse.quote(entity.id)
    around = get(f"{at}/entities/{quoted}/adjacent")
    assert around["entity"]["id"] == entity.id, around["entity"]
    listing = around["adjacent"]["sanctions"]
    assert listing["total"] == {"value": 1, "relation": "eq"}, listing
    assert listing["results"][0]["properties"]["entity"] == [entity.id], listing
    page = get(f"{at}/entities/{quoted}/adjacent/sanctions?limit=1&offset=1")
    assert page["results"] == [] and page["offset"] == 1, page
    facets = "facets=schema&facets=topics"
    found = get(f"{at}/search/default?countries=cn&sort=caption:desc&filter_op=AND&limit=5&{facets}")
    names = [one["caption"] for one in found["results"]]
    assert names == sorted(names, reverse=True) and set(found["facets"]) == {"schema", "topics"}, found
    for wrong, status in [("sort=size", 400), ("facets=size", 422), ("page=2", 400), ("limit=501", 422)]:
        try:
            get(f"{at}/search/default?{wrong}")
        except urllib.error.HTTPError as error:
            assert error.code == status and "detail" in json.load(error), (wrong, error.code)
        else:
            raise AssertionError(f"{wrong} is passed over")


def reconciliation_fits_its_schemas(at):
    import jsonschema
    from referencing import Registry, Resource

    folder = pathlib.Path(os.environ["RECONCILIATION_SCHEMAS"])
    loaded = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    anything = Resource.from_contents({"$schema": "https://json-schema.org/draft/2020-12/schema"})
    registry = Registry(retrieve=lambda uri: anything)
    for name, schema in loaded.items():
        schema["$schema"] = "http://json-schema.org/draft-07/schema#"
        resource = Resource.from_contents(schema)
        registry = registry.with_resources([(name, resource), (schema.get("$id", name), resource)])

    def fits(name, answer):
        jsonschema.Draft7Validator(loaded[f"{name}.json"], registry=registry).validate(answer)

    queries = {
        "q0": {"query": "DJI Technology", "type": "Company", "limit": 3},
        "q1": {"query": "Acme", "properties": [{"pid": "country", "v": ["DE", "FR"]}]},
    }
    fits("reconciliation-query-batch", queries)
    manifest = get(f"{at}/reconcile")
    fits("manifest", manifest)
    form = urllib.parse.urlencode({"queries": json.dumps(queries)}).encode()
    results = get(f"{at}/reconcile", form)
    fits("reconciliation-result-batch", results)
    best = results["q0"]["result"][0]
    wanted = {"ids": [best["id"]], "properties": [{"id": "alias", "settings": {"limit": "2"}}, {"id": "list"}]}
    fits("data-extension-query", wanted)
    extended = get(f"{at}/reconcile", urllib.parse.urlencode({"extend": json.dumps(wanted)}).encode())
    fits("data-extension-response", extended)
    assert len(extended["rows"][best["id"]]["alias"]) == 2, extended
    fits("data-extension-property-proposal", get(f"{at}/reconcile/properties?type=Company"))
    for what, name in [("entity", "entities"), ("type", "types"), ("property", "properties")]:
        fits(f"suggest-{name}-response", get(f"{at}/reconcile/suggest/{what}?prefix=a"))


def main(binary):
    checks = [openapi_is_valid, yente_matches, yente_matches_many, yente_searches_and_fetches]
    checks.append(yente_answers_around_an_entity)
    if "RECONCILIATION_SCHEMAS" in os.environ:
        checks.append(reconciliation_fits_its_schemas)
    else:
        print("left out: the schemas of the reconciliation interface; RECONCILIATION_SCHEMAS names no folder")
    process, at = start(binary)
    failed = 0
    try:
        for check in checks:
            try:
                check(at)
            except Exception:
                failed += 1
                print(f"FAILED {check.__name__}")
                traceback.print_exc()
    finally:
        process.terminate()
        process.wait()
    print(f"{len(checks) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
