#!/usr/bin/env python3
"""Who may include what, and which calls belong in one place only. Debian puts every library's headers in one folder, so
CMake targets cannot hold these lines; this check does. It is the "layering" test, and part of `make check`.

  tools/check_layering.py [--root FOLDER]

RULES is the table of ARCHITECTURE.md, row by row in one order (the selftest holds the rows together; what they say is for
you to keep in step): change them together. The first row that matches a file counts. A file
may always include the C and C++ standard library, the operating system's headers and its own folder. A file that no row
matches is an error, so that a new folder gets a row before it gets code.
"""

import argparse
import pathlib
import re
import sys
from typing import NamedTuple

ABSL, SPDLOG, JSON, OPENSSL = r"absl/", r"(spdlog|fmt)/", r"nlohmann/", r"openssl/"
NUMERICS = r"(Random123|boost)/"
GRPC, PROTOBUF = r"grpc(pp|\+\+)?/", r"google/protobuf/"
SQL_DRIVERS, REDIS_CLIENT = r"(libpq-fe\.h|sqlite3\.h)", r"hiredis/"
PROMETHEUS = r"prometheus/"
CLI11, GTEST, BENCHMARK = r"CLI/", r"(gtest|gmock)/", r"benchmark/"
BASE, STATS, STATS_PROTO = r"common/base/", r"common/stats/", r"common/stats_proto/"
REDIS, SQL, CRYPTO = r"common/redis/", r"common/sql/", r"common/crypto/"
JOBS, RPC, OPERATIONS, APP = r"common/jobs/", r"common/rpc/", r"common/operations/", r"common/app/"
TESTING, COMMON = r"common/testing/", r"common/"
# What decides or computes is given time, ids and settings as values, and logs nothing.
PURE_BASE = r"common/base/(?!(clock|env|log)\.h)"
PURE_ABSL = r"absl/(?!(random/|time/clock\.h|log/))"
# Interfaces, not the classes behind them: those meet only in module.cc and main.cc.
JOBS_INTERFACE = r"common/jobs/(?!(redis|sql|fake)_)"
JOBS_SIMULATED = r"common/jobs/(?!(redis|sql)_)"
STORE_INTERFACE = r"{service}/storage/(?!(sql|fake)_)"
COMMON_PROTOS, OWN_PROTOS, ALL_PROTOS = r"plumbline/common/", r"plumbline/({service}|common)/", r"plumbline/"

SERVICES = ("coding", "instruments", "economics", "gateway")
SERVICE = rf"services/(?P<service>{'|'.join(SERVICES)})"
MODULES = rf"({'|'.join(SERVICES)})/module\.h"


class Rule(NamedTuple):
    files: str
    may_include: tuple
    reason: str


