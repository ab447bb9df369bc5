// Identifiers planted in 500 invented transcripts, imported over RPCs into the real programs: none is left in the
// database, the queue, the logs, the metrics or anything that is answered.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"
#include "common/testing/planted_transcripts.h"
#include "plumbline/coding/v1/coder.pb.h"
#include "plumbline/coding/v1/pseudonyms.pb.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"
#include "tests/e2e/deployment.h"

namespace plumbline::e2e {
namespace {

namespace fs = std::filesystem;
namespace v1 = coding::v1;
using testing::MakePlantedTranscripts;
using testing::Planted;
using testing::PlantedIdentity;
using testing::PlantedTranscript;

constexpr char kKeyRing[] = "e2e ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=\n";

std::string ReadFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// A port that nothing listens on.
int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  close(fd);
  return ntohs(address.sin_port);
}

std::string HttpGet(int port, const std::string& path) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = absl::StrCat("GET ", path, " HTTP/1.0\r\nHost: localhost\r\n\r\n");
    if (write(fd, request.data(), request.size()) == static_cast<ssize_t>(request.size())) {
      char buffer[4096];
      for (ssize_t got = 0; (got = read(fd, buffer, sizeof(buffer))) > 0;)
        answer.append(buffer, static_cast<size_t>(got));
    }
  }
  close(fd);
  return answer;
}

v1::PseudonymKind KindOf(const std::string& kind) {
  return kind == "SCHOOL"    ? v1::PSEUDONYM_KIND_SCHOOL
         : kind == "ADDRESS" ? v1::PSEUDONYM_KIND_ADDRESS
                             : v1::PSEUDONYM_KIND_PERSON;
}

v1::TranscriptSource SourceOf(const PlantedTranscript& made) {
  v1::TranscriptSource source;
  source.set_session(made.session);
  source.set_content(made.content);
  v1::PseudonymOptions& options = *source.mutable_pseudonyms();
  options.set_family(made.family);
  for (const PlantedIdentity& planted : made.identities) {
    v1::Identity& identity = *options.add_identities();
    identity.set_kind(KindOf(planted.kind));
    identity.set_given_name(planted.given_name);
    identity.set_family_name(planted.family_name);
    identity.set_text(planted.text);
    for (const std::string& also : planted.also) identity.add_also(also);
  }
  return source;
}

// Every column of every table, and what a column says when it is read as base64 (opaque bytes are kept so).
absl::StatusOr<std::string> DumpDatabase(const std::string& url, bool postgresql) {
  ASSIGN_OR_RETURN(const auto database, sql::Database::Open({.url = url, .schema = "coding"}));
  std::string dump;
  RETURN_IF_ERROR(database->Read([&](sql::Transaction& transaction) -> absl::Status {
    dump.clear();
    ASSIGN_OR_RETURN(const auto tables,
                     transaction.Query(postgresql ? "SELECT table_name AS name FROM information_schema.tables"
                                                    " WHERE table_schema = 'coding'"
                                                  : "SELECT name FROM sqlite_master WHERE type = 'table'"));
    for (const sql::Row& table : tables) {
      const std::string name = table.Text("name");
      ASSIGN_OR_RETURN(const auto columns,
                       transaction.Query(postgresql ? "SELECT column_name AS name FROM information_schema.columns"
                                                      " WHERE table_schema = 'coding' AND table_name = :name"
                                                    : "SELECT name FROM pragma_table_info(:name)",
                                         {{"name", name}}));
      for (const sql::Row& column : columns) {
        ASSIGN_OR_RETURN(const auto cells,
                         transaction.Query(absl::StrCat("SELECT COALESCE(CAST(\"", column.Text("name"),
                                                        "\" AS TEXT), '') AS cell FROM \"", name, "\"")));
        for (const sql::Row& cell : cells) {
          std::string decoded;
          if (!absl::Base64Unescape(cell.Text("cell"), &decoded)) decoded.clear();
          absl::StrAppend(&dump, cell.Text("cell"), "\n", decoded, "\n");
        }
      }
    }
    return absl::OkStatus();
  }));
  return dump;
}

std::string FolderBytes(const fs::path& folder) {
  std::string bytes;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(folder, ignored)) {
    if (entry.is_regular_file(ignored)) absl::StrAppend(&bytes, ReadFile(entry.path()), "\n");
  }
  return bytes;
}

// Which of the originals stand in the text, in any case.
int CountLeft(const std::string& where, std::string text, const std::set<std::string>& originals) {
  absl::AsciiStrToLower(&text);
  int left = 0;
  for (const std::string& original : originals) {
    if (!absl::StrContains(text, original)) continue;
    if (++left <= 5) ADD_FAILURE() << "\"" << original << "\" is left in " << where;
  }
  std::printf("%-28s %9zu bytes searched for %zu originals: %d left\n", where.c_str(), text.size(), originals.size(),
              left);
  return left;
}

