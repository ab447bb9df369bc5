#include "coding/storage/code_contract.h"
#include "coding/storage/pseudonym_contract.h"
#include "coding/storage/store_contract.h"
#include "coding/storage/study_contract.h"
#include "coding/storage/test_sql_backend.h"
#include "coding/storage/transcript_contract.h"
#include "common/testing/postgres_server.h"

namespace plumbline::coding {
namespace {

using plumbline::testing::PostgresServer;

OpenStore OpenPostgres() {
  const auto server = PostgresServer::Shared();
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return {};
  const auto url = (*server)->NewDatabase();
  EXPECT_TRUE(url.ok()) << url.status();
  if (!url.ok()) return {};
  return OpenSqlStore({.url = *url, .schema = "coding"});
}

INSTANTIATE_TEST_SUITE_P(Postgres, StoreContract,
                         ::testing::Values(StoreBackend{"postgres", OpenPostgres, PostgresServer::SkipReason}),
                         [](const auto& backend) { return backend.param.name; });
INSTANTIATE_TEST_SUITE_P(Postgres, PseudonymContract,
                         ::testing::Values(StoreBackend{"postgres", OpenPostgres, PostgresServer::SkipReason}),
                         [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace plumbline::coding
