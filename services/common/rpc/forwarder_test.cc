#include "common/rpc/forwarder.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"
#include "common/base/error.h"
#include "common/rpc/channel.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/generic/generic_stub.h"
#include "plumbline/common/v1/operations.grpc.pb.h"

namespace plumbline::rpc {
namespace {

namespace v1 = common::v1;
constexpr char kPrefix[] = "plumbline.common.v1.";

// The peer: its answers are the test's.
class PeerService final : public v1::OperationsService::CallbackService {
 public:
  explicit PeerService(Handlers& handlers) : handlers_(handlers) {}

  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* context, const v1::GetOperationRequest* request,
                                         v1::GetOperationResponse* response) override {
    return handlers_.Unary(context, "OperationsService/GetOperation", *request,
                           [this, request, response](const Call& call) -> absl::Status {
                             seen = call;
                             response->mutable_operation()->set_name(request->name());
                             return answer;
                           });
  }

  // Streams three messages, or waits to be cancelled when asked for "forever".
  grpc::ServerWriteReactor<v1::WatchOperationResponse>* WatchOperation(
      grpc::CallbackServerContext*, const v1::WatchOperationRequest* request) override {
    class Stream final : public grpc::ServerWriteReactor<v1::WatchOperationResponse> {
     public:
      Stream(PeerService& service, bool forever) : service_(service), forever_(forever) { Next(); }
      void OnWriteDone(bool ok) override {
        if (!ok) return Finish(grpc::Status(grpc::StatusCode::CANCELLED, "caller gone"));
        Next();
      }
      void OnCancel() override {
        service_.cancelled.Notify();
        if (forever_) Finish(grpc::Status(grpc::StatusCode::CANCELLED, "cancelled"));
      }
      void OnDone() override { delete this; }

     private:
      void Next() {
        if (sent_ == 3) return Finish(ToGrpcStatus(service_.answer, "peer.plumbline"));
        if (forever_ && sent_ == 1) return;
        message_.mutable_operation()->set_attempts(++sent_);
        StartWrite(&message_);
      }
      PeerService& service_;
      const bool forever_;
      int sent_ = 0;
      v1::WatchOperationResponse message_;
    };
    return new Stream(*this, request->name() == "forever");
  }

  Call seen;
  absl::Status answer;
  absl::Notification cancelled;

 private:
  Handlers& handlers_;
};

class ForwarderTest : public testing::Test {
 protected:
  void SetUp() override {
    auto peer_server = Server::Start({.listen = "127.0.0.1:0", .services = {&peer_}});
    ASSERT_TRUE(peer_server.ok()) << peer_server.status();
    peer_server_ = *std::move(peer_server);
    StartFront(peer_server_->address());
  }
  void StartFront(const std::string& peer_address) {
    stub_.reset();
    front_.reset();
    forwarder_ = std::make_unique<Forwarder>(
        std::vector<Forwarder::Route>{{"peer", kPrefix, MakeChannel(peer_address)}}, front_handlers_);
    auto front = Server::Start({.listen = "127.0.0.1:0", .services = {}, .fallback = forwarder_.get()});
    ASSERT_TRUE(front.ok()) << front.status();
    front_ = *std::move(front);
    // A plain channel: what is retried is up to the forwarder's own.
    channel_ = grpc::CreateChannel(front_->address(), grpc::InsecureChannelCredentials());
    stub_ = v1::OperationsService::NewStub(channel_);
  }
  absl::Status Get(const std::string& name, grpc::ClientContext& context, v1::GetOperationResponse& response) {
    v1::GetOperationRequest request;
    request.set_name(name);
    return FromGrpcStatus(stub_->GetOperation(&context, request, &response));
  }

