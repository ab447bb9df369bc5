// What is accepted is finished once: workers are killed and Redis is emptied in the middle of a batch, with the real
// programs, on both databases.

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "common/base/clock.h"
#include "plumbline/instruments/v1/instruments.pb.h"
#include "tests/e2e/deployment.h"

namespace plumbline::e2e {
namespace {

namespace v1 = instruments::v1;

constexpr int kParticipants = 12'000;  // so that a batch is under way for a second or more when a test interferes

// `count` workers' answers to the 19 items of the SWAI, all within range.
std::string Responses(int count) {
  std::string csv = "instrument,participant,wave,item,value\n";
  for (int p = 1; p <= count; ++p) {
    for (int item = 1; item <= 19; ++item)
      absl::StrAppend(&csv, "swai,w-", p, ",t1,", item, ",", 1 + (p + item) % 7, "\n");
  }
  return csv;
}

class CrashTest : public ::testing::TestWithParam<DatabaseKind> {
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

  common::v1::Operation Submit() {
    v1::BatchImportResponsesRequest request;
    request.set_request_id("batch");
    request.set_csv(Responses(kParticipants));
    const auto started = api_->Call<v1::BatchImportResponsesResponse>(
        "plumbline.instruments.v1.ResponseService/BatchImportResponses", request);
    EXPECT_TRUE(started.ok()) << started.status();
    return started.ok() ? started->operation() : common::v1::Operation();
  }

  // Watches until the batch runs, does `harm` once, and watches on to the end.
  absl::StatusOr<common::v1::Operation> FinishWhile(const common::v1::Operation& operation,
                                                    const std::function<void()>& harm) {
    bool done = false;
    return api_->Finish(operation, [&](const common::v1::Operation& seen) {
      if (!done && seen.state() == common::v1::OPERATION_STATE_RUNNING) {
        done = true;
        harm();
      }
    });
  }

  void ExpectEachResponseOnce() {
    std::set<std::string> participants;
    int listed = 0;
    v1::ListResponsesRequest request;
    request.set_page_size(1000);
    do {
      const auto page =
          api_->Call<v1::ListResponsesResponse>("plumbline.instruments.v1.ResponseService/ListResponses", request);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::Response& response : page->responses()) participants.insert(response.participant());
      listed += page->responses_size();
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_EQ(listed, kParticipants);
    EXPECT_EQ(participants.size(), static_cast<size_t>(kParticipants));
  }

  std::unique_ptr<Deployment> deployment_;
  std::unique_ptr<cli::Api> api_;
};

TEST_P(CrashTest, AWorkerKilledInTheMiddleOfABatchLosesNothing) {
  auto first = deployment_->StartWorker("instruments");
  ASSERT_TRUE(first.ok()) << first.status();
  std::unique_ptr<Process> second;
  const auto finished = FinishWhile(Submit(), [&] {
    (*first)->Kill9();
    auto started = deployment_->StartWorker("instruments");
    ASSERT_TRUE(started.ok()) << started.status();
    second = *std::move(started);
  });
  ASSERT_TRUE(finished.ok()) << finished.status();
  EXPECT_GE(finished->attempts(), 2) << "the batch ended before the worker was killed: make it larger";
  v1::BatchImportResponsesResult result;
  ASSERT_TRUE(finished->response().UnpackTo(&result));
  EXPECT_EQ(result.response_count(), kParticipants);
  ExpectEachResponseOnce();
}

TEST_P(CrashTest, AnEmptiedRedisInTheMiddleOfABatchLosesNothing) {
  auto worker = deployment_->StartWorker("instruments");
  ASSERT_TRUE(worker.ok()) << worker.status();
  const auto finished = FinishWhile(Submit(), [&] { ASSERT_TRUE(deployment_->redis().FlushAll().ok()); });
  ASSERT_TRUE(finished.ok()) << finished.status();
  ExpectEachResponseOnce();
}

TEST_P(CrashTest, AnEmptiedRedisBeforeAnyWorkerLosesNothing) {
  const common::v1::Operation operation = Submit();
  ASSERT_TRUE(deployment_->redis().FlushAll().ok());
  auto worker = deployment_->StartWorker("instruments");
  ASSERT_TRUE(worker.ok()) << worker.status();
  const auto finished = FinishWhile(operation, [] {});
  ASSERT_TRUE(finished.ok()) << finished.status();
  ExpectEachResponseOnce();
}

TEST_P(CrashTest, ARedisThatIsDownDelaysWorkAndRefusesNone) {
  deployment_->redis().Kill9();
  const common::v1::Operation operation = Submit();
  EXPECT_EQ(operation.state(), common::v1::OPERATION_STATE_PENDING);
  ASSERT_TRUE(deployment_->redis().Restart().ok());
  auto worker = deployment_->StartWorker("instruments");
  ASSERT_TRUE(worker.ok()) << worker.status();
  const auto finished = FinishWhile(operation, [] {});
  ASSERT_TRUE(finished.ok()) << finished.status();
  ExpectEachResponseOnce();
}

TEST_P(CrashTest, TheAuditorFindsAndMendsWhatAnEmptiedRedisForgot) {
  const common::v1::Operation operation = Submit();
  ASSERT_TRUE(deployment_->redis().FlushAll().ok());  // and there is no worker, so no reconciler
  const auto audit = [&](const std::vector<std::string>& arguments) {
    const auto answer = deployment_->Run("instruments", arguments);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *answer : Deployment::Answer();
  };
  // The operation is left alone while it is young; once it is not, each look says the same.
  Deployment::Answer found;
  const absl::Time until = SystemClock().Now() + absl::Seconds(30);
  while (found.exit_code == 0 && SystemClock().Now() < until) found = audit({"audit", "--json"});
  EXPECT_EQ(found.exit_code, 1) << found.output;
  const std::string id = operation.name().substr(operation.name().rfind('/') + 1);
  EXPECT_TRUE(absl::StrContains(found.output, "\"findings\":[{\"invariant\":\"OPERATION_WITHOUT_JOB\",\"id\":\"" + id))
      << found.output;
  EXPECT_EQ(audit({"audit"}).exit_code, 1);
  const Deployment::Answer repaired = audit({"audit", "--repair"});
  EXPECT_EQ(repaired.exit_code, 0) << repaired.output;
  EXPECT_TRUE(absl::StrContains(repaired.output, "repaired OPERATION_WITHOUT_JOB " + id)) << repaired.output;
  const Deployment::Answer clean = audit({"audit"});
  EXPECT_EQ(clean.exit_code, 0) << clean.output;
  EXPECT_TRUE(absl::StrContains(clean.output, "nothing wrong")) << clean.output;

  deployment_->redis().Kill9();
  EXPECT_EQ(audit({"audit"}).exit_code, 2);
}

TEST_P(CrashTest, ServicesEndCleanlyWhenAsked) {
  for (const char* service : {"gateway", "economics", "instruments", "coding"}) {
    EXPECT_EQ(deployment_->StopApi(service), 0) << service;
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, CrashTest, ::testing::Values(DatabaseKind::kSqlite, DatabaseKind::kPostgres),
                         [](const auto& test) {
                           return test.param == DatabaseKind::kSqlite ? "Sqlite" : "PostgreSql";
                         });

}  // namespace
}  // namespace plumbline::e2e
