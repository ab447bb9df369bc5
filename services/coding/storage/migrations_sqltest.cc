#include <filesystem>

#include "coding/storage/sql_migrations.h"
#include "coding/storage/sql_store.h"
#include "common/base/ids.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/sql/database.h"
#include "common/testing/postgres_server.h"
#include "common/testing/sql_store_backend.h"
#include "gtest/gtest.h"

// What a schema of an earlier release holds is there after the steps since.
namespace plumbline::coding {
namespace {

using plumbline::testing::PostgresServer;

constexpr absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

// A session of step 1, brought forward.
void ExpectTranscriptsToSurvive(const sql::DatabaseOptions& options) {
  auto database = sql::Database::Open(options);
  ASSERT_TRUE(database.ok()) << database.status();
  std::vector<sql::Migration> steps = CodingMigrations();
  steps.resize(1);
  ASSERT_TRUE(jobs::MigrateCommon(**database, kNow).ok());
  ASSERT_TRUE(sql::Migrate(**database, "coding", steps, kNow).ok());
  const absl::Status put = (*database)->Write([](sql::Transaction& transaction) -> absl::Status {
    absl::Status status = transaction
                              .Execute(
                                  "INSERT INTO transcripts (session, format, asker, turn_count, question_count,"
                                  " create_time, revision) VALUES ('s1', 'webvtt', 'supervisor', 1, 0, 0, 1)")
                              .status();
    status.Update(transaction
                      .Execute("INSERT INTO turns (session, number, speaker, role, text)"
                               " VALUES ('s1', 1, 'Jo', 'supervisor', 'hello')")
                      .status());
    return status;
  });
  ASSERT_TRUE(put.ok()) << put;
  ASSERT_TRUE(sql::Migrate(**database, "coding", CodingMigrations(), kNow).ok());
  const auto store = MakeSqlStore(**database);
  const absl::Status read = store->Read([](CodingReader& reader) -> absl::Status {
    const auto record = reader.GetTranscript("s1");
    const auto turns = reader.ListTurns("s1");
    if (!record.ok()) return record.status();
    if (!turns.ok()) return turns.status();
    EXPECT_EQ(record->encoding, "");
    EXPECT_EQ(record->duration_source, DurationSource::kNone);
    EXPECT_EQ(turns->at(0).text, "hello");
    EXPECT_EQ(turns->at(0).suggested_by, "");
    EXPECT_EQ(turns->at(0).confidence, 0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(read.ok()) << read;
  const auto removed = store->Write({"tester", "Test/Write", "", "", kNow},
                                    [](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                                      if (const auto status = writer.DeleteTranscript("s1"); !status.ok())
                                        return status;
                                      return jobs::WriteResult{};
                                    });
  EXPECT_TRUE(removed.ok()) << removed.status();
}

TEST(CodingMigrations, KeepWhatSqliteHeld) {
  const auto folder = std::filesystem::path(::testing::TempDir()) / ("coding-" + SeededIds(3).NewId());
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  ExpectTranscriptsToSurvive({.url = "sqlite://" + (folder / "test.db").string(), .schema = ""});
}

TEST(CodingMigrations, KeepWhatPostgresHeld) {
  if (const std::string reason = PostgresServer::SkipReason(); !reason.empty()) GTEST_SKIP() << reason;
  const auto server = PostgresServer::Shared();
  ASSERT_TRUE(server.ok()) << server.status();
  const auto url = (*server)->NewDatabase();
  ASSERT_TRUE(url.ok()) << url.status();
  ExpectTranscriptsToSurvive({.url = *url, .schema = "coding"});
}

}  // namespace
}  // namespace plumbline::coding
