#include <memory>
#include <regex>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_queries.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"
#include "common/testing/postgres_server.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// How the statements that a large study needs find their rows: through an index, never by reading a table of millions.
namespace plumbline::coding {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// As the databases see it in EXPLAIN, which takes no parameters.
std::string WithLiterals(std::string statement) {
  if (statement.back() == '(') statement += "'item-7', 'item-8')";
  static const std::regex kParameter(R"((^|[^:\w]):(\w+))");
  const auto literal = [](const std::string& name) -> std::string {
    if (name == "study" || name == "id") return "'scale'";
    if (name == "coder") return "'c1'";
    if (name == "after" || name == "until" || name == "limit") return name == "limit" ? "50" : "7";
    if (name == "item" || name == "repeat_of") return "'item-7'";
    return "1";
  };
  std::string text;
  auto rest = statement.cbegin();
  for (std::sregex_iterator it(statement.begin(), statement.end(), kParameter), end; it != end; ++it) {
    text.append(rest, (*it)[1].second);
    text += literal((*it)[2]);
    rest = (*it)[0].second;
  }
  text.append(rest, statement.cend());
  return text;
}

// Pages by item ids have a text as their bound.
std::string WithItemBounds(std::string statement) {
  statement = std::regex_replace(statement, std::regex(":after"), "'item-7'");
  return std::regex_replace(statement, std::regex(":until"), "'item-8'");
}

class StudyPlans : public ::testing::Test {
 protected:
  void Open(const sql::DatabaseOptions& options) {
    auto database = sql::Database::Open(options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    const absl::Time now = absl::FromUnixSeconds(1);
    ASSERT_TRUE(jobs::MigrateCommon(*database_, now).ok());
    const absl::Status migrated = sql::Migrate(*database_, "coding", CodingMigrations(), now);
    ASSERT_TRUE(migrated.ok()) << migrated;
  }
  void Run(const std::string& statement) {
    const absl::Status status =
        database_->Write([&](sql::Transaction& transaction) { return transaction.Execute(statement).status(); });
    ASSERT_TRUE(status.ok()) << status << " in " << statement;
  }
  std::string Plan(const std::string& explain, const std::string& statement, const std::string& column) {
    std::vector<std::string> lines;
    const absl::Status status = database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(const auto rows, transaction.Query(absl::StrCat(explain, WithLiterals(statement))));
      for (const sql::Row& row : rows) lines.push_back(row.Text(column));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status << " in " << statement;
    return absl::StrJoin(lines, "\n");
  }
  static std::vector<std::string> Statements() {
    std::vector<std::string> statements = {queries::kListKey,
                                           queries::kListItemsWithTexts,
                                           queries::kListItemsWithoutTexts,
                                           queries::kListCodesOfSessions,
                                           queries::kListStudyQuestions,
                                           queries::kListStudySessions,
                                           queries::kListCodeHeads,
                                           queries::kListCoderItems,
                                           queries::kGetCoderItem,
                                           queries::kInsertRepeat,
                                           queries::kFindTranscripts};
    for (const char* by_item :
         {queries::kListRepeats, queries::kListRepeatCodes, queries::kListRepeatedCodes, queries::kListItemPlaces}) {
      statements.push_back(WithItemBounds(by_item));
    }
    return statements;
  }

  std::unique_ptr<sql::Database> database_;
};

TEST_F(StudyPlans, UseAnIndexInSqlite) {
  Open({.url = "sqlite::memory:", .schema = "coding"});
  for (const std::string& statement : Statements()) {
    const std::string plan = Plan("EXPLAIN QUERY PLAN ", statement, "detail");
    EXPECT_FALSE(std::regex_search(plan, std::regex(R"(SCAN \w+(\n|$))"))) << statement << "\n" << plan;
    EXPECT_THAT(plan, Not(HasSubstr("AUTOMATIC"))) << statement;
  }
}

// With a study of 20,000 items beside another, and PostgreSQL's own idea of what is cheap.
TEST_F(StudyPlans, UseAnIndexInPostgres) {
  using plumbline::testing::PostgresServer;
  if (!PostgresServer::SkipReason().empty()) GTEST_SKIP() << PostgresServer::SkipReason();
  const auto server = PostgresServer::Shared();
  ASSERT_TRUE(server.ok()) << server.status();
  const auto url = (*server)->NewDatabase();
  ASSERT_TRUE(url.ok()) << url.status();
  Open({.url = *url, .schema = "coding"});
  Run("INSERT INTO transcripts (session, format, asker, turn_count, question_count, create_time, revision)"
      " SELECT 'session-' || n, 'csv', 'supervisor', 0, 20, 1, 1 FROM generate_series(1, 1000) AS n");
  Run("INSERT INTO questions (session, number, turn, text, kind, rule, begin_byte, end_byte)"
      " SELECT 'session-' || (n % 1000 + 1), n / 1000 + 1, 1, 'text', 'direct', 'r', 0, 0"
      " FROM generate_series(0, 19999) AS n");
  for (const char* study : {"scale", "other"}) {
    Run(
        absl::StrCat("INSERT INTO studies (id, title, frame_id, frame_version, seed, state, item_count, create_time,"
                     " revision) VALUES ('",
                     study, "', 't', 'f', 1, '1', 'OPEN', 20000, 1, 1)"));
    Run(absl::StrCat("INSERT INTO study_sessions (study, position, session) SELECT '", study,
                     "', n, 'session-' || n FROM generate_series(1, 1000) AS n"));
    Run(
        absl::StrCat("INSERT INTO study_items (study, item, session, turn, question_number, text, number, repeat_of)"
                     " SELECT '",
                     study,
                     "', 'item-' || n, 'session-' || (n % 1000 + 1), 1, n / 1000 + 1, 'text', n,"
                     " CASE WHEN n % 20 = 19 THEN 'item-' || (n - 1) ELSE '' END FROM generate_series(0, 19999) AS n"));
    for (const char* coder : {"c1", "c2"}) {
      Run(absl::StrCat(
          "INSERT INTO assignments (study, coder, position, item, version, outcomes_focused, nomination,"
          " submit_time) SELECT '",
          study, "', '", coder, "', n + 1, 'item-' || n, 1, 1, '', 1 FROM generate_series(0, 19999) AS n"));
    }
  }
  for (const char* table : {"transcripts", "questions", "study_sessions", "study_items", "assignments"}) {
    Run(absl::StrCat("ANALYZE ", table));
  }
  for (const std::string& statement : Statements()) {
    const std::string plan = Plan("EXPLAIN ", statement, "QUERY PLAN");
    EXPECT_THAT(plan, AllOf(HasSubstr("Index"), Not(HasSubstr("Seq Scan")))) << statement << "\n" << plan;
  }
}

}  // namespace
}  // namespace plumbline::coding