class PseudonymsE2eTest : public ::testing::TestWithParam<DatabaseKind> {
 protected:
  template <typename Response>
  Response Must(const std::string& method, const google::protobuf::Message& request) {
    const auto response = api_->Call<Response>(method, request);
    EXPECT_TRUE(response.ok()) << method << ": " << response.status();
    if (!response.ok()) return {};
    absl::StrAppend(&answers_, response->DebugString());
    return *response;
  }

  void ImportAll(const std::vector<PlantedTranscript>& made) {
    const size_t single = made.size() / 5;
    for (size_t i = 0; i < single; ++i) {
      v1::ImportTranscriptRequest request;
      request.set_request_id(absl::StrCat("import-", i));
      *request.mutable_source() = SourceOf(made[i]);
      Must<v1::ImportTranscriptResponse>("plumbline.coding.v1.TranscriptService/ImportTranscript", request);
    }
    for (size_t begin = single; begin < made.size(); begin += 100) {
      v1::BatchImportTranscriptsRequest request;
      request.set_request_id(absl::StrCat("batch-", begin));
      request.set_allow_duplicates(true);
      for (size_t i = begin; i < std::min(made.size(), begin + 100); ++i) *request.add_sources() = SourceOf(made[i]);
      const auto response = Must<v1::BatchImportTranscriptsResponse>(
          "plumbline.coding.v1.TranscriptService/BatchImportTranscripts", request);
      const auto finished = api_->Finish(response.operation(), [](const auto&) {});
      ASSERT_TRUE(finished.ok()) << finished.status();
      absl::StrAppend(&answers_, finished->DebugString(), finished->response().value());
    }
    // The same again is refused, and says so to the log, the record and the caller without saying what.
    v1::ImportTranscriptRequest again;
    *again.mutable_source() = SourceOf(made[0]);
    absl::StrAppend(&answers_, api_->Call<v1::ImportTranscriptResponse>(
                                       "plumbline.coding.v1.TranscriptService/ImportTranscript", again)
                                   .status()
                                   .ToString());
    v1::BatchImportTranscriptsRequest taken;
    *taken.add_sources() = SourceOf(made[0]);
    const auto failing =
        Must<v1::BatchImportTranscriptsResponse>("plumbline.coding.v1.TranscriptService/BatchImportTranscripts", taken);
    const auto failed = api_->Finish(failing.operation(), [](const auto&) {});
    EXPECT_FALSE(failed.ok());
    absl::StrAppend(&answers_, failed.status().ToString());
  }

  // What goes out: transcripts, questions, a study's items, results and feedback sheets.
  void Export(const std::vector<PlantedTranscript>& made) {
    v1::CreateStudyRequest create;
    create.set_study_id("planted");
    create.set_title("Planted");
    create.set_frame("frames/ofs-pilot");
    for (const PlantedTranscript& transcript : made) {
      v1::GetTranscriptRequest get;
      get.set_name("transcripts/" + transcript.session);
      Must<v1::GetTranscriptResponse>("plumbline.coding.v1.TranscriptService/GetTranscript", get);
      v1::ListQuestionsRequest questions;
      questions.set_parent(get.name());
      questions.set_page_size(1000);
      const auto listed =
          Must<v1::ListQuestionsResponse>("plumbline.coding.v1.TranscriptService/ListQuestions", questions);
      if (listed.questions_size() > 0 && create.sessions_size() < 40) create.add_sessions(transcript.session);
    }
    for (const char* coder : {"c1", "c2"}) create.add_coders(coder);
    create.set_seed(1);
    const auto study = Must<v1::CreateStudyResponse>("plumbline.coding.v1.StudyService/CreateStudy", create);
    if (study.has_operation()) {
      const auto prepared = api_->Finish(study.operation(), [](const auto&) {});
      ASSERT_TRUE(prepared.ok()) << prepared.status();
    }
    v1::ListItemsRequest items;
    items.set_study("studies/planted");
    items.set_coder("c1");
    items.set_page_size(1000);
    Must<v1::ListItemsResponse>("plumbline.coding.v1.CoderService/ListItems", items);
    v1::CloseStudyRequest close;
    close.set_name("studies/planted");
    close.set_allow_missing(true);  // nobody codes here: what goes out is looked at
    Must<v1::CloseStudyResponse>("plumbline.coding.v1.StudyService/CloseStudy", close);
    v1::GetStudyResultsRequest results;
    results.set_name("studies/planted");
    Must<v1::GetStudyResultsResponse>("plumbline.coding.v1.StudyService/GetStudyResults", results);
    for (const std::string& session : create.sessions()) {
      v1::GetFeedbackSheetRequest sheet;
      sheet.set_study("studies/planted");
      sheet.set_session(session);
      Must<v1::GetFeedbackSheetResponse>("plumbline.coding.v1.StudyService/GetFeedbackSheet", sheet);
      for (const auto format : {v1::FEEDBACK_FORMAT_HTML, v1::FEEDBACK_FORMAT_CSV, v1::FEEDBACK_FORMAT_TEXT}) {
        v1::ExportFeedbackSheetRequest document;
        document.set_study("studies/planted");
        document.set_session(session);
        document.set_format(format);
        answers_ +=
            Must<v1::ExportFeedbackSheetResponse>("plumbline.coding.v1.ResultService/ExportFeedbackSheet", document)
                .content();
      }
    }
    v1::GetPseudonymReportRequest report;
    report.set_name("families/" + made[0].family);
    const auto counts =
        Must<v1::GetPseudonymReportResponse>("plumbline.coding.v1.PseudonymService/GetPseudonymReport", report);
    EXPECT_EQ(counts.transcript_count(), 4);
    EXPECT_GT(counts.remembered_count(), 5);
  }

