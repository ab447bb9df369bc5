#ifndef PLUMBLINE_COMMON_SQL_DATABASE_CONTRACT_H_
#define PLUMBLINE_COMMON_SQL_DATABASE_CONTRACT_H_

#include <functional>
#include <limits>
#include <memory>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/sql/audit_log.h"
#include "common/sql/database.h"
#include "common/sql/request_log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every database behind sql::Database does. Each test file instantiates it with its own ways to open one.
namespace plumbline::sql {

struct DatabaseBackend {
  std::string name;
  bool shared = true;  // two Database objects can open the same data
  // The address of a new, empty database for each call; an empty url when there is none.
  std::function<DatabaseOptions()> make;
  // Why its tests cannot run here; "" when they can.
  std::function<std::string()> skip_reason = [] { return std::string(); };
};

inline void PrintTo(const DatabaseBackend& backend, std::ostream* out) { *out << backend.name; }

inline constexpr int64_t kContractTimeSeconds = 1'700'000'000;

class DatabaseContract : public ::testing::TestWithParam<DatabaseBackend> {
 protected:
  void SetUp() override {
    if (const std::string reason = GetParam().skip_reason(); !reason.empty()) GTEST_SKIP() << reason;
    options_ = GetParam().make();
    ASSERT_NE(options_.url, "");
    db_ = MustOpen();
    Must(
        "CREATE TABLE items (id TEXT NOT NULL PRIMARY KEY, n BIGINT, d DOUBLE PRECISION, t TEXT,"
        "CHECK (n IS NULL OR n < 1000000000000000000))");
    Must("CREATE TABLE parts (id TEXT NOT NULL PRIMARY KEY, item TEXT NOT NULL REFERENCES items (id))");
    Must("CREATE TABLE counters (id BIGINT NOT NULL PRIMARY KEY, n BIGINT NOT NULL)");
  }

  std::unique_ptr<Database> MustOpen() {
    auto opened = Database::Open(options_);
    EXPECT_TRUE(opened.ok()) << opened.status();
    return opened.ok() ? *std::move(opened) : nullptr;
  }