RULES = (
    Rule(r"services/common/base/", (ABSL, SPDLOG), "base is below everything of ours"),
    Rule(r"services/common/crypto/", (BASE, ABSL, OPENSSL), "crypto wraps OpenSSL and knows nothing of its users"),
    Rule(r"services/common/stats/", (r"common/base/(error|status_macros)\.h", PURE_ABSL, NUMERICS),
         "stats is pure numerics on plain structs: no framework, clock, log or environment"),
    Rule(r"services/common/stats_proto/", (STATS, COMMON_PROTOS),
         "stats_proto turns results into messages and knows nothing else"),
    Rule(r"services/common/redis/", (BASE, ABSL, REDIS_CLIENT), "redis wraps hiredis and knows nothing of its users"),
    Rule(r"services/common/sql/", (BASE, ABSL, SQL_DRIVERS, OPENSSL), "sql wraps the database drivers and knows nothing of its users"),
    Rule(r"services/common/jobs/redis_[^/]*$", (BASE, ABSL, REDIS), "the Redis queue sees Redis, never SQL or gRPC"),
    Rule(r"services/common/jobs/sql_[^/]*$", (BASE, ABSL, SQL), "records see SQL, never Redis or gRPC"),
    Rule(r"services/common/jobs/payload_cipher[^/]*$", (BASE, ABSL, CRYPTO, OPENSSL), "the cipher wraps OpenSSL and knows no queue"),
    Rule(r"services/common/jobs/simulation/", (BASE, ABSL, JOBS_SIMULATED, r"common/testing/fake_unit_of_work\.h"),
         "the simulation runs the real worker's parts on the fakes: no Redis, SQL or gRPC"),
    Rule(r"services/common/jobs/", (BASE, ABSL), "jobs carries opaque bytes: Redis only in redis_*, SQL only in sql_*"),
    Rule(r"services/common/rpc/", (BASE, ABSL, GRPC, PROTOBUF, COMMON_PROTOS, OPENSSL),
         "rpc is gRPC glue: no Redis, SQL, stats or service"),
    Rule(r"services/common/operations/", (BASE, ABSL, JOBS_INTERFACE, RPC, GRPC, PROTOBUF, COMMON_PROTOS),
         "operations joins jobs to RPCs by their interfaces"),
    Rule(r"services/common/testing/", (COMMON, ABSL, GTEST, SQL_DRIVERS), "testing serves every test and knows no service"),
    Rule(r"services/common/app/metrics[^/]*$", (BASE, ABSL, JOBS_INTERFACE, PROMETHEUS),
         "metrics turns counts into Prometheus' format and knows no queue or database"),
    Rule(r"services/common/app/", (rf"common/(?!(stats|stats_proto|testing)/)", ABSL, GRPC, CLI11),
         "app hosts any service and knows none"),

    Rule(SERVICE + r"/domain/", (PURE_BASE, PURE_ABSL, STATS),
         "domain decides and computes on plain structs: no protos, gRPC, SQL, Redis, JSON, clock, log or environment"),
    Rule(SERVICE + r"/storage/((test_)?sql_[^/]*|[^/]*_sqltest\.cc)$",
         (BASE, ABSL, SQL, r"{service}/domain/", r"common/jobs/(operation|unit_of_work|sql_unit_of_work)\.h"),
         "SQL stores see SQL and domain types, never protos or gRPC"),
    Rule(SERVICE + r"/storage/", (BASE, ABSL, r"{service}/domain/", r"common/jobs/(operation|unit_of_work)\.h", JSON),
         "stores speak domain types: SQL only in sql_*, never protos or gRPC"),
    Rule(SERVICE + r"/report/", (PURE_BASE, PURE_ABSL, PROTOBUF, OWN_PROTOS),
         "a report is drawn from messages: no gRPC, SQL or Redis"),
    Rule(SERVICE + r"/worker/",
         (BASE, ABSL, r"{service}/domain/", STORE_INTERFACE, JOBS_INTERFACE, OPERATIONS, PROTOBUF, OWN_PROTOS,
          r"{service}/(report/|service/convert)"),
         "a job handler decodes, calls the domain and stores: no gRPC server, SQL or Redis"),
    Rule(r"services/(?P<service>gateway)/service/",
         (BASE, ABSL, r"{service}/(domain|report)/", STORE_INTERFACE, JOBS_INTERFACE, RPC, OPERATIONS, GRPC, PROTOBUF,
          ALL_PROTOS),
         "the gateway reaches the other services by their protos only, and no SQL or Redis"),
    Rule(SERVICE + r"/service/",
         (BASE, ABSL, r"{service}/domain/", STORE_INTERFACE, JOBS_INTERFACE, RPC, OPERATIONS, STATS, STATS_PROTO, CRYPTO,
          GRPC, PROTOBUF, OWN_PROTOS),
         "an RPC converts and calls: no SQL, Redis, JSON or other service"),
    Rule(SERVICE + r"/(main|module)\.(cc|h)$", (COMMON, ABSL, r"{service}/"),
         "a composition root knows its own service and common, never another service"),
    Rule(r"services/standalone/", (rf"common/(?!testing/)", ABSL, GRPC, CLI11, MODULES),
         "standalone hosts services by their modules"),
    Rule(r"cli/", (r"common/(base|stats|rpc|app|operations)/", ABSL, GRPC, PROTOBUF, ALL_PROTOS, CLI11, JSON,
                   r"standalone/", r"cli/", r"(coding|instruments|economics|gateway)/domain/"),
         "the client speaks protos, hosts standalone for --embedded and computes with domains; no stores, SQL or Redis"),
    Rule(r"tests/", (COMMON, ABSL, GRPC, PROTOBUF, ALL_PROTOS, JSON, r"standalone/", r"cli/", GTEST),
         "end-to-end tests see what a client sees"),
    Rule(r"bench/coding_scale/", (COMMON, ABSL, GRPC, r"plumbline/coding/", r"coding/module\.h"),
         "a load program drives a whole service through its protos"),
    Rule(r"bench/", (COMMON, ABSL, BENCHMARK, r"(coding|instruments|economics|gateway)/domain/"),
         "benchmarks measure common code and domains"),
)

