#include <chrono>
#include <filesystem>
#include <iostream>

#include "common/base/ids.h"
#include "common/sql/database_contract.h"
#include "common/sql/named_statement.h"

namespace plumbline::sql {
namespace {

namespace fs = std::filesystem;

std::string NewFile() {
  const fs::path folder = fs::path(::testing::TempDir()) / ("sql-" + SystemIds().NewId());
  fs::create_directories(folder);
  return (folder / "test.db").string();
}

DatabaseOptions FileOptions() {
  DatabaseOptions options;
  options.url = "sqlite://" + NewFile();
  return options;
}

DatabaseOptions MemoryOptions() {
  DatabaseOptions options;
  options.url = "sqlite::memory:";
  return options;
}

INSTANTIATE_TEST_SUITE_P(Sqlite, DatabaseContract,
                         ::testing::Values(DatabaseBackend{"file", true, FileOptions},
                                           DatabaseBackend{"memory", false, MemoryOptions}),
                         [](const auto& backend) { return backend.param.name; });

TEST(SqliteTest, BadAddressesAreRefused) {
  for (const char* url : {"", "mysql://x", "sqlite://relative.db", "sqlite:///", "sqlite:x", "sqlite3:///a"}) {
    DatabaseOptions options;
    options.url = url;
    EXPECT_TRUE(absl::IsInvalidArgument(Database::Open(options).status())) << url;
  }
  DatabaseOptions options = MemoryOptions();
  options.connections = 0;
  EXPECT_TRUE(absl::IsInvalidArgument(Database::Open(options).status()));
  options.url = "sqlite:///no/such/folder/here.db";
  options.connections = 1;
  EXPECT_TRUE(absl::IsUnavailable(Database::Open(options).status()));
}

TEST(SqliteTest, FilesAreDurable) {
  auto database = *Database::Open(FileOptions());
  std::string journal;
  int64_t synchronous = 0;
  int64_t foreign_keys = 0;
  ASSERT_TRUE(database
                  ->Read([&](Transaction& t) -> absl::Status {
                    ASSIGN_OR_RETURN(const Row a, t.QueryOne("SELECT journal_mode FROM pragma_journal_mode"));
                    ASSIGN_OR_RETURN(const Row b, t.QueryOne("SELECT synchronous FROM pragma_synchronous"));
                    ASSIGN_OR_RETURN(const Row c, t.QueryOne("SELECT foreign_keys FROM pragma_foreign_keys"));
                    journal = a.Text("journal_mode");
                    synchronous = b.Int("synchronous");
                    foreign_keys = c.Int("foreign_keys");
                    return absl::OkStatus();
                  })
                  .ok());
  EXPECT_EQ(journal, "wal");
  EXPECT_EQ(synchronous, 2);  // FULL
  EXPECT_EQ(foreign_keys, 1);
}

// Readers go on while a writer works, and see the state before it.
TEST(SqliteTest, ReadersDoNotWaitForTheWriter) {
  auto database = *Database::Open(FileOptions());
  ASSERT_TRUE(database->Write([](Transaction& t) { return t.Execute("CREATE TABLE t (n BIGINT)").status(); }).ok());
  ASSERT_TRUE(database
                  ->Write([&](Transaction& t) -> absl::Status {
                    RETURN_IF_ERROR(t.Execute("INSERT INTO t (n) VALUES (1)").status());
                    int64_t seen = -1;
                    std::thread reader([&] {
                      database
                          ->Read([&](Transaction& r) -> absl::Status {
                            ASSIGN_OR_RETURN(const Row row, r.QueryOne("SELECT COUNT(*) AS n FROM t"));
                            seen = row.Int("n");
                            return absl::OkStatus();
                          })
                          .IgnoreError();
                    });
                    reader.join();
                    EXPECT_EQ(seen, 0);
                    return absl::OkStatus();
                  })
                  .ok());
}

// A file that another process has locked for longer than we are ready to wait is not an endless wait: two objects play
// the processes here, and the second gets its turn when the first is done.
TEST(SqliteTest, WritersOfTwoObjectsTakeTurns) {
  const DatabaseOptions options = FileOptions();
  auto one = *Database::Open(options);
  auto two = *Database::Open(options);
  ASSERT_TRUE(one->Write([](Transaction& t) { return t.Execute("CREATE TABLE t (n BIGINT)").status(); }).ok());
  absl::Status outcome_two;
  std::thread other;
  ASSERT_TRUE(one->Write([&](Transaction& t) {
                   other = std::thread([&] {
                     outcome_two =
                         two->Write([](Transaction& u) { return u.Execute("INSERT INTO t (n) VALUES (2)").status(); });
                   });
                   return t.Execute("INSERT INTO t (n) VALUES (1)").status();
                 })
                  .ok());
  other.join();
  EXPECT_TRUE(outcome_two.ok()) << outcome_two;
}

TEST(SqliteTest, BulkInsertRate) {
  auto database = *Database::Open(FileOptions());
  ASSERT_TRUE(database
                  ->Write([](Transaction& t) {
                    return t.Execute("CREATE TABLE t (a BIGINT, b DOUBLE PRECISION, c TEXT)").status();
                  })
                  .ok());
  constexpr int kRows = 100'000;
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < kRows; ++i) rows.push_back({int64_t{i}, i * 0.5, "row " + std::to_string(i)});
  const auto start = std::chrono::steady_clock::now();
  ASSERT_TRUE(database
                  ->Write([&](Transaction& t) {
                    return t.ExecuteMany("INSERT INTO t (a, b, c) VALUES (:a, :b, :c)", {"a", "b", "c"}, rows);
                  })
                  .ok());
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::cout << "SQLite bulk insert: " << static_cast<int64_t>(kRows / seconds) << " rows/s\n";
  RecordProperty("rows_per_second", static_cast<int>(kRows / seconds));
}

TEST(RowDeathTest, MisreadingARowEndsTheProcess) {
  const auto columns = std::make_shared<const std::vector<std::string>>(std::vector<std::string>{"n", "t"});
  const Row row(columns, {int64_t{1}, std::string("text")});
  EXPECT_EQ(row.Double("n"), 1.0);
  EXPECT_DEATH(row.Int("m"), "no such column");
  EXPECT_DEATH(row.Int("t"), "not a BIGINT");
  EXPECT_DEATH(row.Text("n"), "not a TEXT");
  EXPECT_DEATH(row.Double("t"), "not a DOUBLE");
}

TEST(NamedStatementTest, FindsParametersOnly) {
  const NamedStatement parsed =
      ParseNamed("SELECT ':no', \":no\", 'it''s :no', x::text, :a, :b_2, :a -- :no\n FROM t WHERE y = :c");
  EXPECT_EQ(parsed.text, "SELECT ':no', \":no\", 'it''s :no', x::text, $1, $2, $1 -- :no\n FROM t WHERE y = $3");
  EXPECT_EQ(parsed.names, (std::vector<std::string>{"a", "b_2", "c"}));
  EXPECT_EQ(ParseNamed("").text, "");
  EXPECT_EQ(ParseNamed("'open :a").text, "'open :a");
  EXPECT_EQ(ParseNamed("a : b :1 :").text, "a : b :1 :");
}

}  // namespace
}  // namespace plumbline::sql
