// A database of the schema before the newest steps, with rows in it, comes forward with what it holds.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_store.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"
#include "common/testing/postgres_server.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using plumbline::testing::PostgresServer;

constexpr absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

struct Backend {
  std::string name;
  std::function<absl::StatusOr<sql::DatabaseOptions>()> options;
  std::function<std::string()> skip_reason = [] { return std::string(); };
};

class MigrationTest : public ::testing::TestWithParam<Backend> {
 protected:
  void SetUp() override {
    if (const std::string reason = GetParam().skip_reason(); !reason.empty()) GTEST_SKIP() << reason;
    const auto options = GetParam().options();
    ASSERT_TRUE(options.ok()) << options.status();
    auto database = sql::Database::Open(*options);
    ASSERT_TRUE(database.ok()) << database.status();
    database_ = *std::move(database);
    ASSERT_TRUE(jobs::MigrateCommon(*database_, kNow).ok());
  }
  absl::Status MigrateTo(int version) {
    std::vector<sql::Migration> steps = CodingMigrations();
    std::erase_if(steps, [&](const sql::Migration& step) { return step.version > version; });
    return sql::Migrate(*database_, "coding", steps, kNow);
  }
  absl::Status Execute(const std::vector<std::string>& statements) {
    return database_->Write([&](sql::Transaction& transaction) -> absl::Status {
      for (const std::string& statement : statements) RETURN_IF_ERROR(transaction.Execute(statement).status());
      return absl::OkStatus();
    });
  }
  std::unique_ptr<sql::Database> database_;
};

