// A host on a real Redis and an SQLite file: what it refuses at start, when it is ready, what it tells of itself.

#include "common/app/host.h"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"
#include "common/operations/operations_service.h"  // and the contract it serves
#include "common/sql/audit_log.h"
#include "common/testing/redis_server.h"
#include "grpcpp/generic/generic_stub.h"

namespace plumbline::app {
namespace {

using ::testing::HasSubstr;

constexpr char kKind[] = "trial.work";
constexpr char kSlowKind[] = "trial.slow_work";
constexpr absl::Duration kSlow = absl::Seconds(2);  // that work of the slow kind takes

// A service without RPCs and with two kinds of work, which is recorded by hand.
class OneJobModule final : public Module {
 public:
  explicit OneJobModule(const Platform& platform) : database_(platform.database), operations_(platform.operations) {}
  std::vector<grpc::Service*> services() override { return {}; }
  jobs::HandlerMap handlers() override {
    return {{kKind, [this](jobs::JobContext& context) { return Commit(context); }},
            {kSlowKind, [this](jobs::JobContext& context) {
               slow_started_ = true;
               absl::Mutex mutex;
               const bool never = false;
               SystemClock().SleepUnless(kSlow, mutex, never);
               return Commit(context);
             }}};
  }
  bool slow_started() const { return slow_started_; }
  // One operation, as an answer to the request `request_id`.
  absl::Status Record(const std::string& request_id, const std::string& id, const std::string& kind = kKind) {
    const Mutation mutation{.actor = "tester",
                            .method = "test",
                            .request_id = request_id,
                            .request_digest = "same",
                            .now = SystemClock().Now()};
    return jobs::WriteInOneTransaction(
               database_, mutation,
               [&](sql::Transaction&) {
                 jobs::WriteResult result;
                 result.operations = {{.id = id, .kind = kind, .payload = "bytes", .target = ""}};
                 return result;
               })
        .status();
  }
  bool Has(const std::string& id) { return operations_.Get(id).ok(); }
  std::vector<sql::AuditRecord> Audit() {
    std::vector<sql::AuditRecord> lines;
    const absl::Status read = database_.Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(lines, sql::ListAudit(transaction, "", 0, 100));
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
    return lines;
  }

 private:
  absl::Status Commit(jobs::JobContext& context) {
    return jobs::CommitInOneTransaction(database_, context.claim(), SystemClock().Now(),
                                        [](sql::Transaction&) { return jobs::WriteResult{}; });
  }

  sql::Database& database_;
  jobs::OperationStore& operations_;
  std::atomic<bool> slow_started_{false};
};

// What grpc.health.v1.Health says of "ready": true for SERVING. Two bytes each way do not need the contract.
bool IsReady(Host& host) {
  const grpc::Slice request(std::string("\x0A\x05", 2) + "ready");
  grpc::GenericStub stub(host.server().InProcessChannel());
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::ByteBuffer(&request, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  grpc::Slice bytes;
  return status.ok() && answer.TrySingleSlice(&bytes).ok() && bytes.size() == 2 && bytes.begin()[1] == 1;
}

class HostTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log::SetLevel("off");
    std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-host-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  void TearDown() override {
    host_.reset();
    redis_.reset();
    std::filesystem::remove_all(folder_);
  }

  void StartRedis(bool append_only, std::vector<std::string> config = {}, const std::string& password = "") {
    auto started = plumbline::testing::RedisServer::Start(
        {.append_only = append_only, .password = password, .config = std::move(config)});
    ASSERT_TRUE(started.ok()) << started.status();
    redis_ = *std::move(started);
  }
  HostOptions Options() const {
    HostOptions options;
    options.stores.service = "trial";
    options.stores.database.url = "sqlite://" + folder_ + "/trial.db";
    options.stores.redis = redis_->options();
    options.worker.stuck_after = absl::Seconds(2);
    options.worker.wait = absl::Milliseconds(200);
    options.reconcile_every = absl::Milliseconds(500);
    return options;
  }
  absl::Status Start(HostOptions options) {
    auto started = Host::Start(
        std::move(options),
        [this](const Platform& platform) -> absl::StatusOr<std::unique_ptr<Module>> {
          auto module = std::make_unique<OneJobModule>(platform);
          module_ = module.get();
          return module;
        },
        SystemClock(), SystemIds());
    if (!started.ok()) return started.status();
    host_ = *std::move(started);
    return absl::OkStatus();
  }
  // Whether `condition` holds within `limit`.
  static bool Within(absl::Duration limit, const std::function<bool()>& condition) {
    absl::Mutex mutex;
    const bool never = false;
    const absl::Time end = SystemClock().Now() + limit;
    while (!condition()) {
      if (SystemClock().Now() > end) return false;
      SystemClock().SleepUnless(absl::Milliseconds(20), mutex, never);
    }
    return true;
  }
  absl::Status Configure(const std::string& setting, const std::string& value) {
    redis::Client client(redis_->options(), SystemClock());
    return client.Command({"CONFIG", "SET", setting, value}).status();
  }

  std::string folder_;
  std::unique_ptr<plumbline::testing::RedisServer> redis_;
  std::unique_ptr<Host> host_;
  OneJobModule* module_ = nullptr;
};

TEST_F(HostTest, ARedisWithoutPersistenceIsRefusedUnlessToldOtherwise) {
  StartRedis(false);
  const absl::Status refused = Start(Options());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("setting appendonly: value \"no\""));
  EXPECT_THAT(std::string(refused.message()), HasSubstr("PLUMBLINE_ALLOW_UNSAFE_REDIS"));