# Tests may use the test helpers; those of real databases and Redis may use what they test through.
TEST_FILE = re.compile(r"(_test|_test_util|_redistest|_sqltest|_fuzz)\.(cc|h)$|_contract\.(h|cc)$|/testing/|(^|/)test_[^/]*$|/fake_[^/]*$")
TEST_MAY_INCLUDE = (GTEST, TESTING, BASE, r"common/jobs/fake_", r"{service}/(storage/fake_|worker/|service/)")
BACKEND_TESTS = ((re.compile(r"_redistest\.cc$"), (REDIS,)),
                 (re.compile(r"_sqltest\.cc$"), (SQL, r"{service}/storage/sql_", r"common/jobs/sql_unit_of_work\.h")))

# Calls that one place makes for all: (what, where it is at home, what to use instead).
CALLS = (
    (r"\babsl::Now\s*\(", r"services/common/base/", "time is a parameter: take a Clock"),
    # gRPC's deadlines and alarms are points of std::chrono::system_clock.
    (r"\bsystem_clock::now\b", r"services/common/(base|rpc|operations)/|cli/|tests/", "time is a parameter: take a Clock"),
    # Two files spread their retries with it; no result depends on those.
    (r"\bstd::random_device\b", r"services/common/(base/|jobs/retry_policy\.cc|redis/client\.cc)",
     "randomness is a parameter: take an IdGenerator or a seed"),
    (r"\b(sleep_for|sleep_until|usleep|nanosleep|absl::SleepFor)\b", r"services/common/base/",
     "waiting is a parameter: use Clock::SleepUnless or a condition variable"),
    (r"\bSystem(Clock|Ids)\s*\(", r"services/(common|standalone)/|services/\w+/main\.cc$|cli/|tests/|bench/|.*test\.cc$",
     "the real clock and ids are chosen where a program is put together"),
    (r"\b(secure_)?getenv\s*\(", r"services/common/base/|.*_test\.cc$", "settings come through base/env.h"),
)

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
SYSTEM_FOLDER = re.compile(r"(sys|netinet|arpa|linux|bits|net)/")
BARE_LIBRARY_HEADER = re.compile(SQL_DRIVERS)
NO_CODE = re.compile(r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.S)


def sources(root: pathlib.Path):
    for top in ("services", "cli", "tests", "bench"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix in (".cc", ".h") and path.is_file():
                yield path


def blank_out(match: re.Match) -> str:
    """Comments and literals become spaces; digit separators and line breaks stay."""
    return re.sub(r"[^\n]", " ", match.group())


def check_file(name: str, text: str) -> list:
    for rule in RULES:
        found = re.match(rule.files, name)
        if found:
            break
    else:
        return [(1, "this folder has no row in tools/check_layering.py", "every folder gets a row before it gets code")]
    service = found.groupdict().get("service") or ""
    own_folder = re.escape(str(pathlib.PurePath(name).parent).removeprefix("services/")) + "/"
    allowed = [own_folder] + [pattern.replace("{service}", service) for pattern in rule.may_include]
    if TEST_FILE.search(name):
        allowed += [pattern.replace("{service}", service or "no-service") for pattern in TEST_MAY_INCLUDE]
        allowed += [pattern.replace("{service}", service or "no-service")
                    for kind, patterns in BACKEND_TESTS if kind.search(name) for pattern in patterns]
    own_level = re.compile(own_folder + r"[^/]+$")

    problems = []
    for number, line in enumerate(text.splitlines(), 1):
        include = INCLUDE.match(line)
        if not include:
            continue
        target = include.group(2)
        standard = include.group(1) == "<" and not BARE_LIBRARY_HEADER.match(target) and (
            "/" not in target or SYSTEM_FOLDER.match(target))
        # The own folder of a composition root is not the service's whole tree.
        if standard or own_level.match(target) or any(re.match(pattern, target) for pattern in allowed[1:]):
            continue
        problems.append((number, f'includes "{target}"', rule.reason))

    code = NO_CODE.sub(blank_out, text)
    for pattern, home, instead in CALLS:
        if re.match(home, name):
            continue
        for call in re.finditer(pattern, code):
            problems.append((code.count("\n", 0, call.start()) + 1, f"calls {call.group().rstrip('( ')}", instead))
    return problems


def main() -> int:
    parser = argparse.ArgumentParser(description="Checks who includes what.")
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    files = problems = 0
    for path in sources(root):
        files += 1
        name = path.relative_to(root).as_posix()
        for line, what, reason in check_file(name, path.read_text(encoding="utf-8")):
            problems += 1
            print(f"{name}:{line}: {what}; {reason}")
    if files == 0:
        print(f"no sources under {root}")
        return 1
    print(f"layering: {files} files, {len(RULES)} rows, {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
