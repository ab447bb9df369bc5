#ifndef PLUMBLINE_COMMON_TESTING_SQL_STORE_BACKEND_H_
#define PLUMBLINE_COMMON_TESTING_SQL_STORE_BACKEND_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"
#include "common/testing/store_fixture.h"

namespace plumbline::testing {

// A store made by `make` in the new, empty database that `options` name, with the tables of `migrations`. No store
// after a failed expectation.
template <typename Reader, typename Writer>
OpenStore<Reader, Writer> OpenSqlStore(
    const sql::DatabaseOptions& options, const std::vector<sql::Migration>& migrations,
    const std::function<std::unique_ptr<jobs::UnitOfWork<Reader, Writer>>(sql::Database&)>& make) {
  struct Parts {
    std::unique_ptr<sql::Database> database;
    std::unique_ptr<jobs::UnitOfWork<Reader, Writer>> store;
  };
  auto database = sql::Database::Open(options);
  EXPECT_TRUE(database.ok()) << database.status();
  if (!database.ok()) return {};
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  absl::Status ready = jobs::MigrateCommon(**database, now);
  ready.Update(sql::Migrate(**database, options.schema, migrations, now));
  ready.Update(sql::Migrate(**database, options.schema, migrations, now));  // again: nothing left to do
  EXPECT_TRUE(ready.ok()) << ready;
  if (!ready.ok()) return {};
  auto parts = std::make_shared<Parts>();
  parts->database = *std::move(database);
  parts->store = make(*parts->database);
  jobs::UnitOfWork<Reader, Writer>* const store = parts->store.get();
  return {std::move(parts), store};
}

}  // namespace plumbline::testing

#endif  // PLUMBLINE_COMMON_TESTING_SQL_STORE_BACKEND_H_
