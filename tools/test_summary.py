#!/usr/bin/env python3
"""Sums up a test run: programs and cases per label, time, what failed or was skipped. Argument: the results folder."""

import collections
import json
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def main() -> int:
    folder = pathlib.Path(sys.argv[1])
    labels = {}
    for test in json.loads((folder / "tests.json").read_text())["tests"]:
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        labels[test["name"]] = (properties.get("LABELS") or ["(none)"])[0]

    cases, skipped, reasons = collections.Counter(), collections.Counter(), []
    for path in folder.glob("*.xml"):
        for case in ElementTree.parse(path).iter("testcase"):
            if case.get("result") == "skipped":
                skipped[path.stem] += 1
                reasons.append(f"{case.get('classname')}.{case.get('name')}")
            elif case.get("result") == "completed":
                cases[path.stem] += 1

    rows = collections.defaultdict(collections.Counter)
    failed = []
    tests = list(ElementTree.parse(folder / "ctest.junit").iter("testcase"))
    for test in tests:
        name, row = test.get("name"), rows[labels.get(test.get("name"), "(none)")]
        row["programs"] += 1
        row["cases"] += cases.get(name, 0 if name in skipped else 1)  # a test that is no GoogleTest program is one case
        row["skipped"] += skipped[name]
        row["seconds"] += float(test.get("time") or 0)
        if test.get("status") != "run":
            failed.append(name)

    print(f"\n{'label':<10}{'programs':>10}{'cases':>10}{'skipped':>10}{'seconds':>10}")
    for label in sorted(rows):
        row = rows[label]
        print(f"{label:<10}{row['programs']:>10}{row['cases']:>10}{row['skipped']:>10}{row['seconds']:>10.1f}")
    total = sum(rows.values(), collections.Counter())
    print(f"{'all':<10}{total['programs']:>10}{total['cases']:>10}{total['skipped']:>10}{total['seconds']:>10.1f}")
    for name in reasons:
        print(f"skipped: {name}")
    for name in failed:
        print(f"failed: {name}")
    # ctest's own closing line once more, so that it is the last thing on the screen.
    passed = len(tests) - len(failed)
    percent = 100 * passed // len(tests) if tests else 0
    print(f"\n{percent}% tests passed, {len(failed)} tests failed out of {len(tests)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
