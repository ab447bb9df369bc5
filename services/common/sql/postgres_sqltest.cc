#include <atomic>
#include <chrono>
#include <iostream>

#include "common/sql/database_contract.h"
#include "common/testing/postgres_server.h"

namespace plumbline::sql {
namespace {

using plumbline::testing::PostgresServer;

// A new database of the shared server and a schema in it, so that the path of a service is the one under test.
DatabaseOptions NewOptions() {
  DatabaseOptions options;
  const absl::StatusOr<PostgresServer*> server = PostgresServer::Shared();
  EXPECT_TRUE(server.ok()) << server.status();
  if (!server.ok()) return options;
  const absl::StatusOr<std::string> url = (*server)->NewDatabase();
  EXPECT_TRUE(url.ok()) << url.status();
  if (!url.ok()) return options;
  options.url = *url;
  options.schema = "coding";
  return options;
}

INSTANTIATE_TEST_SUITE_P(Postgres, DatabaseContract,
                         ::testing::Values(DatabaseBackend{"schema", true, NewOptions, PostgresServer::SkipReason}),
                         [](const auto& backend) { return backend.param.name; });

class PostgresTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = PostgresServer::SkipReason(); !reason.empty()) GTEST_SKIP() << reason;
    options_ = NewOptions();
    ASSERT_NE(options_.url, "");
  }
  static absl::StatusOr<int64_t> One(Database& database) {
    int64_t one = 0;
    RETURN_IF_ERROR(database.Read([&](Transaction& t) -> absl::Status {
      ASSIGN_OR_RETURN(const Row row, t.QueryOne("SELECT 1 AS one"));
      one = row.Int("one");
      return absl::OkStatus();
    }));
    return one;
  }
  DatabaseOptions options_;
};

TEST_F(PostgresTest, SchemasOfOneDatabaseAreApart) {
  auto coding = *Database::Open(options_);
  options_.schema = "economics";
  auto economics = *Database::Open(options_);
  const auto create = [](Transaction& t) { return t.Execute("CREATE TABLE same_name (n BIGINT)").status(); };
  EXPECT_TRUE(coding->Write(create).ok());
  EXPECT_TRUE(economics->Write(create).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(coding->Write(create)));
}

TEST_F(PostgresTest, ReconnectsAfterTheServerDroppedEveryConnection) {
  auto database = *Database::Open(options_);
  ASSERT_EQ(One(*database).value(), 1);
  ASSERT_GE((*PostgresServer::Shared())->DropConnections().value(), 1);
  EXPECT_EQ(One(*database).value(), 1);
}

