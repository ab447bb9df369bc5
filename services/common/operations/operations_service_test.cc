#include "common/operations/operations_service.h"

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/jobs/fake_operation_store.h"
#include "common/operations/convert.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"

namespace plumbline::operations {
namespace {

namespace v1 = common::v1;

class OperationsServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    auto server = rpc::Server::Start({.listen = "", .services = {&service_}});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::OperationsService::NewStub(server_->InProcessChannel());
    for (const char* id : {"test-a", "test-b"}) {
      ASSERT_TRUE(
          store_.Create({.id = id, .kind = "test.work", .payload = "", .target = "things/1"}, "tester", kStart).ok());
    }
  }

  void Succeed(const std::string& id) {
    const auto claimed = store_.Claim(id, kStart);
    ASSERT_TRUE(claimed.ok()) << claimed.status();
    v1::OperationProgress result;
    result.set_done(7);
    ASSERT_TRUE(store_.Commit({.operation_id = id, .token = claimed->token}, PackResult(result), kStart).ok());
  }

  const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
  jobs::FakeOperationStore store_;
  rpc::Executor executor_{2, 100};
  rpc::Handlers handlers_{{.domain = "test.plumbline"}, executor_, SystemClock()};
  OperationsService service_{store_, handlers_};
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::OperationsService::Stub> stub_;
};

TEST_F(OperationsServiceTest, GetsAndListsOperations) {
  grpc::ClientContext get_context, list_context;
  v1::GetOperationRequest get;
  get.set_name("operations/test-a");
  v1::GetOperationResponse got;
  ASSERT_TRUE(stub_->GetOperation(&get_context, get, &got).ok());
  EXPECT_EQ(got.operation().state(), v1::OPERATION_STATE_PENDING);
  EXPECT_EQ(got.operation().target(), "things/1");
  v1::ListOperationsRequest list;
  list.set_page_size(1);
  v1::ListOperationsResponse listed;
  ASSERT_TRUE(stub_->ListOperations(&list_context, list, &listed).ok());
  EXPECT_EQ(listed.operations_size(), 1);
  EXPECT_FALSE(listed.next_page_token().empty());
}

TEST_F(OperationsServiceTest, BadAndUnknownNamesAreTyped) {
  for (const auto& [name, code] : std::map<std::string, absl::StatusCode>{
           {"", absl::StatusCode::kInvalidArgument}, {"operations/none", absl::StatusCode::kNotFound}}) {
    grpc::ClientContext get_context, cancel_context, wait_context, watch_context;
    v1::GetOperationRequest get;
    get.set_name(name);
    v1::GetOperationResponse got;
    EXPECT_EQ(rpc::FromGrpcStatus(stub_->GetOperation(&get_context, get, &got)).code(), code);
    v1::CancelOperationRequest cancel;
    cancel.set_name(name);
    v1::CancelOperationResponse cancelled;
    EXPECT_EQ(rpc::FromGrpcStatus(stub_->CancelOperation(&cancel_context, cancel, &cancelled)).code(), code);
    grpc::ClientContext requeue_context;
    v1::RequeueOperationRequest requeue;
    requeue.set_name(name);
    v1::RequeueOperationResponse requeued;
    EXPECT_EQ(rpc::FromGrpcStatus(stub_->RequeueOperation(&requeue_context, requeue, &requeued)).code(), code);
    v1::WaitOperationRequest wait;
    wait.set_name(name);
    v1::WaitOperationResponse waited;
    EXPECT_EQ(rpc::FromGrpcStatus(stub_->WaitOperation(&wait_context, wait, &waited)).code(), code);
    v1::WatchOperationRequest watch;
    watch.set_name(name);
    auto stream = stub_->WatchOperation(&watch_context, watch);
    v1::WatchOperationResponse seen;
    EXPECT_FALSE(stream->Read(&seen));
    EXPECT_EQ(rpc::FromGrpcStatus(stream->Finish()).code(), code);
  }
}

