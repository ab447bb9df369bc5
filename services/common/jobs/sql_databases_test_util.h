#ifndef PLUMBLINE_COMMON_JOBS_SQL_DATABASES_TEST_UTIL_H_
#define PLUMBLINE_COMMON_JOBS_SQL_DATABASES_TEST_UTIL_H_

#include <filesystem>
#include <string>

#include "common/base/ids.h"
#include "common/sql/database.h"
#include "common/testing/postgres_server.h"
#include "gtest/gtest.h"

namespace plumbline::jobs {

// A new, empty database for each call.
inline sql::DatabaseOptions SqliteOptions() {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / ("jobs-" + SystemIds().NewId());
  std::filesystem::create_directories(folder);
  sql::DatabaseOptions options;
  options.url = "sqlite://" + (folder / "test.db").string();
  return options;
}

inline sql::DatabaseOptions MemoryOptions() {
  sql::DatabaseOptions options;
  options.url = "sqlite::memory:";
  return options;
}

inline sql::DatabaseOptions PostgresOptions() {
  sql::DatabaseOptions options;
  options.schema = "jobs_test";
  const absl::StatusOr<plumbline::testing::PostgresServer*> server = plumbline::testing::PostgresServer::Shared();
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return options;
  const absl::StatusOr<std::string> url = (*server)->NewDatabase();
  EXPECT_TRUE(url.ok()) << url.status();
  if (url.ok()) options.url = *url;
  return options;
}

}  // namespace plumbline::jobs

#endif  // PLUMBLINE_COMMON_JOBS_SQL_DATABASES_TEST_UTIL_H_
