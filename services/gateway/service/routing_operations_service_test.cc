#include <string>
#include <vector>

#include "gateway/service/convert.h"
#include "gateway/service/test_fixture.h"

// Operations of all services at one address.
namespace plumbline::gateway {
namespace {

using ::testing::ElementsAre;

TEST_F(GatewayTest, OperationsAreFoundByTheirServicesPrefix) {
  ASSERT_TRUE(
      coding_.operations.Create({"coding-1", "coding.analyze_study", "", "studies/a"}, "ann", absl::FromUnixSeconds(1))
          .ok());
  ASSERT_TRUE(
      operations_.Create({"gateway-1", kCreateReportKind, "", "trials/north"}, "ann", absl::FromUnixSeconds(1)).ok());
  const auto get = [&](const std::string& name, common::v1::GetOperationResponse& response) {
    common::v1::GetOperationRequest request;
    request.set_name(name);
    return Call(routed_, &common::v1::OperationsService::Stub::GetOperation, request, &response);
  };
  common::v1::GetOperationResponse response;
  ASSERT_TRUE(get("operations/coding-1", response).ok());
  EXPECT_EQ(response.operation().kind(), "coding.analyze_study");
  ASSERT_TRUE(get("operations/gateway-1", response).ok());
  EXPECT_EQ(response.operation().kind(), kCreateReportKind);
  for (const char* unknown : {"operations/coding-2", "operations/nobody-1", "operations/economics-1"}) {
    EXPECT_EQ(get(unknown, response).code(), absl::StatusCode::kNotFound) << unknown;
  }
  economics_.Stop();
  const absl::Status down = get("operations/economics-1", response);
  EXPECT_EQ(down.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(down)->metadata.at("service"), "economics");
}

TEST_F(GatewayTest, APeersOperationIsWatchedAndCancelledThroughTheGateway) {
  ASSERT_TRUE(coding_.operations.Create({"coding-1", "k", "", ""}, "ann", absl::FromUnixSeconds(1)).ok());
  grpc::ClientContext context;
  common::v1::WatchOperationRequest watch;
  watch.set_name("operations/coding-1");
  auto stream = routed_->WatchOperation(&context, watch);
  common::v1::WatchOperationResponse seen;
  ASSERT_TRUE(stream->Read(&seen));
  EXPECT_EQ(seen.operation().state(), common::v1::OPERATION_STATE_PENDING);
  common::v1::CancelOperationRequest cancel;
  cancel.set_name("operations/coding-1");
  ASSERT_TRUE(Call(routed_, &common::v1::OperationsService::Stub::CancelOperation, cancel).ok());
  ASSERT_TRUE(stream->Read(&seen));
  EXPECT_EQ(seen.operation().state(), common::v1::OPERATION_STATE_CANCELLED);
  EXPECT_FALSE(stream->Read(&seen));
  EXPECT_TRUE(stream->Finish().ok());
  common::v1::WaitOperationRequest wait;
  wait.set_name("operations/coding-1");
  common::v1::WaitOperationResponse waited;
  ASSERT_TRUE(Call(routed_, &common::v1::OperationsService::Stub::WaitOperation, wait, &waited).ok());
  EXPECT_EQ(waited.operation().state(), common::v1::OPERATION_STATE_CANCELLED);
}

// The gateway alone stops; the peer goes on and would let both wait.
TEST_F(GatewayTest, WaitingForAPeersOperationEndsWhenTheGatewayStops) {
  ASSERT_TRUE(coding_.operations.Create({"coding-1", "k", "", ""}, "ann", absl::FromUnixSeconds(1)).ok());
  grpc::ClientContext watch_context;
  common::v1::WatchOperationRequest watch;
  watch.set_name("operations/coding-1");
  auto stream = routed_->WatchOperation(&watch_context, watch);
  common::v1::WatchOperationResponse seen;
  ASSERT_TRUE(stream->Read(&seen));
  handlers_.StartDrain();
  EXPECT_FALSE(stream->Read(&seen));
  EXPECT_EQ(GetErrorDetail(rpc::FromGrpcStatus(stream->Finish()))->reason, "SERVICE_STOPPING");

  common::v1::WaitOperationRequest wait;
  wait.set_name("operations/coding-1");
  wait.mutable_timeout()->set_seconds(60);
  const absl::Status ended = Call(routed_, &common::v1::OperationsService::Stub::WaitOperation, wait);
  EXPECT_EQ(ended.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(ended)->reason, "SERVICE_STOPPING");
}

TEST_F(GatewayTest, OperationsOfAllServicesAreListedNewestFirst) {
  for (const char* id : {"coding-1", "coding-3", "coding-5"}) {
    ASSERT_TRUE(coding_.operations.Create({id, "k", "", "studies/a"}, "ann", absl::FromUnixSeconds(id[7])).ok());
  }
  ASSERT_TRUE(operations_.Create({"gateway-4", "k", "", "trials/north"}, "ann", absl::FromUnixSeconds('4')).ok());
  ASSERT_TRUE(economics_.operations.Create({"economics-2", "k", "", ""}, "ann", absl::FromUnixSeconds('2')).ok());
  const auto list = [&](const std::string& target) {
    std::vector<std::string> names;
    common::v1::ListOperationsRequest request;
    request.set_target(target);
    request.set_page_size(2);
    do {
      common::v1::ListOperationsResponse page;
      const absl::Status status = Call(routed_, &common::v1::OperationsService::Stub::ListOperations, request, &page);
      EXPECT_TRUE(status.ok()) << status;
      if (!status.ok()) break;
      EXPECT_LE(page.operations_size(), 2);
      for (const auto& operation : page.operations()) names.push_back(operation.name().substr(11));
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return names;
  };
  EXPECT_THAT(list(""), ElementsAre("coding-5", "gateway-4", "coding-3", "economics-2", "coding-1"));
  EXPECT_THAT(list("studies/a"), ElementsAre("coding-5", "coding-3", "coding-1"));
  EXPECT_THAT(list("trials/north"), ElementsAre("gateway-4"));
  common::v1::ListOperationsRequest all;
  all.set_page_token("x");
  EXPECT_EQ(Call(routed_, &common::v1::OperationsService::Stub::ListOperations, all).code(),
            absl::StatusCode::kInvalidArgument);

  // A service that is down is named; the others' own lists go on.
  economics_.Stop();
  all.clear_page_token();
  const absl::Status down = Call(routed_, &common::v1::OperationsService::Stub::ListOperations, all);
  EXPECT_EQ(down.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorDetail(down)->metadata.at("service"), "economics");
  EXPECT_THAT(list("studies/a"), ElementsAre("coding-5", "coding-3", "coding-1"));
}

TEST_F(GatewayTest, DeadLettersOfAllServicesAreListedAndRequeuedThroughTheGateway) {
  const auto die = [](jobs::FakeOperationStore& store, const std::string& id, int64_t second) {
    ASSERT_TRUE(store.Create({id, "k", "", ""}, "ann", absl::FromUnixSeconds(second)).ok());
    const auto claimed = store.Claim(id, absl::FromUnixSeconds(second));
    ASSERT_TRUE(claimed.ok()) << claimed.status();
    ASSERT_TRUE(store.Fail({id, claimed->token}, absl::InternalError("x"), absl::FromUnixSeconds(second)).ok());
  };
  die(coding_.operations, "coding-1", 1);
  die(operations_, "gateway-2", 2);
  die(economics_.operations, "economics-3", 3);
  ASSERT_TRUE(coding_.operations.Create({"coding-4", "k", "", ""}, "ann", absl::FromUnixSeconds(4)).ok());
  const auto dead = [&] {
    std::vector<std::string> names;
    common::v1::ListOperationsRequest request;
    request.set_dead_only(true);
    request.set_page_size(2);
    do {
      common::v1::ListOperationsResponse page;
      const absl::Status status = Call(routed_, &common::v1::OperationsService::Stub::ListOperations, request, &page);
      EXPECT_TRUE(status.ok()) << status;
      if (!status.ok()) break;
      for (const auto& operation : page.operations()) names.push_back(operation.name().substr(11));
      request.set_page_token(page.next_page_token());
    } while (!request.page_token().empty());
    return names;
  };
  EXPECT_THAT(dead(), ElementsAre("economics-3", "gateway-2", "coding-1"));
  for (const char* name : {"operations/coding-1", "operations/gateway-2"}) {
    common::v1::RequeueOperationRequest requeue;
    requeue.set_name(name);
    common::v1::RequeueOperationResponse requeued;
    ASSERT_TRUE(Call(routed_, &common::v1::OperationsService::Stub::RequeueOperation, requeue, &requeued).ok()) << name;
    EXPECT_EQ(requeued.operation().state(), common::v1::OPERATION_STATE_PENDING) << name;
  }
  EXPECT_THAT(dead(), ElementsAre("economics-3"));

  // The token of one list is not good for another, and a target is for the list of all.
  common::v1::ListOperationsRequest all;
  all.set_page_size(1);
  common::v1::ListOperationsResponse page;
  ASSERT_TRUE(Call(routed_, &common::v1::OperationsService::Stub::ListOperations, all, &page).ok());
  all.set_page_token(page.next_page_token());
  all.set_dead_only(true);
  EXPECT_EQ(Call(routed_, &common::v1::OperationsService::Stub::ListOperations, all).code(),
            absl::StatusCode::kInvalidArgument);
  all.clear_page_token();
  all.set_target("studies/a");
  EXPECT_EQ(Call(routed_, &common::v1::OperationsService::Stub::ListOperations, all).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace plumbline::gateway
