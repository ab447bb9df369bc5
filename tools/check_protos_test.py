#!/usr/bin/env python3
"""Shows that the contracts pass their gates, and that the gates catch what they are there for."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parent.parent
REASON_WITH_COMMENT = r"(?:^ *//[^\n]*\n)*^  string reason = 1;[^\n]*\n"


def gates(root):
    run = subprocess.run([REPOSITORY / "tools" / "check_protos.sh", root], capture_output=True, text=True, check=False)
    return run.returncode, run.stdout + run.stderr


class ProtoGatesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        shutil.copytree(REPOSITORY / "protos", self.root / "protos")
        shutil.copy(REPOSITORY / "buf.yaml", self.root)
        # The copy starts as a release of its own, so that these cases stand whatever the last real release held.
        subprocess.run(
            [REPOSITORY / "tools" / "buf.sh", "build", "--exclude-source-info", "-o", "protos/baseline.txtpb"],
            cwd=self.root, check=True)
        self.errors = self.root / "protos/plumbline/common/v1/errors.proto"

    def change(self, pattern, replacement):
        text = self.errors.read_text()
        changed, count = re.subn(pattern, replacement, text, count=1, flags=re.M)
        self.assertEqual(count, 1, f"{pattern} is not in {self.errors}")
        self.errors.write_text(changed)

    def test_the_repository_passes(self):
        code, output = gates(REPOSITORY)
        self.assertEqual(code, 0, output)

    def test_an_unchanged_copy_passes(self):
        code, output = gates(self.root)
        self.assertEqual(code, 0, output)

    def test_a_removed_field_is_breaking(self):
        self.change(REASON_WITH_COMMENT, "")
        code, output = gates(self.root)
        self.assertNotEqual(code, 0)
        self.assertRegex(output, r'errors\.proto:.*field "1" with name "reason" on message "ErrorInfo" was deleted')

    def test_a_changed_type_is_breaking(self):
        self.change(r"^  string reason = 1;", "  bytes reason = 1;")
        code, output = gates(self.root)
        self.assertNotEqual(code, 0)
        self.assertRegex(output, r'"reason" on message "ErrorInfo" changed type')

    def test_an_added_field_is_not(self):
        self.change(r"^  string reason = 1;\n", "  string reason = 1;\n  // A new fact.\n  string fact = 1000;\n")
        code, output = gates(self.root)
        self.assertEqual(code, 0, output)

    def test_a_field_without_a_comment_is_refused(self):
        self.change(r"^  string reason = 1;\n", "  string reason = 1;\n  string fact = 1000;\n")
        code, output = gates(self.root)
        self.assertNotEqual(code, 0)
        self.assertRegex(output, r'Field "fact" should have a non-empty comment')


if __name__ == "__main__":
    unittest.main()