// Also by the methods that stream or wait, and before anything is looked up.
TEST_F(OperationsServiceTest, ABlindedActorIsRefusedEverywhere) {
  for (const char* name : {"operations/test-a", "operations/none", "bad"}) {
    const auto blind = [](grpc::ClientContext& context) { context.AddMetadata("plumbline-actor", "coders/c1"); };
    const auto refused = [](const grpc::Status& status) {
      return GetErrorDetail(rpc::FromGrpcStatus(status)).value_or(ErrorDetail{}).reason == "BLINDED_ACTOR";
    };
    grpc::ClientContext get_context, wait_context, watch_context;
    for (grpc::ClientContext* context : {&get_context, &wait_context, &watch_context}) blind(*context);
    v1::GetOperationRequest get;
    get.set_name(name);
    v1::GetOperationResponse got;
    EXPECT_TRUE(refused(stub_->GetOperation(&get_context, get, &got))) << name;
    v1::WaitOperationRequest wait;
    wait.set_name(name);
    v1::WaitOperationResponse waited;
    EXPECT_TRUE(refused(stub_->WaitOperation(&wait_context, wait, &waited))) << name;
    v1::WatchOperationRequest watch;
    watch.set_name(name);
    auto stream = stub_->WatchOperation(&watch_context, watch);
    v1::WatchOperationResponse seen;
    EXPECT_FALSE(stream->Read(&seen));
    EXPECT_TRUE(refused(stream->Finish())) << name;
  }
}

TEST_F(OperationsServiceTest, CancellingAPendingOperationEndsIt) {
  grpc::ClientContext context;
  v1::CancelOperationRequest request;
  request.set_name("operations/test-b");
  v1::CancelOperationResponse response;
  context.AddMetadata("plumbline-actor", "oper");
  ASSERT_TRUE(stub_->CancelOperation(&context, request, &response).ok());
  ASSERT_EQ(store_.audit().size(), 1u);
  EXPECT_EQ(store_.audit()[0].actor, "oper");
  EXPECT_EQ(store_.audit()[0].entry.resource, "operations/test-b");
  EXPECT_EQ(response.operation().state(), v1::OPERATION_STATE_CANCELLED);
  EXPECT_EQ(response.operation().error().code(), static_cast<int>(absl::StatusCode::kCancelled));
}

TEST_F(OperationsServiceTest, DeadLettersAreListedAndRequeued) {
  const auto claimed = store_.Claim("test-a", kStart);
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  ASSERT_TRUE(store_.Fail({"test-a", claimed->token}, InvalidField("row 3", "x", "must be a number"), kStart).ok());
  grpc::ClientContext list_context, requeue_context, again_context, both_context;
  v1::ListOperationsRequest list;
  list.set_dead_only(true);
  v1::ListOperationsResponse listed;
  ASSERT_TRUE(stub_->ListOperations(&list_context, list, &listed).ok());
  ASSERT_EQ(listed.operations_size(), 1);
  EXPECT_EQ(listed.operations(0).name(), "operations/test-a");
  EXPECT_EQ(listed.operations(0).error().code(), static_cast<int>(absl::StatusCode::kInvalidArgument));
  v1::RequeueOperationRequest requeue;
  requeue.set_name("operations/test-a");
  v1::RequeueOperationResponse requeued;
  requeue_context.AddMetadata("plumbline-actor", "oper");
  ASSERT_TRUE(stub_->RequeueOperation(&requeue_context, requeue, &requeued).ok());
  EXPECT_EQ(requeued.operation().state(), v1::OPERATION_STATE_PENDING);
  EXPECT_FALSE(requeued.operation().has_error());
  ASSERT_EQ(store_.audit().size(), 1u);
  EXPECT_EQ(store_.audit()[0].actor, "oper");
  const absl::Status again = rpc::FromGrpcStatus(stub_->RequeueOperation(&again_context, requeue, &requeued));
  EXPECT_EQ(again.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetail(again)->reason, "OPERATION_NOT_FAILED");
  list.set_target("things/1");
  const absl::Status both = rpc::FromGrpcStatus(stub_->ListOperations(&both_context, list, &listed));
  EXPECT_EQ(both.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(both)->violations.at(0).field, "dead_only");
}

TEST_F(OperationsServiceTest, AnOperationThatWaitsForItsPartsIsRunningAndAsFarAsTheyAre) {
  auto claimed = store_.Claim("test-a", kStart);
  ASSERT_TRUE(claimed.ok()) << claimed.status();
  ASSERT_TRUE(
      store_.FanOut({"test-a", claimed->token}, {{"test-a-0", "k", "", ""}, {"test-a-1", "k", "", ""}}, kStart).ok());
  Succeed("test-a-0");
  grpc::ClientContext context;
  v1::GetOperationRequest get;
  get.set_name("operations/test-a");
  v1::GetOperationResponse got;
  ASSERT_TRUE(stub_->GetOperation(&context, get, &got).ok());
  EXPECT_EQ(got.operation().state(), v1::OPERATION_STATE_RUNNING);
  EXPECT_EQ(got.operation().progress().done(), 1);
  EXPECT_EQ(got.operation().progress().total(), 2);
}