  absl::Status Run(const std::string& statement, const Params& params = {}) {
    return db_->Write([&](Transaction& t) { return t.Execute(statement, params).status(); });
  }
  void Must(const std::string& statement, const Params& params = {}) {
    const absl::Status status = Run(statement, params);
    ASSERT_TRUE(status.ok()) << status << " in " << statement;
  }
  absl::Status InsertItem(const std::string& id, Value n = {}, Value d = {}, Value t = {}) {
    return Run("INSERT INTO items (id, n, d, t) VALUES (:id, :n, :d, :t)",
               {{"id", id}, {"n", std::move(n)}, {"d", std::move(d)}, {"t", std::move(t)}});
  }
  std::vector<Row> MustQuery(const std::string& statement, const Params& params = {}) {
    std::vector<Row> rows;
    const absl::Status status = db_->Read([&](Transaction& t) -> absl::Status {
      ASSIGN_OR_RETURN(rows, t.Query(statement, params));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status << " in " << statement;
    return rows;
  }
  int64_t Count(const std::string& table) { return MustQuery("SELECT COUNT(*) AS n FROM " + table).at(0).Int("n"); }

  DatabaseOptions options_;
  std::unique_ptr<Database> db_;
};

TEST_P(DatabaseContract, ValuesComeBackAsTheyWentIn) {
  const std::vector<double> reals = {0.1 + 0.2, -0.0, 1e308, 5e-324, 1.0 / 3.0, 88.23, 42.0};
  const std::vector<int64_t> integers = {0, -1, 9'007'199'254'740'993, std::numeric_limits<int64_t>::min()};
  for (size_t i = 0; i < reals.size(); ++i) {
    ASSERT_TRUE(InsertItem("r" + std::to_string(i), std::monostate{}, reals[i]).ok());
    const Row row = MustQuery("SELECT d, n FROM items WHERE id = :id", {{"id", "r" + std::to_string(i)}}).at(0);
    EXPECT_EQ(row.Double("d"), reals[i]);
    EXPECT_TRUE(row.IsNull("n"));
    EXPECT_FALSE(row.IsNull("d"));
  }
  for (size_t i = 0; i < integers.size(); ++i) {
    ASSERT_TRUE(InsertItem("i" + std::to_string(i), integers[i]).ok());
    EXPECT_EQ(MustQuery("SELECT n FROM items WHERE id = :id", {{"id", "i" + std::to_string(i)}}).at(0).Int("n"),
              integers[i]);
  }
  const std::string text = "caf\xC3\xA9 'quoted' \"twice\" :name $1 ; -- \n\t\\ \xF0\x9F\x99\x82";
  ASSERT_TRUE(InsertItem("t", std::monostate{}, std::monostate{}, text).ok());
  ASSERT_TRUE(InsertItem("e", std::monostate{}, std::monostate{}, std::string()).ok());
  EXPECT_EQ(MustQuery("SELECT t FROM items WHERE t = :t", {{"t", text}}).at(0).Text("t"), text);
  EXPECT_EQ(MustQuery("SELECT t FROM items WHERE id = 'e'").at(0).Text("t"), "");
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes.push_back(static_cast<char>(i));
  ASSERT_TRUE(InsertItem("b", std::monostate{}, std::monostate{}, EncodeBytes(bytes)).ok());
  EXPECT_EQ(MustQuery("SELECT t FROM items WHERE id = 'b'").at(0).Bytes("t"), bytes);
  const absl::Time time = absl::FromUnixMicros(1'700'000'000'123'456);
  ASSERT_TRUE(InsertItem("time", Time(time)).ok());
  EXPECT_EQ(MustQuery("SELECT n FROM items WHERE id = 'time'").at(0).Time("n"), time);
}

// Sums and the like have no declared column type; their type and every digit must still be right.
TEST_P(DatabaseContract, ExpressionsKeepTypeAndDigits) {
  ASSERT_TRUE(InsertItem("a", int64_t{1}, 0.1, "x").ok());
  ASSERT_TRUE(InsertItem("b", int64_t{2}, 0.2, "y").ok());
  const Row row = MustQuery(
                      "SELECT COUNT(*) AS c, SUM(n) AS sn, SUM(d) AS sd, MAX(n) AS mn, MAX(t) AS mt, AVG(n) AS an,"
                      " COALESCE(MIN(n), 0) + 1 AS e, 'a:b' AS literal FROM items")
                      .at(0);
  EXPECT_EQ(row.Int("c"), 2);
  EXPECT_EQ(row.Int("sn"), 3);
  EXPECT_EQ(row.Double("sd"), 0.1 + 0.2);
  EXPECT_EQ(row.Int("mn"), 2);
  EXPECT_EQ(row.Text("mt"), "y");
  EXPECT_EQ(row.Double("an"), 1.5);
  EXPECT_EQ(row.Int("e"), 2);
  EXPECT_EQ(row.Text("literal"), "a:b");
  EXPECT_TRUE(MustQuery("SELECT SUM(n) AS s FROM items WHERE id = 'none'").at(0).IsNull("s"));
}

TEST_P(DatabaseContract, ConstraintsAreTyped) {
  ASSERT_TRUE(InsertItem("a", int64_t{1}, std::monostate{}, "Jane").ok());
  const absl::Status taken = InsertItem("a", int64_t{2}, std::monostate{}, "Jane");
  EXPECT_TRUE(absl::IsAlreadyExists(taken)) << taken;
  EXPECT_TRUE(absl::IsFailedPrecondition(InsertItem("b", int64_t{1'000'000'000'000'000'000})));
  EXPECT_TRUE(absl::IsFailedPrecondition(Run("INSERT INTO parts (id, item) VALUES ('p', 'nobody')")));
  ASSERT_TRUE(Run("INSERT INTO parts (id, item) VALUES ('p', 'a')").ok());
  EXPECT_TRUE(absl::IsFailedPrecondition(Run("DELETE FROM items WHERE id = 'a'")));
  EXPECT_EQ(Count("items"), 1);
}

TEST_P(DatabaseContract, ErrorsTellNothingOfStatementOrData) {
  ASSERT_TRUE(InsertItem("secret-id").ok());
  const std::vector<absl::Status> errors = {InsertItem("secret-id"), Run("SELECT nonsense FROM nowhere"),
                                            Run("SYNTAX ERROR"),
                                            Run("INSERT INTO parts (id, item) VALUES ('secret-part', 'secret-nobody')"),
                                            Run("INSERT INTO items (n) VALUES (1)")};
  for (const absl::Status& error : errors) {
    ASSERT_FALSE(error.ok());
    for (const char* leak : {"secret", "SELECT", "INSERT", "items", "nowhere", "SYNTAX", "nonsense"}) {
      EXPECT_THAT(std::string(error.message()), ::testing::Not(::testing::HasSubstr(leak)));
    }
  }
  EXPECT_TRUE(absl::IsInternal(errors[1]));
  EXPECT_TRUE(absl::IsInternal(errors[2]));
}

TEST_P(DatabaseContract, ParametersMustMatchTheStatement) {
  EXPECT_TRUE(absl::IsInternal(Run("INSERT INTO items (id) VALUES (:id)")));
  EXPECT_TRUE(absl::IsInternal(Run("INSERT INTO items (id) VALUES (:id)", {{"id", "a"}, {"more", "b"}})));
  EXPECT_TRUE(absl::IsInternal(Run("INSERT INTO items (id) VALUES (:id)", {{"di", "a"}})));
  EXPECT_TRUE(absl::IsInternal(Run("INSERT INTO items (id) VALUES ('a'); DELETE FROM items")));
  ASSERT_TRUE(Run("INSERT INTO items (id, t) VALUES (:x, :x)", {{"x", "twice"}}).ok());
  EXPECT_EQ(MustQuery("SELECT t FROM items WHERE id = :x", {{"x", "twice"}}).at(0).Text("t"), "twice");
}

TEST_P(DatabaseContract, ValuesThatCannotBeStoredAreRefused) {
  EXPECT_TRUE(absl::IsInvalidArgument(InsertItem("a", {}, {}, std::string("a\0b", 3))));
  EXPECT_TRUE(absl::IsInvalidArgument(InsertItem("a", {}, {}, std::string("\xff"))));
  EXPECT_TRUE(absl::IsInternal(InsertItem("a", {}, std::numeric_limits<double>::quiet_NaN())));
  EXPECT_EQ(Count("items"), 0);
}

TEST_P(DatabaseContract, AFailingBodyChangesNothing) {
  const absl::Status status = db_->Write([](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("INSERT INTO items (id) VALUES ('a')").status());
    return absl::NotFoundError("changed my mind");
  });
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(Count("items"), 0);
}

TEST_P(DatabaseContract, AnIgnoredErrorStillSpoilsTheTransaction) {
  const absl::Status status = db_->Write([](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("INSERT INTO items (id) VALUES ('a')").status());
    EXPECT_TRUE(absl::IsAlreadyExists(t.Execute("INSERT INTO items (id) VALUES ('a')").status()));
    EXPECT_TRUE(absl::IsAlreadyExists(t.Execute("INSERT INTO items (id) VALUES ('b')").status()));
    EXPECT_TRUE(absl::IsAlreadyExists(t.Query("SELECT id FROM items").status()));
    return absl::OkStatus();
  });
  EXPECT_TRUE(absl::IsAlreadyExists(status)) << status;
  EXPECT_EQ(Count("items"), 0);
  EXPECT_TRUE(InsertItem("c").ok());  // the connection is clean again
}

TEST_P(DatabaseContract, ABodyThatThrowsIsRolledBack) {
  const absl::Status status = db_->Write([](Transaction& t) -> absl::Status {
    RETURN_IF_ERROR(t.Execute("INSERT INTO items (id) VALUES ('a')").status());
    return std::vector<absl::Status>().at(0);
  });
  EXPECT_TRUE(absl::IsInternal(status));
  EXPECT_EQ(Count("items"), 0);
}

TEST_P(DatabaseContract, ReadsCannotWrite) {
  EXPECT_TRUE(absl::IsInternal(
      db_->Read([](Transaction& t) { return t.Execute("INSERT INTO items (id) VALUES ('a')").status(); })));
  EXPECT_EQ(Count("items"), 0);
  EXPECT_TRUE(InsertItem("a").ok());
}

TEST_P(DatabaseContract, ReentryIsRefused) {
  absl::Status write_in_write, read_in_write, write_in_read;
  EXPECT_TRUE(db_->Write([&](Transaction&) {
                   write_in_write = InsertItem("a");
                   read_in_write = db_->Read([](Transaction&) { return absl::OkStatus(); });
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_TRUE(db_->Read([&](Transaction&) {
                   write_in_read = InsertItem("a");
                   return absl::OkStatus();
                 })
                  .ok());
  EXPECT_TRUE(absl::IsInternal(write_in_write));
  EXPECT_TRUE(absl::IsInternal(read_in_write));
  EXPECT_TRUE(absl::IsInternal(write_in_read));
  EXPECT_TRUE(InsertItem("a").ok());
}

TEST_P(DatabaseContract, CountsReturningAndConflicts) {
  ASSERT_TRUE(InsertItem("a", int64_t{1}).ok());
  ASSERT_TRUE(InsertItem("b", int64_t{1}).ok());
  EXPECT_TRUE(
      db_->Write([](Transaction& t) -> absl::Status {
           ASSIGN_OR_RETURN(const int64_t two, t.Execute("UPDATE items SET n = n + 1 WHERE n = 1"));
           EXPECT_EQ(two, 2);
           ASSIGN_OR_RETURN(const int64_t none, t.Execute("UPDATE items SET n = 0 WHERE n = 77"));
           EXPECT_EQ(none, 0);
           ASSIGN_OR_RETURN(const Row row,
                            t.QueryOne("UPDATE items SET n = n + 1 WHERE id = :id RETURNING n", {{"id", "a"}}));
           EXPECT_EQ(row.Int("n"), 3);
           EXPECT_TRUE(absl::IsNotFound(t.QueryOne("SELECT n FROM items WHERE id = 'no'").status()));
           ASSIGN_OR_RETURN(const int64_t kept,
                            t.Execute("INSERT INTO items (id) VALUES ('a') ON CONFLICT (id) DO NOTHING"));
           EXPECT_EQ(kept, 0);
           return t.Execute("INSERT INTO items (id, n) VALUES ('a', 9) ON CONFLICT (id) DO UPDATE SET n = 9").status();
         })
          .ok());
  EXPECT_EQ(MustQuery("SELECT n FROM items WHERE id = 'a'").at(0).Int("n"), 9);
}

TEST_P(DatabaseContract, ManyRows) {
  constexpr int kRows = 5'000;
  std::vector<std::vector<Value>> rows;
  for (int i = 0; i < kRows; ++i) {
    rows.push_back({i % 2 == 0 ? Value(std::monostate{}) : Value(i + 0.25), "id" + std::to_string(i), int64_t{i}});
  }
  const std::string insert = "INSERT INTO items (id, n, d) VALUES (:id, :n, :d)";
  const std::vector<std::string> names = {"d", "id", "n"};
  const auto insert_all = [&](Transaction& t) { return t.ExecuteMany(insert, names, rows); };
  ASSERT_TRUE(db_->Write(insert_all).ok());
  const Row row = MustQuery("SELECT COUNT(*) AS c, COUNT(d) AS cd, SUM(n) AS n, SUM(d) AS d FROM items").at(0);
  EXPECT_EQ(row.Int("c"), kRows);
  EXPECT_EQ(row.Int("cd"), kRows / 2);
  EXPECT_EQ(row.Int("n"), int64_t{kRows} * (kRows - 1) / 2);
  EXPECT_EQ(row.Double("d"), 2'500.0 * 2'500.0 + 2'500 * 0.25);
  // Again: the first row is refused, and the connection serves on.
  EXPECT_TRUE(absl::IsAlreadyExists(db_->Write(insert_all)));
  // The last row only: what came before it is rolled back with it.
  std::vector<std::vector<Value>> late = {{std::monostate{}, "new", int64_t{1}}, rows.back()};
  EXPECT_TRUE(absl::IsAlreadyExists(db_->Write([&](Transaction& t) { return t.ExecuteMany(insert, names, late); })));
  EXPECT_EQ(Count("items"), kRows);
  late.pop_back();
  EXPECT_TRUE(db_->Write([&](Transaction& t) -> absl::Status {
                   RETURN_IF_ERROR(t.ExecuteMany(insert, names, late));
                   return t.ExecuteMany("UPDATE items SET n = :n WHERE id = :id", {"id", "n"}, {{"new", int64_t{5}}});
                 })
                  .ok());
  EXPECT_EQ(MustQuery("SELECT n FROM items WHERE id = 'new'").at(0).Int("n"), 5);
  EXPECT_TRUE(absl::IsInternal(db_->Write([&](Transaction& t) { return t.ExecuteMany(insert, names, {{"x"}}); })));
}

// The fast way in keeps every value as the slow one does, and its errors.
TEST_P(DatabaseContract, ManyRowsIntoATable) {
  const std::string text = "tab\t newline\n return\r back\\slash \\N \\. 'quoted' caf\xC3\xA9 \xF0\x9F\x99\x82";
  const auto insert = [&](const std::vector<std::vector<Value>>& rows) {
    return db_->Write([&](Transaction& t) { return t.InsertMany("items", {"t", "id", "n", "d"}, rows); });
  };
  std::vector<std::vector<Value>> rows = {{text, "a", int64_t{-7}, 1.0 / 3.0},
                                          {std::string(), "b", std::monostate{}, int64_t{4}},
                                          {std::monostate{}, "c", std::numeric_limits<int64_t>::min(), 5e-324},
                                          {std::string("\\."), "\\.", int64_t{0}, -0.0}};
  for (int i = 0; i < 5'000; ++i) rows.push_back({text, "id" + std::to_string(i), int64_t{i}, std::monostate{}});
  ASSERT_TRUE(insert(rows).ok());
  EXPECT_EQ(Count("items"), 5'004);
  const auto row = [&](const std::string& id) {
    return MustQuery("SELECT t, n, d FROM items WHERE id = :id", {{"id", id}}).at(0);
  };
  EXPECT_EQ(row("a").Text("t"), text);
  EXPECT_EQ(row("a").Double("d"), 1.0 / 3.0);
  EXPECT_EQ(row("a").Int("n"), -7);
  EXPECT_EQ(row("b").Text("t"), "");
  EXPECT_TRUE(row("b").IsNull("n"));
  EXPECT_EQ(row("b").Double("d"), 4.0);
  EXPECT_TRUE(row("c").IsNull("t"));
  EXPECT_EQ(row("c").Int("n"), std::numeric_limits<int64_t>::min());
  EXPECT_EQ(row("\\.").Text("t"), "\\.");
  EXPECT_EQ(row("id4999").Text("t"), text);
  // The last row breaks a rule: nothing of them is stored, and the connection serves on.
  EXPECT_TRUE(absl::IsAlreadyExists(insert({{text, "new", int64_t{1}, 1.0}, {text, "a", int64_t{1}, 1.0}})));
  EXPECT_TRUE(absl::IsFailedPrecondition(
      insert({{text, "new", int64_t{1}, 1.0}, {text, "large", int64_t{1'000'000'000'000'000'000}, 1.0}})));
  EXPECT_TRUE(absl::IsFailedPrecondition(db_->Write([&](Transaction& t) {
    return t.InsertMany("parts", {"id", "item"}, {{"p", "none"}});
  })));
  EXPECT_TRUE(absl::IsInvalidArgument(insert({{std::string("\xff"), "bad", int64_t{1}, 1.0}})));
  EXPECT_TRUE(absl::IsInternal(insert({{text, "short"}})));
  EXPECT_EQ(Count("items"), 5'004);
  // Inside one transaction with other statements.
  EXPECT_TRUE(db_->Write([&](Transaction& t) -> absl::Status {
                   RETURN_IF_ERROR(t.InsertMany("items", {"id"}, {{"x"}, {"y"}}));
                   RETURN_IF_ERROR(t.InsertMany("items", {"id"}, {}));
                   return t.InsertMany("parts", {"id", "item"}, {{"p", "x"}});
                 })
                  .ok());
  EXPECT_EQ(Count("parts"), 1);
}

// Read, add one, write back: any two that overlapped would lose one.
TEST_P(DatabaseContract, ConcurrentIncrementsLoseNone) {
  constexpr int kThreads = 8;
  constexpr int kEach = 50;
  options_.connections = kThreads;
  options_.max_attempts = 200;
  if (GetParam().shared) db_ = MustOpen();
  Must("INSERT INTO counters (id, n) VALUES (1, 0)");
  std::vector<std::thread> threads;
  std::vector<int> failures(kThreads, 0);
  for (size_t k = 0; k < kThreads; ++k) {
    threads.emplace_back([&, k] {
      for (int i = 0; i < kEach; ++i) {
        const absl::Status status = db_->Write([](Transaction& t) -> absl::Status {
          ASSIGN_OR_RETURN(const Row row, t.QueryOne("SELECT n FROM counters WHERE id = 1"));
          return t.Execute("UPDATE counters SET n = :n WHERE id = 1", {{"n", row.Int("n") + 1}}).status();
        });
        if (!status.ok()) ++failures[k];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(failures, ::testing::Each(0));
  EXPECT_EQ(MustQuery("SELECT n FROM counters WHERE id = 1").at(0).Int("n"), kThreads * kEach);
}

TEST_P(DatabaseContract, ABodysOwnAbortedIsNotRetried) {
  int runs = 0;
  const absl::Status status = db_->Write([&](Transaction&) {
    ++runs;
    return StaleEtag("studies/a");
  });
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_EQ(runs, 1);
}

TEST_P(DatabaseContract, DataOutlivesTheDatabaseObject) {
  if (!GetParam().shared) GTEST_SKIP() << "a memory database lives as long as its object";
  ASSERT_TRUE(InsertItem("kept", int64_t{7}).ok());
  db_.reset();
  db_ = MustOpen();
  EXPECT_EQ(MustQuery("SELECT n FROM items WHERE id = 'kept'").at(0).Int("n"), 7);
}

inline std::vector<Migration> ContractSteps(int count) {
  const std::vector<Migration> all = {
      {1, "people", {"CREATE TABLE people (id TEXT NOT NULL PRIMARY KEY)", "INSERT INTO people (id) VALUES ('first')"}},
      {2, "age", {"ALTER TABLE people ADD COLUMN age BIGINT NOT NULL DEFAULT 0"}},
      {3, "index", {"CREATE INDEX people_by_age ON people (age)"}}};
  return {all.begin(), all.begin() + count};
}

TEST_P(DatabaseContract, MigratesFromEmptyAndFromThePreviousSchema) {
  const absl::Time now = absl::FromUnixSeconds(kContractTimeSeconds);
  ASSERT_TRUE(Migrate(*db_, "demo", ContractSteps(1), now).ok());
  Must("INSERT INTO people (id) VALUES ('second')");
  ASSERT_TRUE(Migrate(*db_, "demo", ContractSteps(3), now).ok());
  ASSERT_TRUE(Migrate(*db_, "demo", ContractSteps(3), now).ok());  // nothing left to do
  EXPECT_EQ(MustQuery("SELECT SUM(age) AS s, COUNT(*) AS c FROM people").at(0).Int("c"), 2);
  const std::vector<Row> rows = MustQuery("SELECT version, name, applied_time FROM schema_migrations ORDER BY version");
  ASSERT_EQ(rows.size(), 3u);
  EXPECT_EQ(rows[2].Text("name"), "index");
  EXPECT_EQ(rows[2].Time("applied_time"), now);
  // Components do not see each other's steps.
  ASSERT_TRUE(Migrate(*db_, "other", {{1, "t", {"CREATE TABLE other_t (id TEXT)"}}}, now).ok());
}

TEST_P(DatabaseContract, RefusesANewerSchemaAndEditedSteps) {
  const absl::Time now = absl::FromUnixSeconds(kContractTimeSeconds);
  ASSERT_TRUE(Migrate(*db_, "demo", ContractSteps(2), now).ok());
  const absl::Status newer = Migrate(*db_, "demo", ContractSteps(1), now);
  EXPECT_TRUE(absl::IsFailedPrecondition(newer));
  EXPECT_EQ(GetErrorDetail(newer)->reason, "SCHEMA_TOO_NEW");
  std::vector<Migration> edited = ContractSteps(3);
  edited[0].statements[0] += " ";
  const absl::Status changed = Migrate(*db_, "demo", edited, now);
  EXPECT_TRUE(absl::IsFailedPrecondition(changed));
  EXPECT_EQ(GetErrorDetail(changed)->reason, "SCHEMA_STEP_EDITED");
  std::vector<Migration> unordered = ContractSteps(3);
  unordered[2].version = 4;
  EXPECT_TRUE(absl::IsInternal(Migrate(*db_, "demo", unordered, now)));
  EXPECT_EQ(MustQuery("SELECT COUNT(*) AS c FROM schema_migrations").at(0).Int("c"), 2);
}

TEST_P(DatabaseContract, AFailingStepChangesNothing) {
  std::vector<Migration> steps = ContractSteps(2);
  steps[1].statements.emplace_back("CREATE TABLE people (broken TEXT)");
  ASSERT_FALSE(Migrate(*db_, "demo", steps, absl::FromUnixSeconds(1)).ok());
  EXPECT_EQ(MustQuery("SELECT COUNT(*) AS c FROM schema_migrations").at(0).Int("c"), 1);
  ASSERT_TRUE(Migrate(*db_, "demo", ContractSteps(2), absl::FromUnixSeconds(1)).ok());
}

TEST_P(DatabaseContract, ManyProcessesMayMigrateAtOnce) {
  if (!GetParam().shared) GTEST_SKIP() << "a memory database belongs to one object";
  constexpr size_t kStarters = 6;
  std::vector<absl::Status> outcomes(kStarters);
  std::vector<std::thread> threads;
  for (size_t k = 0; k < kStarters; ++k) {
    threads.emplace_back([&, k] {
      auto database = Database::Open(options_);
      outcomes[k] =
          database.ok() ? Migrate(**database, "demo", ContractSteps(3), absl::FromUnixSeconds(1)) : database.status();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::Status& outcome : outcomes) EXPECT_TRUE(outcome.ok()) << outcome;
  EXPECT_EQ(Count("people"), 1);
}

TEST_P(DatabaseContract, RequestLogReplaysAndRefusesReuse) {
  ASSERT_TRUE(Migrate(*db_, "log", {RequestLogMigration(1)}, absl::FromUnixSeconds(1)).ok());
  const Mutation first = {"ann", "S/Create", "id-1", "digest", absl::FromUnixSeconds(100)};
  const std::string answer("\0bytes\xff", 7);
  const auto run = [&](const Mutation& mutation, const std::string& response) {
    absl::StatusOr<std::optional<std::string>> found;
    const absl::Status status = db_->Write([&](Transaction& t) -> absl::Status {
      found = BeginRequest(t, mutation);
      RETURN_IF_ERROR(found.status());
      return found->has_value() ? absl::OkStatus() : FinishRequest(t, mutation, response);
    });
    EXPECT_EQ(status.code(), found.status().code());
    return found;
  };
  EXPECT_EQ(run(first, answer).value(), std::nullopt);
  EXPECT_EQ(run(first, "second answer").value(), answer);
  Mutation other = first;
  other.request_digest = "else";
  EXPECT_EQ(GetErrorDetail(run(other, "").status())->reason, "REQUEST_ID_REUSED");
  other = first;
  other.method = "S/Delete";
  EXPECT_TRUE(absl::IsInvalidArgument(run(other, "").status()));
  other = first;
  other.actor = "bob";
  EXPECT_EQ(run(other, "for bob").value(), std::nullopt);
  EXPECT_EQ(run(first, "").value(), answer);
  Mutation unnamed = first;
  unnamed.request_id = "";
  EXPECT_EQ(run(unnamed, "not kept").value(), std::nullopt);
  EXPECT_EQ(run(unnamed, "not kept").value(), std::nullopt);
  EXPECT_EQ(Count("request_log"), 2);
  const auto prune = [&](int64_t second) {
    int64_t pruned = -1;
    EXPECT_TRUE(db_->Write([&](Transaction& t) -> absl::Status {
                     ASSIGN_OR_RETURN(pruned, PruneResponses(t, absl::FromUnixSeconds(second)));
                     return absl::OkStatus();
                   })
                    .ok());
    return pruned;
  };
  EXPECT_EQ(prune(100), 0);
  EXPECT_EQ(prune(101), 2);
  EXPECT_EQ(run(first, "anew").value(), std::nullopt);
}

// Capitals before small letters, accents last: by bytes, whatever the server's language.
TEST_P(DatabaseContract, TextsSortByBytesWhereTheStatementSaysSo) {
  for (const char* id : {"b", "A", "a", "B", "\xC3\xA9", "a-b", "ab", "Z"}) ASSERT_TRUE(InsertItem(id).ok());
  std::vector<std::string> sorted;
  for (const Row& row : MustQuery("SELECT id FROM items ORDER BY id COLLATE \"C\"")) sorted.push_back(row.Text("id"));
  EXPECT_THAT(sorted, ::testing::ElementsAre("A", "B", "Z", "a", "a-b", "ab", "b", "\xC3\xA9"));
  EXPECT_EQ(MustQuery("SELECT id FROM items WHERE id LIKE 'a%'").size(), 3u);  // LIKE tells case apart
}

TEST_P(DatabaseContract, AuditLogOnlyGrows) {
  const Migration step = AuditLogMigration(1, db_->is_postgresql());
  ASSERT_TRUE(Migrate(*db_, "log", {step}, absl::FromUnixSeconds(1)).ok());
  const std::vector<AuditEntry> entries = {{"study.create", "studies/a", "items=3"}, {"code.add", "studies/b", ""}};
  ASSERT_TRUE(
      db_->Write([&](Transaction& t) { return AppendAudit(t, absl::FromUnixSeconds(5), "ann", "S/Create", entries); })
          .ok());
  EXPECT_FALSE(Run("UPDATE audit_log SET actor = 'bob'").ok());
  EXPECT_FALSE(Run("DELETE FROM audit_log").ok());
  ASSERT_TRUE(db_->Read([&](Transaction& t) -> absl::Status {
                   ASSIGN_OR_RETURN(const std::vector<AuditRecord> all, ListAudit(t, "", 0, 10));
                   EXPECT_EQ(all.size(), 2u);
                   EXPECT_EQ(all[0].entry.action, "study.create");
                   EXPECT_EQ(all[0].entry.detail, "items=3");
                   EXPECT_EQ(all[0].actor, "ann");
                   EXPECT_EQ(all[0].method, "S/Create");
                   EXPECT_EQ(all[0].time, absl::FromUnixSeconds(5));
                   ASSIGN_OR_RETURN(const std::vector<AuditRecord> of_b, ListAudit(t, "studies/b", 0, 10));
                   EXPECT_EQ(of_b.size(), 1u);
                   ASSIGN_OR_RETURN(const std::vector<AuditRecord> rest, ListAudit(t, "", all[0].seq, 10));
                   EXPECT_EQ(rest.size(), 1u);
                   ASSIGN_OR_RETURN(const std::vector<AuditRecord> one, ListAudit(t, "", 0, 1));
                   EXPECT_EQ(one.size(), 1u);
                   return absl::OkStatus();
                 })
                  .ok());
}

}  // namespace plumbline::sql

#endif  // PLUMBLINE_COMMON_SQL_DATABASE_CONTRACT_H_
