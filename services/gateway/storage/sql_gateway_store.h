#ifndef PLUMBLINE_GATEWAY_STORAGE_SQL_GATEWAY_STORE_H_
#define PLUMBLINE_GATEWAY_STORAGE_SQL_GATEWAY_STORE_H_

#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "gateway/storage/gateway_store.h"

namespace plumbline::gateway {

// Makes or brings forward the gateway's own tables. Errors as sql::Migrate.
absl::Status MigrateGateway(sql::Database& database, absl::Time now);

// The gateway's data in `database`, which outlives the store and has gone through jobs::MigrateCommon and
// MigrateGateway. Thread-safe.
std::unique_ptr<GatewayUnitOfWork> MakeSqlGatewayStore(sql::Database& database);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_STORAGE_SQL_GATEWAY_STORE_H_