TEST_F(OperationsServiceTest, WaitAnswersWhenTheOperationFinishes) {
  std::thread worker([this] { Succeed("test-a"); });
  grpc::ClientContext context;
  v1::WaitOperationRequest request;
  request.set_name("operations/test-a");
  request.mutable_timeout()->set_seconds(60);
  v1::WaitOperationResponse response;
  const grpc::Status status = stub_->WaitOperation(&context, request, &response);
  worker.join();
  ASSERT_TRUE(status.ok()) << status.error_message();
  v1::OperationProgress result;
  ASSERT_TRUE(response.operation().response().UnpackTo(&result));
  EXPECT_EQ(result.done(), 7);
}

TEST_F(OperationsServiceTest, WaitAnswersUnfinishedWhenTheTimeIsUp) {
  grpc::ClientContext context;
  v1::WaitOperationRequest request;
  request.set_name("operations/test-a");
  request.mutable_timeout()->set_nanos(30'000'000);
  v1::WaitOperationResponse response;
  ASSERT_TRUE(stub_->WaitOperation(&context, request, &response).ok());
  EXPECT_EQ(response.operation().state(), v1::OPERATION_STATE_PENDING);
}

TEST_F(OperationsServiceTest, WaitRefusesANegativeTimeout) {
  grpc::ClientContext context;
  v1::WaitOperationRequest request;
  request.set_name("operations/test-a");
  request.mutable_timeout()->set_seconds(-1);
  v1::WaitOperationResponse response;
  const absl::Status status = rpc::FromGrpcStatus(stub_->WaitOperation(&context, request, &response));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(status)->violations.at(0).field, "timeout");
}

TEST_F(OperationsServiceTest, WatchStreamsChangesAndEndsWithTheLast) {
  grpc::ClientContext context;
  v1::WatchOperationRequest request;
  request.set_name("operations/test-a");
  auto stream = stub_->WatchOperation(&context, request);
  v1::WatchOperationResponse seen;
  ASSERT_TRUE(stream->Read(&seen));
  EXPECT_EQ(seen.operation().state(), v1::OPERATION_STATE_PENDING);
  Succeed("test-a");
  std::vector<v1::OperationState> states;
  while (stream->Read(&seen)) states.push_back(seen.operation().state());
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_FALSE(states.empty());
  EXPECT_EQ(states.back(), v1::OPERATION_STATE_SUCCEEDED);
}

TEST_F(OperationsServiceTest, AWatcherThatHangsUpIsForgotten) {
  {
    grpc::ClientContext context;
    v1::WatchOperationRequest request;
    request.set_name("operations/test-a");
    auto stream = stub_->WatchOperation(&context, request);
    v1::WatchOperationResponse seen;
    ASSERT_TRUE(stream->Read(&seen));
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  server_->Drain(absl::Seconds(60));  // returns only when the watcher has ended
}

TEST_F(OperationsServiceTest, WaitsAndWatchesEndWhenTheServiceStops) {
  grpc::ClientContext watch_context;
  v1::WatchOperationRequest watch;
  watch.set_name("operations/test-a");
  auto stream = stub_->WatchOperation(&watch_context, watch);
  v1::WatchOperationResponse seen;
  ASSERT_TRUE(stream->Read(&seen));
  handlers_.StartDrain();
  EXPECT_FALSE(stream->Read(&seen));
  const absl::Status watched = rpc::FromGrpcStatus(stream->Finish());
  EXPECT_EQ(watched.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(watched)->reason, "SERVICE_STOPPING");

  grpc::ClientContext wait_context;
  v1::WaitOperationRequest wait;
  wait.set_name("operations/test-a");
  wait.mutable_timeout()->set_seconds(60);
  v1::WaitOperationResponse waited;
  const absl::Status ended = rpc::FromGrpcStatus(stub_->WaitOperation(&wait_context, wait, &waited));
  EXPECT_EQ(GetErrorDetail(ended)->reason, "SERVICE_STOPPING");
}

}  // namespace
}  // namespace plumbline::operations
