#!/usr/bin/env python3
"""Shows that the manifests pass their check, and that the check catches misspelt fields and broken promises."""

import pathlib
import subprocess
import tempfile
import unittest

CHECK = pathlib.Path(__file__).resolve().parent / "check_manifests.mjs"
SKIPPED = 77
GOOD = """\
apiVersion: v1
kind: ServiceAccount
metadata: {name: coding}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: v1
kind: Service
metadata: {name: coding}
spec:
  selector: {app: coding}
  ports: [{port: 7001, targetPort: grpc}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: coding}
spec:
  replicas: 2
  selector: {matchLabels: {app: coding}}
  template:
    metadata: {labels: {app: coding}}
    spec:
      serviceAccountName: coding
      automountServiceAccountToken: false
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        seccompProfile: {type: RuntimeDefault}
      containers:
        - name: server
          image: plumbline:0.1.0
          env: [{name: PLUMBLINE_DATABASE_URL_FILE, value: /etc/plumbline/url}]
          ports: [{name: grpc, containerPort: 7001}]
          startupProbe: {grpc: {port: 7001}}
          livenessProbe: {grpc: {port: 7001}}
          readinessProbe: {grpc: {port: 7001, service: ready}}
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits: {cpu: "1", memory: 512Mi}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {drop: [ALL]}
"""


BAD = (  # (what stands in the good manifest, what replaces it, what the check says)
    ("readinessProbe:", "readynessProbe:", "'\"readynessProbe\"' does not exist in type 'Container'"),
    ("readinessProbe: {grpc: {port: 7001,", "readinessProbe: {grpc: {prot: 7001,", "'\"prot\"' does not exist"),
    ("replicas: 2", 'replicas: "2"', "Type 'string' is not assignable to type 'number'"),
    ("kind: Deployment", "kind: Deploiment", "no exported member"),
    ("apiVersion: apps/v1", "apiVersion: apps/v3", "apps/v3 is not one that kubernetes-types knows"),
    ("        - name: server\n          image", "        - image", "'name' is missing"),
    ("replicas: 2", "replicas: 2\n  replicas: 3", "Map keys must be unique"),
    ("runAsNonRoot: true", "runAsNonRoot: false", "must say runAsNonRoot"),
    ("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "must say readOnlyRootFilesystem"),
    ("            capabilities: {drop: [ALL]}\n", "", "must drop ALL"),
    ("            limits: {cpu: \"1\", memory: 512Mi}\n", "", "has no resources.limits.memory"),
    ("startupProbe: {grpc: {port: 7001}}", "startupProbe: {grpc: {port: 7009}}", "asks port 7009"),
    ("_URL_FILE, value: /etc/plumbline/url", "_URL, value: 'postgresql://a:b@c/d'", "as plain text"),
    ("plumbline:0.1.0", "plumbline:latest", "is not pinned"),
    ("targetPort: grpc", "targetPort: http", "is no port of its pods"),
    ("spec:\n  selector: {app: coding}", "spec:\n  selector: {app: codign}", "selects 0 workloads"),
    ("policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]", "denies everything by default"),
)


def run(*files):
    return subprocess.run(["node", CHECK, *files], capture_output=True, text=True, check=False)


class ManifestsTest(unittest.TestCase):
    def test_the_overlays_pass(self):
        result = run()
        if result.returncode == SKIPPED:
            self.skipTest(result.stdout.strip())
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertIn("deploy/k8s/overlays/evaluation", result.stdout)

    def test_good_passes_and_every_bad_one_is_caught(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            good = folder / "good.yaml"
            good.write_text(GOOD)
            result = run(good)
            self.assertEqual(result.returncode, 0, result.stdout + result.stderr)

            for index, (part, replacement, _) in enumerate(BAD):
                self.assertEqual(GOOD.count(part), 1, f"{part!r} must stand once in the good manifest")
                (folder / f"bad{index}.yaml").write_text(GOOD.replace(part, replacement))
            result = run(*sorted(folder.glob("bad*.yaml")))
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
            for index, (_, replacement, says) in enumerate(BAD):
                with self.subTest(replacement=replacement):
                    mine = "\n".join(line for line in result.stdout.splitlines() if f"/bad{index}.yaml: " in line)
                    self.assertIn(says, mine)


if __name__ == "__main__":
    unittest.main()