TEST_P(MigrationTest, CodesOfTheFirstSchemaMeanWhatTheyDid) {
  ASSERT_TRUE(MigrateTo(1).ok());
  const absl::Status planted = Execute({
      "INSERT INTO studies (id, title, frame_id, frame_version, seed, state, item_count, create_time, close_time, "
      "revision)"
      " VALUES ('pilot', 'Pilot', 'ofs-pilot', 1, '7', 'OPEN', 1, 0, NULL, 1)",
      "INSERT INTO study_coders (study, position, coder) VALUES ('pilot', 1, 'c1')",
      "INSERT INTO study_items (study, item, session, turn, question_number, text)"
      " VALUES ('pilot', 'item', 's', 1, 1, 'Why?')",
      "INSERT INTO assignments (study, coder, position, item, version, outcomes_focused, nomination, submit_time)"
      " VALUES ('pilot', 'c1', 1, 'item', 2, 1, '4a', 5000000)",
      "INSERT INTO codes (study, coder, item, version, outcomes_focused, nomination, submit_time)"
      " VALUES ('pilot', 'c1', 'item', 1, 0, '', 4000000), ('pilot', 'c1', 'item', 2, 1, '4a', 5000000)",
  });
  ASSERT_TRUE(planted.ok()) << planted;
  const absl::Status forward = sql::Migrate(*database_, "coding", CodingMigrations(), kNow);
  ASSERT_TRUE(forward.ok()) << forward;
  const auto store = MakeSqlStore(*database_);
  const absl::Status read = store->Read([](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const CoderItem item, reader.GetCoderItem("pilot", "c1", "item"));
    EXPECT_EQ(item.text, "Why?");
    EXPECT_EQ(item.context, "");
    EXPECT_TRUE(item.code.has_value() && item.code->outcomes_focused && item.code->nomination == "4a");
    ASSIGN_OR_RETURN(const std::vector<Code> codes, reader.ListCodeVersions("pilot", "c1", "item", 0, 9));
    EXPECT_EQ(codes.size(), 2u);
    EXPECT_TRUE(codes[1].skip_reason.empty() && codes[1].ratings.empty());
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
}

TEST_P(MigrationTest, TranscriptsOfTheFirstSchemaStay) {
  ASSERT_TRUE(MigrateTo(1).ok());
  const absl::Status planted = Execute({
      "INSERT INTO transcripts (session, format, asker, turn_count, question_count, create_time, revision)"
      " VALUES ('s1', 'webvtt', 'supervisor', 1, 0, 0, 1)",
      "INSERT INTO turns (session, number, speaker, role, text) VALUES ('s1', 1, 'Jo', 'supervisor', 'hello')",
  });
  ASSERT_TRUE(planted.ok()) << planted;
  ASSERT_TRUE(sql::Migrate(*database_, "coding", CodingMigrations(), kNow).ok());
  const auto store = MakeSqlStore(*database_);
  const absl::Status read = store->Read([](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const TranscriptRecord record, reader.GetTranscript("s1"));
    ASSIGN_OR_RETURN(const std::vector<Turn> turns, reader.ListTurns("s1"));
    EXPECT_EQ(record.encoding, "");
    EXPECT_EQ(record.duration_source, DurationSource::kNone);
    EXPECT_EQ(turns.at(0).text, "hello");
    EXPECT_EQ(turns.at(0).suggested_by, "");
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  const auto removed = store->Write({"tester", "Test/Write", "", "", kNow},
                                    [](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                                      RETURN_IF_ERROR(writer.DeleteTranscript("s1"));
                                      return jobs::WriteResult{};
                                    });
  EXPECT_TRUE(removed.ok()) << removed.status();
}

TEST_P(MigrationTest, QuestionsStoredBeforeSayWhetherTheyWereImported) {
  ASSERT_TRUE(MigrateTo(7).ok());
  const absl::Status planted = Execute({
      "INSERT INTO transcripts (session, format, asker, turn_count, question_count, create_time, revision)"
      " VALUES ('found', 'csv', 'supervisor', 1, 1, 0, 1), ('imported', 'detect', 'unknown', 0, 2, 0, 1),"
      " ('none', 'csv', 'supervisor', 1, 0, 0, 1)",
      "INSERT INTO questions (session, number, turn, text, kind, rule, begin_byte, end_byte)"
      " VALUES ('found', 1, 1, 'Why?', 'direct', 'wh-start', 0, 4), ('imported', 1, 1, 'Why?', 'direct', 'imported', "
      "0, 0),"
      " ('imported', 2, 1, 'How?', 'direct', 'imported', 0, 0)",
  });
  ASSERT_TRUE(planted.ok()) << planted;
  ASSERT_TRUE(sql::Migrate(*database_, "coding", CodingMigrations(), kNow).ok());
  const auto store = MakeSqlStore(*database_);
  const absl::Status read = store->Read([](CodingReader& reader) -> absl::Status {
    for (const char* session : {"found", "imported", "none"}) {
      ASSIGN_OR_RETURN(const TranscriptRecord record, reader.GetTranscript(session));
      ASSIGN_OR_RETURN(const std::vector<Question> questions, reader.ListQuestions(session, 0, 9));
      const bool imported = record.session == "imported";
      EXPECT_EQ(record.questions_by_hand, imported) << session;
      EXPECT_EQ(questions.size(), static_cast<size_t>(record.question_count));
      for (const Question& question : questions) EXPECT_EQ(question.confidence, imported ? 1 : 0) << session;
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
}

INSTANTIATE_TEST_SUITE_P(
    Databases, MigrationTest,
    ::testing::Values(Backend{"sqlite",
                              [] { return sql::DatabaseOptions{.url = "sqlite::memory:", .schema = "coding"}; }},
                      Backend{"postgres",
                              []() -> absl::StatusOr<sql::DatabaseOptions> {
                                ASSIGN_OR_RETURN(PostgresServer* const server, PostgresServer::Shared());
                                ASSIGN_OR_RETURN(const std::string url, server->NewDatabase());
                                return sql::DatabaseOptions{.url = url, .schema = "coding"};
                              },
                              PostgresServer::SkipReason}),
    [](const auto& backend) { return backend.param.name; });

}  // namespace
}  // namespace plumbline::coding
