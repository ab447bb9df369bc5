// A large study is made whole and once, though the worker that makes it is killed in the middle: with the real
// programs, on both databases.

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "plumbline/coding/v1/coder.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"
#include "tests/e2e/deployment.h"

namespace plumbline::e2e {
namespace {

namespace v1 = coding::v1;

constexpr int kSessions = 600;
constexpr int kQuestions = 100;  // a session: so many that making the study takes a second or more

class StudyCrashTest : public ::testing::TestWithParam<DatabaseKind> {
 protected:
  void SetUp() override {
    if (GetParam() == DatabaseKind::kPostgres && !testing::PostgresServer::SkipReason().empty()) {
      GTEST_SKIP() << testing::PostgresServer::SkipReason();
    }
    auto deployment = Deployment::Start(GetParam());
    ASSERT_TRUE(deployment.ok()) << deployment.status();
    deployment_ = *std::move(deployment);
    api_ = std::make_unique<cli::Api>(deployment_->gateway(),
                                      cli::CallOptions{.actor = "tester", .timeout = absl::Minutes(3)});
  }
  void TearDown() override {
    if (HasFailure() && deployment_) std::cerr << deployment_->Logs();
  }

  void Import() {
    v1::ImportQuestionsRequest request;
    std::string csv = "session,turn,question\n";
    for (int s = 1; s <= kSessions; ++s) {
      for (int q = 1; q <= kQuestions; ++q) absl::StrAppend(&csv, "session-", s, ",", q, ",Question ", q, "?\n");
    }
    request.set_csv(csv);
    const auto imported =
        api_->Call<v1::ImportQuestionsResponse>("plumbline.coding.v1.TranscriptService/ImportQuestions", request);
    ASSERT_TRUE(imported.ok()) << imported.status();
  }

  std::unique_ptr<Deployment> deployment_;
  std::unique_ptr<cli::Api> api_;
};

TEST_P(StudyCrashTest, AWorkerKilledWhileItMakesAStudyDoublesNothing) {
  Import();
  v1::CreateStudyRequest request;
  request.set_study_id("large");
  request.set_title("A large study");
  request.set_frame("frames/ofs-pilot");
  for (int s = 1; s <= kSessions; ++s) request.add_sessions(absl::StrCat("session-", s));
  for (const char* coder : {"c1", "c2", "c3"}) request.add_coders(coder);
  request.set_seed(5);
  request.set_request_id("create");
  const auto created = api_->Call<v1::CreateStudyResponse>("plumbline.coding.v1.StudyService/CreateStudy", request);
  ASSERT_TRUE(created.ok()) << created.status();
  ASSERT_EQ(created->study().state(), v1::STUDY_STATE_PREPARING);

  auto first = deployment_->StartWorker("coding");
  ASSERT_TRUE(first.ok()) << first.status();
  std::unique_ptr<Process> second;
  const auto finished = api_->Finish(created->operation(), [&](const common::v1::Operation& seen) {
    if (second || seen.progress().done() == 0) return;
    (*first)->Kill9();
    auto started = deployment_->StartWorker("coding");
    ASSERT_TRUE(started.ok()) << started.status();
    second = *std::move(started);
  });
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_GE(finished->attempts(), 2) << "the study was made before the worker was killed: make it larger";
  v1::StudyPreparation result;
  ASSERT_TRUE(finished->response().UnpackTo(&result));
  EXPECT_EQ(result.item_count(), kSessions * kQuestions);
  EXPECT_EQ(result.assignment_count(), 3 * kSessions * kQuestions);

  std::set<std::string> first_coders;
  for (const char* coder : {"c1", "c2", "c3"}) {
    std::set<std::string> items;
    int position = 0;
    v1::ListItemsRequest list;
    list.set_study("studies/large");
    list.set_coder(coder);
    list.set_page_size(1000);
    do {
      const auto page = api_->Call<v1::ListItemsResponse>("plumbline.coding.v1.CoderService/ListItems", list);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::Item& item : page->items()) {
        items.insert(item.id());
        EXPECT_EQ(item.position(), ++position);
      }
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
    EXPECT_EQ(position, kSessions * kQuestions) << coder;
    EXPECT_EQ(items.size(), static_cast<size_t>(kSessions * kQuestions)) << coder;
    if (first_coders.empty()) first_coders = items;
    EXPECT_EQ(items, first_coders);
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, StudyCrashTest, ::testing::Values(DatabaseKind::kSqlite, DatabaseKind::kPostgres),
                         [](const auto& test) {
                           return test.param == DatabaseKind::kSqlite ? "Sqlite" : "PostgreSql";
                         });

}  // namespace
}  // namespace plumbline::e2e
