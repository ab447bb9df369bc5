#include "common/testing/postgres_server.h"
#include "economics/storage/store_contract.h"
#include "economics/storage/test_sql_backend.h"

namespace plumbline::economics {
namespace {

using plumbline::testing::PostgresServer;

OpenStore OpenPostgres() {
  const auto server = PostgresServer::Shared();
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return {};
  const auto url = (*server)->NewDatabase();
  EXPECT_TRUE(url.ok()) << url.status();
  if (!url.ok()) return {};
  return OpenSqlStore({.url = *url, .schema = "economics"});
}

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract,
                         ::testing::Values(StoreBackend{"postgres", OpenPostgres, PostgresServer::SkipReason}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace plumbline::economics
