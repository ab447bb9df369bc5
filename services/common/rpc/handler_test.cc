#include "common/rpc/handler.h"

#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "plumbline/common/v1/operations.grpc.pb.h"

namespace plumbline::rpc {
namespace {

namespace v1 = common::v1;

// A service whose answers a test chooses.
class ScriptedService final : public v1::OperationsService::CallbackService {
 public:
  ScriptedService(Handlers& handlers, Handlers::Body body) : handlers_(handlers), body_(std::move(body)) {}
  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* context, const v1::GetOperationRequest* request,
                                         v1::GetOperationResponse*) override {
    return handlers_.Unary(context, "OperationsService/GetOperation", *request, body_);
  }

 private:
  Handlers& handlers_;
  Handlers::Body body_;
};

class HandlerTest : public testing::Test {
 protected:
  // Serves `body` on a free port or in-process and calls it once.
  absl::Status CallOnce(Handlers::Body body, grpc::ClientContext& context) {
    ScriptedService service(handlers_, std::move(body));
    auto server = Server::Start({.listen = "127.0.0.1:0", .services = {&service}});
    if (!server.ok()) return server.status();
    auto stub = v1::OperationsService::NewStub(MakeChannel((*server)->address()));
    v1::GetOperationResponse response;
    return FromGrpcStatus(stub->GetOperation(&context, {}, &response));
  }

  Executor executor_{2, 10};
  int observed_ = 0;
  Handlers handlers_{{.domain = "test.plumbline"},
                     executor_,
                     SystemClock(),
                     [this](const std::string&, const absl::Status&, absl::Duration) { ++observed_; }};
};

TEST_F(HandlerTest, HandlerSeesActorTraceAndDeadline) {
  grpc::ClientContext context;
  context.AddMetadata("plumbline-actor", "coordinator");
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  Call seen;
  EXPECT_TRUE(CallOnce(
                  [&](const Call& call) {
                    seen = call;
                    return absl::OkStatus();
                  },
                  context)
                  .ok());
  EXPECT_EQ(seen.actor, "coordinator");
  EXPECT_EQ(seen.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_GT(seen.deadline, seen.now + absl::Seconds(10));
  EXPECT_LE(seen.deadline, seen.now + absl::Seconds(21));
  EXPECT_EQ(observed_, 1);
}

TEST_F(HandlerTest, CallersWithoutDeadlineGetTheDefault) {
  grpc::ClientContext context;
  Call seen;
  EXPECT_TRUE(CallOnce(
                  [&](const Call& call) {
                    seen = call;
                    return absl::OkStatus();
                  },
                  context)
                  .ok());
  EXPECT_EQ(seen.deadline, seen.now + absl::Minutes(1));
  EXPECT_EQ(seen.actor, "anonymous");
}

TEST_F(HandlerTest, ErrorsArriveTyped) {
  grpc::ClientContext context;
  const absl::Status status = CallOnce([](const Call&) { return NotFound("operations/x"); }, context);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorDetail(status)->reason, "RESOURCE_NOT_FOUND");
  EXPECT_EQ(GetErrorDetail(status)->metadata.at("resource"), "operations/x");
}

TEST(HandlerPoolTest, AFullPoolAnswersAtOnceWithARetryDelay) {
  Executor executor(1, 0);  // nothing may wait
  Handlers handlers({.domain = "test.plumbline"}, executor, SystemClock());
  ScriptedService service(handlers, [](const Call&) { return absl::OkStatus(); });
  auto server = Server::Start({.listen = "", .services = {&service}});
  ASSERT_TRUE(server.ok()) << server.status();
  auto stub = v1::OperationsService::NewStub((*server)->InProcessChannel());
  grpc::ClientContext context;
  v1::GetOperationResponse response;
  const absl::Status status = FromGrpcStatus(stub->GetOperation(&context, {}, &response));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorDetail(status)->retry_after, absl::Seconds(1));
}

TEST(ServerTest, DrainLetsACallInFlightFinish) {
  Executor executor(1, 10);
  Handlers handlers({.domain = "test.plumbline"}, executor, SystemClock());
  absl::Notification in_handler, go;
  ScriptedService service(handlers, [&](const Call&) {
    in_handler.Notify();
    go.WaitForNotification();
    return absl::OkStatus();
  });
  auto server = Server::Start({.listen = "127.0.0.1:0", .services = {&service}});
  ASSERT_TRUE(server.ok()) << server.status();
  auto stub = v1::OperationsService::NewStub(MakeChannel((*server)->address()));
  absl::Status answer = absl::UnknownError("not called");
  std::thread caller([&] {
    grpc::ClientContext context;
    v1::GetOperationResponse response;
    answer = FromGrpcStatus(stub->GetOperation(&context, {}, &response));
  });
  in_handler.WaitForNotification();
  std::thread drainer([&] { (*server)->Drain(absl::Seconds(20)); });
  go.Notify();
  caller.join();
  drainer.join();
  EXPECT_TRUE(answer.ok()) << answer;
}

TEST(ServerTest, AnAddressInUseIsUnavailable) {
  auto first = Server::Start({.listen = "127.0.0.1:0", .services = {}});
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = Server::Start({.listen = (*first)->address(), .services = {}});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
}

TEST(ServerTest, APortThatThereIsNotIsRefusedByName) {
  for (const char* bad : {"127.0.0.1:99999", "127.0.0.1:65536", "127.0.0.1:4294967297", "127.0.0.1:-1", "127.0.0.1:+1",
                          "127.0.0.1:", "127.0.0.1", "[::1]", "127.0.0.1:http"}) {
    const auto server = Server::Start({.listen = bad, .services = {}});
    ASSERT_FALSE(server.ok()) << bad;
    EXPECT_EQ(server.status().code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(GetErrorDetail(server.status())->violations.at(0).field, "listen");
  }
  EXPECT_EQ(
      CheckListen("PLUMBLINE_LISTEN", "127.0.0.1:99999").message(),
      "PLUMBLINE_LISTEN: value \"127.0.0.1:99999\": must be host:port with a port from 0 to 65535, or unix:/path");
  for (const char* good : {"", "127.0.0.1:0", "0.0.0.0:65535", "[::1]:7000", "unix:/run/plumbline.sock"}) {
    EXPECT_TRUE(CheckListen("listen", good).ok()) << good;
  }
}

}  // namespace
}  // namespace plumbline::rpc