TEST_F(PostgresTest, ABodyWhoseConnectionBreaksRunsAgainOnANewOne) {
  auto database = *Database::Open(options_);
  ASSERT_TRUE(database->Write([](Transaction& t) { return t.Execute("CREATE TABLE t (n BIGINT)").status(); }).ok());
  int runs = 0;
  const absl::Status status = database->Write([&](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("INSERT INTO t (n) VALUES (1)").status());
    if (++runs == 1) {
      EXPECT_GE((*PostgresServer::Shared())->DropConnections().value(), 1);
    }
    return t.Execute("INSERT INTO t (n) VALUES (2)").status();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(runs, 2);
  int64_t rows = 0;
  ASSERT_TRUE(database
                  ->Read([&](Transaction& t) -> absl::Status {
                    ASSIGN_OR_RETURN(const Row row, t.QueryOne("SELECT COUNT(*) AS n FROM t"));
                    rows = row.Int("n");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(rows, 2);
}

TEST_F(PostgresTest, AConnectionBrokenWhileCommittingIsAnUnknownOutcome) {
  auto database = *Database::Open(options_);
  int runs = 0;
  const absl::Status status = database->Write([&](Transaction& t) -> absl::Status {
    ++runs;
    RETURN_IF_ERROR(t.Execute("CREATE TABLE t (n BIGINT)").status());
    EXPECT_GE((*PostgresServer::Shared())->DropConnections().value(), 1);
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_EQ(GetErrorDetail(status)->reason, "COMMIT_UNKNOWN");
  EXPECT_EQ(runs, 1);
}

TEST_F(PostgresTest, ABulkInsertWhoseConnectionBreaksStartsAgain) {
  auto database = *Database::Open(options_);
  ASSERT_TRUE(database->Write([](Transaction& t) { return t.Execute("CREATE TABLE t (n BIGINT)").status(); }).ok());
  std::vector<std::vector<Value>> rows;
  for (int64_t i = 0; i < 1'000; ++i) rows.push_back({i});
  int runs = 0;
  EXPECT_TRUE(database
                  ->Write([&](Transaction& t) -> absl::Status {
                    RETURN_IF_ERROR(t.ExecuteMany("INSERT INTO t (n) VALUES (:n)", {"n"}, rows));
                    if (++runs == 1) {
                      EXPECT_GE((*PostgresServer::Shared())->DropConnections().value(), 1);
                    }
                    return t.ExecuteMany("INSERT INTO t (n) VALUES (:n)", {"n"}, rows);
                  })
                  .ok());
  EXPECT_EQ(runs, 2);
}

TEST_F(PostgresTest, BulkInsertRate) {
  auto database = *Database::Open(options_);
  ASSERT_TRUE(database
                  ->Write([](Transaction& t) {
                    return t.Execute("CREATE TABLE t (a BIGINT, b DOUBLE PRECISION, c TEXT)").status();
                  })
                  .ok());
  constexpr int kRows = 50'000;
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < kRows; ++i) rows.push_back({int64_t{i}, i * 0.5, "row " + std::to_string(i)});
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(database
                  ->Write([&](Transaction& t) {
                    return t.ExecuteMany("INSERT INTO t (a, b, c) VALUES (:a, :b, :c)", {"a", "b", "c"}, rows);
                  })
                  .ok());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << "PostgreSQL bulk insert: " << static_cast<int64_t>(kRows / seconds) << " rows/s\n";
  RecordProperty("rows_per_second", static_cast<int>(kRows / seconds));
}

// Write skew, the anomaly that row locks do not see: each of two transactions reads both rows and writes one.
TEST_F(PostgresTest, TransactionsAreSerializable) {
  options_.max_attempts = 50;
  auto database = *Database::Open(options_);
  ASSERT_TRUE(database
                  ->Write([](Transaction& t) -> absl::Status {
                    RETURN_IF_ERROR(t.Execute("CREATE TABLE doctors (id BIGINT PRIMARY KEY, duty BIGINT)").status());
                    return t.ExecuteMany("INSERT INTO doctors (id, duty) VALUES (:id, 1)", {"id"},
                                         {{int64_t{1}}, {int64_t{2}}});
                  })
                  .ok());
  std::vector<std::thread> threads;
  for (const int64_t id : {1, 2}) {
    threads.emplace_back([&, id] {
      EXPECT_TRUE(database
                      ->Write([&](Transaction& t) -> absl::Status {
                        ASSIGN_OR_RETURN(const Row row, t.QueryOne("SELECT SUM(duty) AS n FROM doctors"));
                        if (row.Int("n") < 2) return absl::OkStatus();
                        return t.Execute("UPDATE doctors SET duty = 0 WHERE id = :id", {{"id", id}}).status();
                      })
                      .ok());
    });
  }
  for (std::thread& thread : threads) thread.join();
  int64_t on_duty = 0;
  ASSERT_TRUE(database
                  ->Read([&](Transaction& t) -> absl::Status {
                    ASSIGN_OR_RETURN(const Row row, t.QueryOne("SELECT SUM(duty) AS n FROM doctors"));
                    on_duty = row.Int("n");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(on_duty, 1);
}

// Each transaction reads what all others write, so that of those that run at once one commits. Five attempts are too
// few for ten threads unless whoever keeps losing gets a turn.
TEST_F(PostgresTest, WhoeverKeepsLosingGetsATurn) {
  constexpr int kThreads = 10;
  options_.max_attempts = 4;
  options_.connections = kThreads;
  auto database = *Database::Open(options_);
  ASSERT_TRUE(database
                  ->Write([](Transaction& t) -> absl::Status {
                    RETURN_IF_ERROR(t.Execute("CREATE TABLE turns (id BIGINT PRIMARY KEY, n BIGINT)").status());
                    std::vector<std::vector<Value>> rows;
                    for (int64_t id = 0; id < kThreads; ++id) rows.push_back({id, int64_t{0}});
                    return t.InsertMany("turns", {"id", "n"}, rows);
                  })
                  .ok());
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (int64_t id = 0; id < kThreads; ++id) {
    threads.emplace_back([&, id] {
      for (int i = 0; i < 20; ++i) {
        const absl::Status status = database->Write([&](Transaction& t) -> absl::Status {
          RETURN_IF_ERROR(t.QueryOne("SELECT SUM(n) AS n FROM turns").status());
          return t.Execute("UPDATE turns SET n = n + 1 WHERE id = :id", {{"id", id}}).status();
        });
        if (!status.ok()) ++failed;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
}

TEST_F(PostgresTest, AddressesAreCheckedAndNeverRepeated) {
  DatabaseOptions options;
  for (const char* url : {"postgresql://u:hunter2@host:port:x/db", "postgresql:password=hunter2 nonsense=1",
                          "postgresql://u:hunter2@h/db?unknown_key=1", "postgresql://u:hun%zzter2@h/db"}) {
    options.url = url;
    const absl::Status status = Database::Open(options).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(status.ToString(), ::testing::Not(::testing::HasSubstr("hun")));
  }
  for (const char* schema : {"Coding", "a-b", "1a", "a\"; DROP SCHEMA public; --", "caf\xC3\xA9"}) {
    options = options_;
    options.schema = schema;
    EXPECT_TRUE(absl::IsInvalidArgument(Database::Open(options).status())) << schema;
  }
  options.schema = "coding";
  options.url = "postgresql://u:hunter2@/db?host=/no/such/folder";
  const absl::Status unreachable = Database::Open(options).status();
  EXPECT_TRUE(absl::IsUnavailable(unreachable)) << unreachable;
  EXPECT_THAT(unreachable.ToString(), ::testing::Not(::testing::HasSubstr("hun")));
}

// The address as a URL: the socket's folder percent-encoded in place of the host.
TEST_F(PostgresTest, UrlsWithAnEncodedSocketFolder) {
  const std::string list = options_.url;
  const auto word = [&](const std::string& key) {
    const size_t start = list.find(key + "=") + key.size() + 1;
    return list.substr(start, list.find(' ', start) - start);
  };
  std::string folder;
  for (const char c : word("host")) folder += c == '/' ? std::string("%2F") : std::string(1, c);
  options_.url = "postgresql://" + word("user") + "@" + folder + "/" + word("dbname") + "?application_name=a%20b";
  auto database = Database::Open(options_);
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_EQ(One(**database).value(), 1);
  options_.url = "postgresql://" + word("user") + "@/" + word("dbname") + "?host=" + word("host");
  EXPECT_TRUE(Database::Open(options_).ok());
}

}  // namespace
}  // namespace plumbline::sql
