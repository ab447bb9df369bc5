#include <map>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_databases_test_util.h"
#include "common/jobs/sql_operation_rows.h"
#include "common/jobs/sql_operation_statements.h"
#include "common/jobs/sql_operation_store.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/audit_log.h"
#include "common/sql/request_log.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What only the databases know: how statements find their rows, what a migration does with rows that are there, and
// what happens after somebody changed rows by hand.
namespace plumbline::jobs {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// As the databases see it in EXPLAIN, which takes no parameters.
std::string WithLiterals(const std::string& statement) {
  static const std::map<std::string, std::string> kNumbers = {
      {"limit", "50"}, {"before", "9000000000000000"}, {"until", "9000000000000000"}};
  static const std::set<std::string> kTexts = {"id",    "kind",   "payload", "target", "actor", "parent",
                                               "after", "except", "error",   "result", "phase", "unique_key"};
  static const std::regex kParameter(R"((^|[^:\w]):(\w+))");
  std::string text;
  auto rest = statement.cbegin();
  for (std::sregex_iterator it(statement.begin(), statement.end(), kParameter), end; it != end; ++it) {
    const std::smatch& match = *it;
    text.append(rest, match[1].second);
    const std::string name = match[2];
    const auto number = kNumbers.find(name);
    text.append(kTexts.contains(name) ? "'op-1'" : number == kNumbers.end() ? "1" : number->second);
    rest = match[0].second;
  }
  text.append(rest, statement.cend());
  return text;
}

class SqlOperationsTest : public ::testing::Test {
 protected:
  void Open(const sql::DatabaseOptions& options) {
    auto database = sql::Database::Open(options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
  }
  void Migrate() {
    const absl::Status ready = MigrateCommon(*database_, kNow);
    ASSERT_TRUE(ready.ok()) << ready;
  }
  void Run(const std::string& statement) {
    const absl::Status status =
        database_->Write([&](sql::Transaction& transaction) { return transaction.Execute(statement).status(); });
    ASSERT_TRUE(status.ok()) << status << " in " << statement;
  }
  // The text of a plan, one line for each step.
  std::string Plan(const std::string& explain, const std::string& statement, const std::string& column,
                   const std::string& before = "") {
    std::vector<std::string> lines;
    const absl::Status status = database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      if (!before.empty()) RETURN_IF_ERROR(transaction.Execute(before).status());
      ASSIGN_OR_RETURN(const auto rows, transaction.Query(absl::StrCat(explain, WithLiterals(statement))));
      for (const sql::Row& row : rows) lines.push_back(row.Text(column));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status << " in " << statement;
    return absl::StrJoin(lines, "\n");
  }

  const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
  std::unique_ptr<sql::Database> database_;
};

// Every statement goes through an index, and the ones that take part of the table through the index of that part.
TEST_F(SqlOperationsTest, NoStatementReadsTheWholeTableInSqlite) {
  Open(MemoryOptions());
  Migrate();
  for (const char* statement : statements::kAll) {
    const std::string plan = Plan("EXPLAIN QUERY PLAN ", statement, "detail");
    SCOPED_TRACE(absl::StrCat(statement, "\n", plan));
    // "SCAN operations USING INDEX ..." walks an index in its order; without one it reads the table.
    EXPECT_FALSE(std::regex_search(plan, std::regex(R"(SCAN \w+(\n|$))")));
    EXPECT_THAT(plan, Not(HasSubstr("TEMP B-TREE FOR ORDER BY")));
    EXPECT_THAT(plan, Not(HasSubstr("AUTOMATIC")));
  }
  for (const auto& [statement, index] :
       std::vector<std::pair<const char*, const char*>>{{statements::kSelectHolderOfKey, "operations_unique"},
                                                        {statements::kSelectDead, "operations_dead"},
                                                        {statements::kSelectDeadAfter, "operations_dead"},
                                                        {statements::kSelectChildren, "operations_children"},
                                                        {statements::kDeleteChildren, "operations_children"},
                                                        {statements::kSelectUnfinished, "operations_unfinished"},
                                                        {statements::kCount, "operations_unfinished"},
                                                        {statements::kCount, "operations_waiting"},
                                                        {statements::kCount, "operations_dead"},
                                                        {statements::kCancelChildren, "operations_open_children"},
                                                        {statements::kSelectAllAdvanceable, "operations_waiting"},
                                                        {statements::kSelectAllAdvanceable, "operations_open_children"},
                                                        {statements::kAdvance, "operations_open_children"},
                                                        {statements::kSelectOrphans, "operations_open_children"},
                                                        {statements::kSumFinished, "operations_finished"},
                                                        {statements::kSelectOldestFinished, "operations_finished"}}) {
    EXPECT_THAT(Plan("EXPLAIN QUERY PLAN ", statement, "detail"), HasSubstr(absl::StrCat("INDEX ", index)))
        << statement;
  }
}

// The same with 20,000 rows, most of them finished, and PostgreSQL's own idea of what is cheap.
TEST_F(SqlOperationsTest, NoStatementReadsTheWholeTableInPostgres) {
  if (!plumbline::testing::PostgresServer::SkipReason().empty()) {
    GTEST_SKIP() << plumbline::testing::PostgresServer::SkipReason();
  }
  Open(PostgresOptions());
  Migrate();
  Run("INSERT INTO operations (id, kind, payload, target, actor, state, create_time, end_time, parent, unique_key)"
      " SELECT 'op-' || n, 'k', '', 'studies/' || (n % 500), 'ann',"
      " CASE n % 200 WHEN 0 THEN 'PENDING' WHEN 1 THEN 'RUNNING' WHEN 2 THEN 'WAITING' WHEN 3 THEN 'FAILED'"
      " ELSE 'SUCCEEDED' END, n, n, CASE WHEN n % 2 = 0 AND n % 200 > 3 THEN 'op-' || (n / 16 * 200 + 2) ELSE '' END,"
      " CASE WHEN n % 200 = 1 THEN 'key-' || n ELSE '' END FROM generate_series(1, 20000) AS n");
  Run("ANALYZE operations");
  for (const char* statement : statements::kAll) {
    if (statement == statements::kInsert) continue;  // reads nothing
    // The sum takes all that is finished, which is most of this table: from the index of finished operations alone once
    // the server has vacuumed it, which no transaction can ask for.
    const char* const before = statement == statements::kSumFinished ? "SET LOCAL enable_seqscan = off" : "";
    const std::string plan = Plan("EXPLAIN ", statement, "QUERY PLAN", before);
    EXPECT_THAT(plan, AllOf(HasSubstr("Index"), Not(HasSubstr("Seq Scan")))) << statement << "\n" << plan;
  }
}

class SqlOperationsOnBoth : public SqlOperationsTest, public ::testing::WithParamInterface<bool> {
 protected:
  void SetUp() override {
    if (GetParam() && !plumbline::testing::PostgresServer::SkipReason().empty()) {
      GTEST_SKIP() << plumbline::testing::PostgresServer::SkipReason();
    }
    Open(GetParam() ? PostgresOptions() : SqliteOptions());
  }
  void InsertRow(const std::string& id, const std::string& state, const std::string& parent = "") {
    Run(absl::StrCat("INSERT INTO operations (id, kind, payload, target, actor, state, create_time, parent) VALUES ('",
                     id, "', 'k', '', '', 'ann', '", state, "', 1, '", parent, "')"));
  }
};
INSTANTIATE_TEST_SUITE_P(Sql, SqlOperationsOnBoth, ::testing::Bool(),
                         [](const auto& postgres) { return postgres.param ? "Postgres" : "SqliteFile"; });

TEST_P(SqlOperationsOnBoth, OldRowsSurviveTheMigration) {
  const absl::Status old = sql::Migrate(
      *database_, "common",
      {sql::RequestLogMigration(1), sql::AuditLogMigration(2, database_->is_postgresql()), OperationsMigration(3)},
      kNow);
  ASSERT_TRUE(old.ok()) << old;
  const std::string columns =
      "INSERT INTO operations (id, kind, payload, target, actor, state, attempts, token, result, error, create_time,"
      " start_time, end_time, cancel_requested, progress_done, progress_total, progress_phase) VALUES ";
  Run(columns +
      "('op-run', 'k', 'cGF5bG9hZA==', 'studies/a', 'ann', 'RUNNING', 2, 3, '', '', 1000000, 2000000, NULL,"
      " 1, 4, 9, 'scoring')");
  Run(columns +
      "('op-done', 'k', '', '', 'ann', 'SUCCEEDED', 1, 1, 'YW5zd2Vy', '', 1000000, 2000000, 3000000,"
      " 0, 0, 0, '')");
  Migrate();
  SqlOperationStore store(*database_);
  const auto running = store.Get("op-run");
  ASSERT_TRUE(running.ok()) << running.status();
  EXPECT_EQ(running->payload, "payload");
  EXPECT_EQ(running->target, "studies/a");
  EXPECT_EQ(running->attempts, 2);
  EXPECT_EQ(running->token, 3);
  EXPECT_TRUE(running->cancel_requested);
  EXPECT_EQ(running->progress.total, 9);
  EXPECT_EQ(running->start_time, absl::FromUnixSeconds(2));
  EXPECT_EQ(running->not_before, absl::InfinitePast());
  EXPECT_EQ(running->parent, "");
  EXPECT_EQ(store.Get("op-done")->result, "answer");
  EXPECT_EQ(store.ListUnfinished(kNow, "", 10)->size(), 1u);
  EXPECT_TRUE(store.SetProgress({"op-run", 3}, {5, 9, "scoring"}).ok());
  // 6 bytes of result, kept in 8 letters, count as 6.
  EXPECT_EQ(store.Retire(6, absl::ZeroDuration(), kNow).value_or(-1), 0);
  EXPECT_EQ(store.Retire(5, absl::ZeroDuration(), kNow).value_or(-1), 1);
}

TEST_P(SqlOperationsOnBoth, OrphansAreFoundAndCancelled) {
  Migrate();
  SqlOperationStore store(*database_);
  InsertRow("op-done", "SUCCEEDED");
  InsertRow("op-waiting", "WAITING");
  InsertRow("op-1", "PENDING", "op-done");
  InsertRow("op-2", "RUNNING", "op-done");
  InsertRow("op-3", "SUCCEEDED", "op-done");
  InsertRow("op-4", "PENDING", "op-gone");
  InsertRow("op-5", "PENDING", "op-waiting");
  InsertRow("op-6", "PENDING");
  const auto orphans = store.ListOrphans(10);
  ASSERT_TRUE(orphans.ok()) << orphans.status();
  EXPECT_THAT(*orphans, ::testing::UnorderedElementsAre("op-1", "op-2", "op-4"));
  EXPECT_EQ(store.ListOrphans(2)->size(), 2u);
  const absl::Time later = kNow + absl::Seconds(5);
  EXPECT_EQ(store.CancelOrphans({"op-1", "op-2", "op-4", "op-5", "op-6", "op-none"}, later).value_or(-1), 3);
  EXPECT_EQ(store.Get("op-1")->state, OperationState::kCancelled);
  EXPECT_EQ(store.Get("op-1")->end_time, later);
  EXPECT_EQ(store.Get("op-2")->state, OperationState::kRunning);
  EXPECT_TRUE(store.Get("op-2")->cancel_requested);
  EXPECT_EQ(store.Get("op-5")->state, OperationState::kPending);
  EXPECT_EQ(store.Get("op-6")->state, OperationState::kPending);
  EXPECT_TRUE(store.ListOrphans(10)->empty());
}

// A parent that can never be joined is ended, and said so, instead of waiting for ever.
TEST_P(SqlOperationsOnBoth, AParentWhoseChildrenWereLostFails) {
  Migrate();
  SqlOperationStore store(*database_);
  InsertRow("op-parent", "WAITING");
  InsertRow("op-1", "SUCCEEDED", "op-parent");
  InsertRow("op-2", "CANCELLED", "op-parent");
  EXPECT_TRUE(store.AdvanceParents(10, kNow)->empty());
  const auto parent = store.Get("op-parent");
  ASSERT_TRUE(parent.ok()) << parent.status();
  EXPECT_EQ(parent->state, OperationState::kFailed);
  EXPECT_EQ(parent->end_time, kNow);
  EXPECT_EQ(GetErrorDetail(parent->error).value_or(ErrorDetail{}).reason, "CHILDREN_LOST");
}

}  // namespace
}  // namespace plumbline::jobs
