#include <filesystem>

#include "common/base/ids.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/testing/postgres_server.h"
#include "gateway/storage/gateway_store_contract.h"
#include "gateway/storage/sql_gateway_store.h"

namespace plumbline::gateway {
namespace {

using plumbline::testing::PostgresServer;

class SqlHarness : public StoreHarness {
 public:
  static std::unique_ptr<StoreHarness> Make(const sql::DatabaseOptions& options) {
    auto database = sql::Database::Open(options);
    EXPECT_TRUE(database.ok()) << database.status();
    if (!database.ok()) return nullptr;
    const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
    absl::Status ready = jobs::MigrateCommon(**database, now);
    ready.Update(MigrateGateway(**database, now));
    ready.Update(MigrateGateway(**database, now));  // again: nothing left to do
    EXPECT_TRUE(ready.ok()) << ready;
    return ready.ok() ? std::make_unique<SqlHarness>(*std::move(database)) : nullptr;
  }
  explicit SqlHarness(std::unique_ptr<sql::Database> database)
      : database_(std::move(database)), store_(MakeSqlGatewayStore(*database_)) {}
  GatewayUnitOfWork& store() override { return *store_; }

 private:
  std::unique_ptr<sql::Database> database_;
  std::unique_ptr<GatewayUnitOfWork> store_;
};

sql::DatabaseOptions SqliteOptions() {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / ("gateway-" + SystemIds().NewId());
  std::filesystem::create_directories(folder);
  sql::DatabaseOptions options;
  options.url = "sqlite://" + (folder / "test.db").string();
  return options;
}

sql::DatabaseOptions PostgresOptions() {
  sql::DatabaseOptions options;
  options.schema = "gateway";
  const absl::StatusOr<PostgresServer*> server = PostgresServer::Shared();
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return options;
  const absl::StatusOr<std::string> url = (*server)->NewDatabase();
  EXPECT_TRUE(url.ok()) << url.status();
  if (url.ok()) options.url = *url;
  return options;
}

std::vector<StoreHarness::Factory> Backends() {
  std::vector<StoreHarness::Factory> backends = {[] { return SqlHarness::Make(SqliteOptions()); }};
  if (PostgresServer::SkipReason().empty()) backends.push_back([] { return SqlHarness::Make(PostgresOptions()); });
  return backends;
}

std::string Name(const ::testing::TestParamInfo<StoreHarness::Factory>& backend) {
  return backend.index == 0 ? "Sqlite" : "Postgres";
}

INSTANTIATE_TEST_SUITE_P(Sql, GatewayStoreContract, ::testing::ValuesIn(Backends()), Name);

}  // namespace
}  // namespace plumbline::gateway