  HostOptions options = Options();
  options.stores.allow_unsafe_redis = true;
  ASSERT_TRUE(Start(options).ok());
  EXPECT_TRUE(IsReady(*host_));
}

TEST_F(HostTest, ARedisThatEvictsIsRefused) {
  StartRedis(true, {"maxmemory 100mb", "maxmemory-policy allkeys-lru"});
  const absl::Status refused = Start(Options());
  EXPECT_TRUE(absl::IsFailedPrecondition(refused)) << refused;
  EXPECT_THAT(std::string(refused.message()), HasSubstr("setting maxmemory-policy: value \"allkeys-lru\""));
}

TEST_F(HostTest, AWrongPasswordIsSaidAtStart) {
  StartRedis(true, {}, "right");
  HostOptions options = Options();
  options.stores.redis.password = "wrong";
  const absl::Status refused = Start(options);
  EXPECT_FALSE(refused.ok());
  EXPECT_FALSE(absl::IsUnavailable(refused)) << refused;
}

TEST_F(HostTest, AnUnsafeRedisThatComesLaterTurnsAWorkersReadinessOffUntilItIsMended) {
  StartRedis(false);
  redis_->Kill9();
  ASSERT_TRUE(Start(Options()).ok());
  EXPECT_TRUE(IsReady(*host_));
  ASSERT_TRUE(redis_->Restart().ok());
  EXPECT_TRUE(Within(absl::Seconds(20), [&] { return !IsReady(*host_); }));
  ASSERT_TRUE(Configure("appendonly", "yes").ok());
  EXPECT_TRUE(Within(absl::Seconds(20), [&] { return IsReady(*host_); }));
}

TEST_F(HostTest, ReadinessIsOffWhileWorkWaitsForARedisThatIsAwayAndOnAgainByItself) {
  StartRedis(true);
  ASSERT_TRUE(Start(Options()).ok());
  EXPECT_TRUE(IsReady(*host_));
  redis_->Kill9();
  ASSERT_TRUE(module_->Record("first", "trial-1").ok());
  EXPECT_TRUE(Within(absl::Seconds(20), [&] { return !IsReady(*host_); }));
  ASSERT_TRUE(redis_->Restart().ok());
  EXPECT_TRUE(Within(absl::Seconds(20), [&] { return host_->job_counters().succeeded == 1; }));
  EXPECT_TRUE(Within(absl::Seconds(20), [&] { return IsReady(*host_); }));
}

TEST_F(HostTest, ARefusedCallIsOnTheAuditLog) {
  StartRedis(/*append_only=*/true);
  ASSERT_TRUE(Start(Options()).ok());
  auto stub = common::v1::OperationsService::NewStub(host_->server().InProcessChannel());
  grpc::ClientContext context;
  context.AddMetadata("plumbline-actor", "coders/c1");
  common::v1::ListOperationsResponse response;
  EXPECT_EQ(stub->ListOperations(&context, {}, &response).error_code(), grpc::StatusCode::PERMISSION_DENIED);
  const std::vector<sql::AuditRecord> lines = module_->Audit();
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(lines[0].actor, "coders/c1");
  EXPECT_EQ(lines[0].method, "plumbline.common.v1.OperationsService/ListOperations");
  EXPECT_EQ(lines[0].entry.action, "access.refuse");
  EXPECT_EQ(lines[0].entry.detail, "reason=BLINDED_ACTOR");
}

TEST_F(HostTest, AnApiStaysReadyWithoutRedis) {
  StartRedis(true);
  HostOptions options = Options();
  options.run_worker = false;
  ASSERT_TRUE(Start(options).ok());
  redis_->Kill9();
  ASSERT_TRUE(module_->Record("first", "trial-1").ok());
  EXPECT_FALSE(Within(absl::Seconds(4), [&] { return !IsReady(*host_); }));
}

TEST_F(HostTest, MetricsTellWhatRanAndWhatIsLeft) {
  StartRedis(true);
  HostOptions options = Options();
  options.metrics_listen = "127.0.0.1:0";
  ASSERT_TRUE(Start(options).ok());
  EXPECT_THAT(host_->metrics_address(), ::testing::StartsWith("127.0.0.1:"));
  ASSERT_TRUE(module_->Record("first", "trial-1").ok());
  ASSERT_TRUE(Within(absl::Seconds(20), [&] { return host_->job_counters().succeeded == 1; }));
  const jobs::JobMetrics metrics = host_->CollectMetrics();
  ASSERT_TRUE(metrics.operations.has_value() && metrics.queue.has_value());
  EXPECT_EQ(metrics.operations->pending, 0);
  EXPECT_EQ(metrics.kinds.at(kKind).run_seconds.count, 1);
}

TEST_F(HostTest, FinishedWorkAndAnswersGoWhenTheirTimeIsOver) {
  StartRedis(true);
  ASSERT_TRUE(Start(Options()).ok());
  ASSERT_TRUE(module_->Record("first", "trial-1").ok());
  ASSERT_TRUE(Within(absl::Seconds(20), [&] { return host_->job_counters().succeeded == 1; }));
  ASSERT_TRUE(module_->Record("first", "trial-2").ok());
  EXPECT_FALSE(module_->Has("trial-2"));  // a repeat, answered from the log of requests
  host_.reset();

  HostOptions options = Options();
  options.retention = {
      .operations_bytes = 0, .operations_age = absl::Microseconds(1), .answers = absl::Microseconds(1)};
  ASSERT_TRUE(Start(options).ok());  // keeps house after its first pass
  EXPECT_TRUE(Within(absl::Seconds(20), [&] { return !module_->Has("trial-1"); }));
  EXPECT_TRUE(Within(absl::Seconds(20), [&] {
    EXPECT_TRUE(module_->Record("first", "trial-2").ok());
    return module_->Has("trial-2");
  }));
}

TEST_F(HostTest, ADrainEndsWatchesAndLetsTheRunningJobFinish) {
  constexpr absl::Duration kGrace = absl::Seconds(60);
  StartRedis(true);
  ASSERT_TRUE(Start(Options()).ok());
  ASSERT_TRUE(module_->Record("slow", "trial-slow", kSlowKind).ok());
  ASSERT_TRUE(Within(absl::Seconds(20), [&] { return module_->slow_started(); }));
  const auto stub = common::v1::OperationsService::NewStub(host_->server().InProcessChannel());
  grpc::ClientContext context;
  common::v1::WatchOperationRequest request;
  request.set_name("operations/trial-slow");
  const auto stream = stub->WatchOperation(&context, request);
  common::v1::WatchOperationResponse seen;
  ASSERT_TRUE(stream->Read(&seen));

  const absl::Time start = SystemClock().Now();
  host_->Drain(kGrace);
  EXPECT_LT(SystemClock().Now() - start, kGrace / 2);
  EXPECT_EQ(host_->job_counters().succeeded, 1);
  while (stream->Read(&seen)) continue;
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace plumbline::app
