#include <filesystem>

#include "common/base/ids.h"
#include "common/testing/postgres_server.h"
#include "instruments/storage/instruments_store_contract.h"
#include "instruments/storage/sql_instruments_store.h"

namespace plumbline::instruments {
namespace {

using plumbline::testing::PostgresServer;

class SqlHarness : public InstrumentsStoreHarness {
 public:
  // nullptr, and a failed expectation, when the database cannot be made ready.
  static std::unique_ptr<InstrumentsStoreHarness> Make(sql::DatabaseOptions options) {
    absl::StatusOr<std::unique_ptr<sql::Database>> database = sql::Database::Open(options);
    EXPECT_TRUE(database.ok()) << database.status();
    if (!database.ok()) return nullptr;
    const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
    absl::Status ready = jobs::MigrateCommon(**database, now);
    ready.Update(sql::Migrate(**database, "instruments", InstrumentsMigrations(), now));
    ready.Update(sql::Migrate(**database, "instruments", InstrumentsMigrations(), now));  // again: nothing left to do
    EXPECT_TRUE(ready.ok()) << ready;
    if (!ready.ok()) return nullptr;
    return std::make_unique<SqlHarness>(*std::move(database));
  }

  explicit SqlHarness(std::unique_ptr<sql::Database> database) : database_(std::move(database)) {}
  InstrumentsStore& store() override { return *store_; }

 private:
  const std::unique_ptr<sql::Database> database_;
  const std::unique_ptr<InstrumentsStore> store_ = MakeSqlInstrumentsStore(*database_);
};

sql::DatabaseOptions SqliteOptions() {
  const auto folder = std::filesystem::path(::testing::TempDir()) / ("instruments-" + SeededIds(1).NewId());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  sql::DatabaseOptions options;
  options.url = "sqlite://" + (folder / "test.db").string();
  return options;
}

sql::DatabaseOptions PostgresOptions() {
  sql::DatabaseOptions options;
  options.schema = "instruments";
  const absl::StatusOr<PostgresServer*> server = PostgresServer::Shared();
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return options;
  const absl::StatusOr<std::string> url = (*server)->NewDatabase();
  EXPECT_TRUE(url.ok()) << url.status();
  if (url.ok()) options.url = *url;
  return options;
}

std::vector<InstrumentsStoreHarness::Factory> Backends() {
  std::vector<InstrumentsStoreHarness::Factory> backends = {[] { return SqlHarness::Make(SqliteOptions()); }};
  if (PostgresServer::SkipReason().empty()) {
    backends.push_back([] { return SqlHarness::Make(PostgresOptions()); });
  }
  return backends;
}

// The suites' names by their place above.
template <typename ParamInfo>
std::string Name(const ParamInfo& backend) {
  return backend.index == 0 ? "Sqlite" : "Postgres";
}

INSTANTIATE_TEST_SUITE_P(Sql, InstrumentsStoreContract, ::testing::ValuesIn(Backends()),
                         [](const auto& backend) { return Name(backend); });

}  // namespace
}  // namespace plumbline::instruments
