#ifndef PLUMBLINE_COMMON_SQL_SQLITE_CONNECTION_H_
#define PLUMBLINE_COMMON_SQL_SQLITE_CONNECTION_H_

#include <memory>
#include <string>

#include "common/sql/connection.h"

namespace plumbline::sql {

// Opens the SQLite file at `path` (":memory:" for one that lives as long as the connection): write-ahead log, full
// synchronisation (what was accepted survives a power cut), foreign keys checked.
absl::StatusOr<std::unique_ptr<Connection>> ConnectSqlite(const std::string& path);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_SQLITE_CONNECTION_H_
