#include "common/jobs/sql_operation_rows.h"

namespace plumbline::jobs {
namespace {

constexpr char kCopyRows[] =
    "INSERT INTO operations_next (id, kind, payload, target, actor, state, progress_done, progress_total,"
    " progress_phase, cancel_requested, attempts, token, result, error, create_time, start_time, end_time, bytes)"
    " SELECT id, kind, payload, target, actor, state, progress_done, progress_total, progress_phase,"
    " cancel_requested, attempts, token, result, error, create_time, start_time, end_time,"
    " (LENGTH(payload) + LENGTH(result) + LENGTH(error)) / 4 * 3 FROM operations";

constexpr char kIndexOpenChildren[] =
    "CREATE INDEX operations_open_children ON operations (parent, state)"
    " WHERE parent <> '' AND state <> 'SUCCEEDED'";

}  // namespace

sql::Migration OperationsMigration(int version) {
  return {version,
          "operations",
          {"CREATE TABLE operations ("
           "id TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,"
           "target TEXT NOT NULL, actor TEXT NOT NULL,"
           "state TEXT NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),"
           "progress_done BIGINT NOT NULL DEFAULT 0, progress_total BIGINT NOT NULL DEFAULT 0,"
           "progress_phase TEXT NOT NULL DEFAULT '', cancel_requested BIGINT NOT NULL DEFAULT 0,"
           "attempts BIGINT NOT NULL DEFAULT 0, token BIGINT NOT NULL DEFAULT 0,"
           "result TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',"
           "create_time BIGINT NOT NULL, start_time BIGINT, end_time BIGINT)",
           "CREATE INDEX operations_by_time ON operations (create_time, id)",
           "CREATE INDEX operations_by_target ON operations (target, create_time, id)",
           "CREATE INDEX operations_unfinished ON operations (id) WHERE state IN ('PENDING', 'RUNNING')"}};
}

// The table is made anew because SQLite cannot change the CHECK of one that exists. Sizes of old rows are counted from
// their base64.
sql::Migration OperationFamiliesMigration(int version) {
  return {version,
          "operations: families, order, unique keys, sizes",
          {"CREATE TABLE operations_next ("
           "id TEXT COLLATE \"C\" NOT NULL PRIMARY KEY, kind TEXT NOT NULL, payload TEXT NOT NULL,"
           "target TEXT NOT NULL, actor TEXT NOT NULL,"
           "state TEXT NOT NULL"
           " CHECK (state IN ('PENDING', 'RUNNING', 'WAITING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),"
           "progress_done BIGINT NOT NULL DEFAULT 0, progress_total BIGINT NOT NULL DEFAULT 0,"
           "progress_phase TEXT NOT NULL DEFAULT '', cancel_requested BIGINT NOT NULL DEFAULT 0,"
           "attempts BIGINT NOT NULL DEFAULT 0, token BIGINT NOT NULL DEFAULT 0,"
           "result TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',"
           "create_time BIGINT NOT NULL, start_time BIGINT, end_time BIGINT,"
           "parent TEXT COLLATE \"C\" NOT NULL DEFAULT '', priority BIGINT NOT NULL DEFAULT 0,"
           "not_before BIGINT NOT NULL DEFAULT 0, unique_key TEXT NOT NULL DEFAULT '',"
           "children BIGINT NOT NULL DEFAULT 0, children_done BIGINT NOT NULL DEFAULT 0,"
           "bytes BIGINT NOT NULL DEFAULT 0)",
           kCopyRows, "DROP TABLE operations", "ALTER TABLE operations_next RENAME TO operations",
           "CREATE INDEX operations_by_time ON operations (create_time, id)",
           "CREATE INDEX operations_by_target ON operations (target, create_time, id)",
           "CREATE INDEX operations_unfinished ON operations (id, state) WHERE state IN ('PENDING', 'RUNNING')",
           "CREATE INDEX operations_waiting ON operations (id) WHERE state = 'WAITING'",
           "CREATE INDEX operations_dead ON operations (create_time, id) WHERE state = 'FAILED' AND parent = ''",
           "CREATE INDEX operations_finished ON operations (end_time, id, bytes)"
           " WHERE parent = '' AND state IN ('SUCCEEDED', 'FAILED', 'CANCELLED')",
           "CREATE INDEX operations_children ON operations (parent, id) WHERE parent <> ''", kIndexOpenChildren,
           "CREATE UNIQUE INDEX operations_unique ON operations (kind, unique_key)"
           " WHERE unique_key <> '' AND state IN ('PENDING', 'RUNNING', 'WAITING')"}};
}

}  // namespace plumbline::jobs
