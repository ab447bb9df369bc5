#ifndef PLUMBLINE_COMMON_SQL_POSTGRES_CONNECTION_H_
#define PLUMBLINE_COMMON_SQL_POSTGRES_CONNECTION_H_

#include <memory>

#include "common/sql/connection.h"

namespace plumbline::sql {

// INVALID_ARGUMENT for an address that libpq does not understand or a schema name that is not [a-z_][a-z0-9_]{0,62}.
absl::Status CheckPostgresOptions(const DatabaseOptions& options);

// Connects, creates the schema when it is missing and makes it the only one searched. UNAVAILABLE when the server
// cannot be reached.
absl::StatusOr<std::unique_ptr<Connection>> ConnectPostgres(const DatabaseOptions& options);

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_POSTGRES_CONNECTION_H_