  std::unique_ptr<cli::Api> api_;
  std::string answers_;
};

TEST_P(PseudonymsE2eTest, NothingPlantedIsLeftAnywhere) {
  const bool postgresql = GetParam() == DatabaseKind::kPostgres;
  if (postgresql && !testing::PostgresServer::SkipReason().empty())
    GTEST_SKIP() << testing::PostgresServer::SkipReason();
  const std::string key_file = (fs::temp_directory_path() / absl::StrCat("pseudonym-key-", getpid())).string();
  std::ofstream(key_file) << kKeyRing;
  const auto started =
      Deployment::Start(GetParam(), {{"PLUMBLINE_PSEUDONYM_KEY_FILE", key_file}, {"PLUMBLINE_LOG_LEVEL", "debug"}});
  ASSERT_TRUE(started.ok()) << started.status();
  Deployment& deployment = **started;
  const int port = FreePort();
  ASSERT_EQ(deployment.StopApi("coding"), 0);
  deployment.Set("PLUMBLINE_METRICS_LISTEN", absl::StrCat("127.0.0.1:", port));  // of one program only
  ASSERT_TRUE(deployment.StartApi("coding").ok());
  deployment.Set("PLUMBLINE_METRICS_LISTEN", "");
  const auto worker = deployment.StartWorker("coding");
  ASSERT_TRUE(worker.ok()) << worker.status();
  api_ = std::make_unique<cli::Api>(deployment.gateway(),
                                    cli::CallOptions{.actor = "tester", .timeout = absl::Seconds(120)});

  const std::vector<PlantedTranscript> made = MakePlantedTranscripts(11, postgresql ? 100 : 500);
  std::set<std::string> originals;
  for (const PlantedTranscript& transcript : made) {
    for (const Planted& planted : transcript.planted) originals.insert(absl::AsciiStrToLower(planted.original));
    for (const PlantedIdentity& identity : transcript.identities) {
      for (const std::string& listed : {identity.given_name, identity.family_name, identity.text}) {
        if (!listed.empty()) originals.insert(absl::AsciiStrToLower(listed));
      }
    }
  }
  ImportAll(made);
  if (HasFatalFailure()) return;
  Export(made);

  const auto database = DumpDatabase(deployment.database_url("coding"), postgresql);
  ASSERT_TRUE(database.ok()) << database.status();
  EXPECT_TRUE(absl::StrContains(*database, "[PERSON-1]"));
  int left = CountLeft("tables of the database", *database, originals);
  left += CountLeft("answers, sheets, errors", answers_, originals);
  left += CountLeft("logs", deployment.Logs(), originals);
  const std::string metrics = HttpGet(port, "/metrics");
  EXPECT_TRUE(absl::StrContains(metrics, "plumbline_")) << metrics;
  left += CountLeft("metrics", metrics, originals);
  left += CountLeft("files of Redis", FolderBytes(deployment.redis().folder()), originals);
  left += CountLeft("files of the services", FolderBytes(deployment.folder()), originals);
  EXPECT_EQ(left, 0);
  std::remove(key_file.c_str());
}

INSTANTIATE_TEST_SUITE_P(Databases, PseudonymsE2eTest,
                         ::testing::Values(DatabaseKind::kSqlite, DatabaseKind::kPostgres),
                         [](const auto& kind) { return kind.param == DatabaseKind::kSqlite ? "sqlite" : "postgres"; });

}  // namespace
}  // namespace plumbline::e2e
