#ifndef PLUMBLINE_ECONOMICS_STORAGE_SQL_STORE_H_
#define PLUMBLINE_ECONOMICS_STORAGE_SQL_STORE_H_

#include <memory>
#include <vector>

#include "common/sql/database.h"
#include "economics/storage/store.h"

namespace plumbline::economics {

// The schema "economics", for sql::Migrate. Steps are never edited once released.
std::vector<sql::Migration> EconomicsMigrations();

// The store in `database`, whose common tables (jobs::MigrateCommon) and own ones (EconomicsMigrations) are there.
// `database` outlives it.
std::unique_ptr<EconomicsStore> MakeSqlStore(sql::Database& database);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_SQL_STORE_H_
