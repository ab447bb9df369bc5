#ifndef PLUMBLINE_CODING_STORAGE_SQL_BACKEND_FOR_TEST_H_
#define PLUMBLINE_CODING_STORAGE_SQL_BACKEND_FOR_TEST_H_

#include <memory>
#include <utility>

#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_store.h"
#include "coding/storage/store_contract.h"
#include "common/jobs/sql_unit_of_work.h"

namespace plumbline::coding {

// A store in the new, empty database that `options` name.
inline OpenStore OpenSqlStore(const sql::DatabaseOptions& options) {
  struct Parts {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<CodingStore> store;
  };
  auto database = sql::Database::Open(options);
  EXPECT_TRUE(database.ok()) << database.status();
  if (!database.ok()) return {};
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  absl::Status ready = jobs::MigrateCommon(**database, now);
  ready.Update(sql::Migrate(**database, "coding", CodingMigrations(), now));
  ready.Update(sql::Migrate(**database, "coding", CodingMigrations(), now));  // again: nothing left to do
  EXPECT_TRUE(ready.ok()) << ready;
  if (!ready.ok()) return {};
  auto parts = std::make_shared<Parts>();
  parts->database = *std::move(database);
  parts->store = MakeSqlStore(*parts->database);
  CodingStore* const store = parts->store.get();
  return {std::move(parts), store};
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SQL_BACKEND_FOR_TEST_H_
