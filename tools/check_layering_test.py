#!/usr/bin/env python3
"""Shows that the layering check catches what it should, names file, line and reason, and lets the rest pass."""

import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import check_layering

CHECK = pathlib.Path(__file__).resolve().parent / "check_layering.py"
CLEAN = {
    "services/common/stats/mean.h": '#include <vector>\n#include "absl/status/statusor.h"\n#include <boost/math/distributions.hpp>\n',
    "services/common/stats_proto/convert.h": '#include "common/stats/mean.h"\n#include "plumbline/common/v1/statistics.pb.h"\n',
    "services/coding/domain/rule.cc": '#include "coding/domain/rule.h"\n#include "common/stats/mean.h"\n',
    "services/coding/storage/sql_store.cc": '#include "common/sql/database.h"\n#include "coding/domain/rule.h"\n',
    "services/coding/storage/sql_store_sqltest.cc": '#include "gtest/gtest.h"\n#include "common/testing/postgres.h"\n',
    "services/gateway/service/fan_out.cc": '#include "plumbline/coding/v1/studies.grpc.pb.h"\n',
    "services/standalone/main.cc": '#include "economics/module.h"\n',
}


class LayeringTest(unittest.TestCase):
    def check(self, files):
        with tempfile.TemporaryDirectory() as root:
            for name, text in {**CLEAN, **files}.items():
                path = pathlib.Path(root) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
            run = subprocess.run([sys.executable, CHECK, "--root", root], capture_output=True, text=True, check=False)
        return run.returncode, run.stdout

    def assert_refused(self, name, text, line, what, reason):
        code, output = self.check({name: text})
        self.assertEqual(code, 1, output)
        self.assertIn(f"{name}:{line}: {what}; ", output)
        self.assertIn(reason, output)
        self.assertIn(" 1 problems", output)

    def test_a_clean_tree_passes(self):
        code, output = self.check({})
        self.assertEqual(code, 0, output)
        self.assertIn(f"{len(CLEAN)} files", output)

    def test_forbidden_includes(self):
        for name, target, reason in (
            ("services/common/stats/mean.cc", "grpcpp/grpcpp.h", "stats is pure numerics"),
            ("services/common/stats/mean.cc", "common/base/clock.h", "stats is pure numerics"),
            ("services/common/stats/mean.cc", "Eigen/Core", "stats is pure numerics"),
            ("services/common/stats/mean.cc", "plumbline/common/v1/statistics.pb.h", "stats is pure numerics"),
            ("services/common/stats_proto/convert.cc", "common/operations/convert.h", "knows nothing else"),
            ("services/common/stats_proto/convert.cc", "plumbline/coding/v1/studies.pb.h", "knows nothing else"),
            ("services/coding/domain/rule.cc", "common/stats_proto/convert.h", "no protos"),
            ("services/common/jobs/reconciler.cc", "common/sql/database.h", "SQL only in sql_*"),
            ("services/common/base/clock.cc", "common/stats/mean.h", "base is below everything"),
            ("services/common/sql/database.cc", "common/jobs/queue.h", "sql wraps the database drivers"),
            ("services/common/jobs/worker.cc", "common/redis/client.h", "Redis only in redis_*"),
            ("services/common/jobs/redis_queue.cc", "common/sql/database.h", "never SQL"),
            ("services/common/rpc/server.cc", "common/sql/database.h", "rpc is gRPC glue"),
            ("services/coding/domain/rule.cc", "plumbline/coding/v1/studies.pb.h", "no protos"),
            ("services/coding/domain/rule.cc", "absl/time/clock.h", "clock"),
            ("services/coding/domain/rule.cc", "economics/domain/ledger.h", "domain decides"),
            ("services/coding/storage/store.h", "common/sql/database.h", "SQL only in sql_*"),
            ("services/coding/service/studies.cc", "coding/storage/sql_store.h", "no SQL"),
            ("services/coding/service/studies.cc", "nlohmann/json.hpp", "JSON"),
            ("services/coding/service/studies.cc", "plumbline/economics/v1/economics.pb.h", "other service"),
            ("services/coding/worker/import.cc", "grpcpp/server.h", "no gRPC server"),
            ("services/coding/main.cc", "economics/module.h", "never another service"),
            ("services/gateway/service/fan_out.cc", "coding/domain/rule.h", "by their protos only"),
            ("services/standalone/main.cc", "economics/domain/ledger.h", "by their modules"),
            ("cli/main.cc", "coding/storage/sql_store.h", "no stores"),
            ("services/common/stats/mean_test.cc", "common/sql/database.h", "stats is pure numerics"),
        ):
            with self.subTest(name=name, target=target):
                text = f'#include <string>\n\n#include "{target}"\n'
                self.assert_refused(name, text, 3, f'includes "{target}"', reason)

    def test_library_headers_without_a_folder(self):
        for target in ("libpq-fe.h", "sqlite3.h"):
            with self.subTest(target=target):
                self.assert_refused("services/coding/service/a.cc", f"#include <{target}>\n", 1, f'includes "{target}"', "no SQL")

    def test_calls_that_have_one_home(self):
        for call, what, reason in (
            ("absl::Time t = absl::Now();", "calls absl::Now", "take a Clock"),
            ("std::random_device device;", "calls std::random_device", "seed"),
            ("std::this_thread::sleep_for(x);", "calls sleep_for", "Clock::SleepUnless"),
            ('const char* home = getenv("HOME");', "calls getenv", "base/env.h"),
            ("Queue queue(SystemClock());", "calls SystemClock", "put together"),
        ):
            with self.subTest(call=call):
                text = f'// absl::Now() and getenv("X") in a comment are talk\nconst char* s = "sleep_for";\nvoid F() {{ {call} }}\n'
                self.assert_refused("services/coding/worker/job.cc", text, 3, what, reason)

    def test_base_is_their_home(self):
        code, output = self.check({"services/common/base/clock.cc": "absl::Time Now() { return absl::Now(); }\n"})
        self.assertEqual(code, 0, output)

    def test_a_folder_without_a_row_is_refused(self):
        self.assert_refused("services/common/misc/a.cc", "", 1, "this folder has no row in tools/check_layering.py", "a row")

    def test_the_table_of_the_architecture_has_these_rows(self):
        text = (pathlib.Path(__file__).resolve().parent.parent / "ARCHITECTURE.md").read_text(encoding="utf-8")
        table = text.split("## Who may include what\n")[1].split("\n## ")[0]
        rows = re.findall(r"^\| `([^`]+)`", table, re.M)
        self.assertEqual(len(rows), len(check_layering.RULES), rows)
        for number, (row, rule) in enumerate(zip(rows, check_layering.RULES)):
            sample = row.replace("<service>", "coding").replace("*", "x.cc") + ("a.cc" if row.endswith("/") else "")
            sample = sample if re.match("(cli|tests|bench)/", row) else "services/" + sample
            with self.subTest(row=row, sample=sample):
                first = next(i for i, candidate in enumerate(check_layering.RULES) if re.match(candidate.files, sample))
                self.assertEqual(first, number, rule.files)

    def test_an_empty_tree_is_no_success(self):
        with tempfile.TemporaryDirectory() as root:
            run = subprocess.run([sys.executable, CHECK, "--root", root], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 1)


if __name__ == "__main__":
    unittest.main()