  Executor executor_{2, 10};
  Handlers peer_handlers_{{.domain = "peer.plumbline"}, executor_, SystemClock()};
  std::atomic<int> observed_ = 0;
  Handlers front_handlers_{{.domain = "front.plumbline"},
                           executor_,
                           SystemClock(),
                           [this](const std::string&, const absl::Status&, absl::Duration) { ++observed_; }};
  PeerService peer_{peer_handlers_};
  std::unique_ptr<Server> peer_server_;
  std::unique_ptr<Forwarder> forwarder_;
  std::unique_ptr<Server> front_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::OperationsService::Stub> stub_;
};

TEST_F(ForwarderTest, AUnaryCallArrivesWithItsContext) {
  grpc::ClientContext context;
  context.AddMetadata("plumbline-actor", "coordinator");
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  context.AddMetadata("authorization", "Bearer secret");
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
  v1::GetOperationResponse response;
  const absl::Status status = Get("operations/peer-1", context, response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(response.operation().name(), "operations/peer-1");
  EXPECT_EQ(peer_.seen.actor, "coordinator");
  EXPECT_EQ(peer_.seen.traceparent, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_LE(peer_.seen.deadline, peer_.seen.now + absl::Seconds(21));
  EXPECT_GT(peer_.seen.deadline, peer_.seen.now + absl::Seconds(10));
  EXPECT_EQ(observed_, 1);
}

TEST_F(ForwarderTest, ErrorDetailsArriveByteForByte) {
  peer_.answer = InvalidField("name", "x", "must be something else");
  grpc::ClientContext context;
  v1::GetOperationRequest request;
  v1::GetOperationResponse response;
  const grpc::Status status = stub_->GetOperation(&context, request, &response);
  EXPECT_EQ(status.error_details(), ToGrpcStatus(peer_.answer, "peer.plumbline").error_details());
  EXPECT_EQ(status.error_message(), peer_.answer.message());
  const auto detail = GetErrorDetail(FromGrpcStatus(status));
  ASSERT_TRUE(detail.has_value());
  ASSERT_EQ(detail->violations.size(), 1u);
  EXPECT_EQ(detail->violations[0].field, "name");
}

TEST_F(ForwarderTest, AStreamArrivesMessageByMessage) {
  grpc::ClientContext context;
  auto reader = stub_->WatchOperation(&context, {});
  v1::WatchOperationResponse response;
  std::vector<int> seen;
  while (reader->Read(&response)) seen.push_back(response.operation().attempts());
  EXPECT_EQ(seen, (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(ForwarderTest, AStreamMayEndInATypedError) {
  peer_.answer = NotFound("operations/peer-9");
  grpc::ClientContext context;
  auto reader = stub_->WatchOperation(&context, {});
  v1::WatchOperationResponse response;
  int messages = 0;
  while (reader->Read(&response)) ++messages;
  EXPECT_EQ(messages, 3);
  EXPECT_EQ(GetErrorDetail(FromGrpcStatus(reader->Finish()))->metadata.at("resource"), "operations/peer-9");
}

TEST_F(ForwarderTest, CancellationReachesThePeer) {
  grpc::ClientContext context;
  v1::WatchOperationRequest request;
  request.set_name("forever");
  auto reader = stub_->WatchOperation(&context, request);
  v1::WatchOperationResponse response;
  ASSERT_TRUE(reader->Read(&response));
  context.TryCancel();
  EXPECT_TRUE(peer_.cancelled.WaitForNotificationWithTimeout(absl::Seconds(20)));
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ForwarderTest, TheCallersDeadlineEndsTheCall) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  v1::WatchOperationRequest request;
  request.set_name("forever");
  auto reader = stub_->WatchOperation(&context, request);
  v1::WatchOperationResponse response;
  while (reader->Read(&response)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(peer_.cancelled.WaitForNotificationWithTimeout(absl::Seconds(20)));
}

TEST_F(ForwarderTest, APeerThatIsDownIsNamedAndItsAddressIsNot) {
  const std::string address = peer_server_->address();
  peer_server_->Drain(absl::ZeroDuration());
  peer_server_.reset();
  StartFront(address);
  grpc::ClientContext context;
  v1::GetOperationResponse response;
  const absl::Status status = Get("operations/peer-1", context, response);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable) << status;
  EXPECT_EQ(status.message(), "the peer service could not be reached");
  ASSERT_TRUE(GetErrorDetail(status).has_value());
  EXPECT_EQ(GetErrorDetail(status)->reason, "PEER_UNAVAILABLE");
  EXPECT_EQ(GetErrorDetail(status)->metadata.at("service"), "peer");
}

TEST_F(ForwarderTest, UnknownMethodsAreUnimplemented) {
  for (const char* method : {"/plumbline.other.v1.Service/Method", "/x", "/plumbline.common.v2.Service/Get"}) {
    grpc::GenericStub stub(channel_);
    grpc::ClientContext context;
    const grpc::Slice nothing;
    grpc::ByteBuffer request(&nothing, 1), response;
    absl::Notification done;
    grpc::Status status;
    stub.UnaryCall(&context, method, {}, &request, &response, [&](grpc::Status answer) {
      status = std::move(answer);
      done.Notify();
    });
    ASSERT_TRUE(done.WaitForNotificationWithTimeout(absl::Seconds(20))) << method;
    EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED) << method;
    EXPECT_EQ(GetErrorDetail(FromGrpcStatus(status))->reason, "UNKNOWN_METHOD") << method;
  }
}

TEST_F(ForwarderTest, ManyCallsAtOnceKeepApart) {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> callers;
  for (int t = 0; t < 4; ++t) {
    callers.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        grpc::ClientContext context;
        auto reader = stub_->WatchOperation(&context, {});
        v1::WatchOperationResponse response;
        int messages = 0;
        while (reader->Read(&response)) ++messages;
        if (messages != 3 || !reader->Finish().ok()) ++wrong;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace plumbline::rpc
