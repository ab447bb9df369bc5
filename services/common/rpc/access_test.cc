#include "common/rpc/access.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "common/base/error.h"
#include "common/rpc/handler.h"
#include "common/rpc/server.h"
#include "common/rpc/status_grpc.h"
#include "plumbline/common/v1/operations.grpc.pb.h"

namespace plumbline::rpc {
namespace {

namespace v1 = common::v1;

Call Make(const std::string& method, const std::string& actor, const std::string& resource = "") {
  return {.method = method, .actor = actor, .traceparent = "", .now = {}, .deadline = {}, .resource = resource};
}

TEST(Access, ABlindedCoderMayCallCoderServiceOnly) {
  for (const char* actor : {"coders/c1", "coders/", "coders/../coordinator", "Coders/c1", " coders/c1", "coder/c1"}) {
    EXPECT_TRUE(Admit(Make("plumbline.coding.v1.CoderService/ListItems", actor)).ok());
    for (const char* method :
         {"plumbline.coding.v1.StudyService/OpenStudyKey", "plumbline.common.v1.OperationsService/Get",
          "plumbline.coding.v1.CoderServiceX/List", "CoderService/ListItems", ""}) {
      const absl::Status refused = Admit(Make(method, actor));
      EXPECT_EQ(refused.code(), absl::StatusCode::kPermissionDenied) << method;
      EXPECT_EQ(GetErrorDetail(refused)->reason, "BLINDED_ACTOR");
    }
  }
  for (const char* actor : {"anonymous", "coordinator", "c1", "coders", "encoders/c1"}) {
    EXPECT_TRUE(Admit(Make("plumbline.coding.v1.StudyService/OpenStudyKey", actor)).ok()) << actor;
  }
}

TEST(Access, KnowsTheCoder) {
  EXPECT_EQ(BlindedCoder("coders/c1"), "c1");
  EXPECT_EQ(BlindedCoder("coders/"), "");
  EXPECT_TRUE(IsBlinded("coders/"));
  EXPECT_EQ(BlindedCoder("c1"), "");
  EXPECT_FALSE(IsBlinded("c1"));
  EXPECT_TRUE(IsBlinded("CODER/c1"));
  EXPECT_EQ(BlindedCoder("Coders/c1"), "") << "a misspelt name opens no desk";
}

TEST(Access, TheLineOfARefusalNamesWhatWasAskedFor) {
  const Call call = Make("S/OpenStudyKey", "coders/c1", "studies/pilot");
  const AuditEntry entry = RefusalAudit(call, Admit(call));
  EXPECT_EQ(entry.action, "access.refuse");
  EXPECT_EQ(entry.resource, "studies/pilot");
  EXPECT_EQ(entry.detail, "reason=BLINDED_ACTOR");
  EXPECT_EQ(RefusalAudit(Make("S/M", "x"), Refused("NO", "studies/a", "no")).resource, "studies/a");
  // What callers write into a name stays out of the log unless it can be one.
  for (const std::string& name :
       {std::string("two words"), std::string(201, 'x'), std::string("\xC3\xA9"), std::string("a\n")}) {
    EXPECT_EQ(RefusalAudit(Make("S/M", "x", name), absl::PermissionDeniedError("no")).resource, "S/M");
  }
  EXPECT_EQ(RefusalAudit(Make("S/M", "x"), absl::PermissionDeniedError("no")).detail, "reason=PERMISSION_DENIED");
}

TEST(Access, ARequestIsAboutTheFirstNameItHolds) {
  v1::GetOperationRequest by_name;
  EXPECT_EQ(ResourceOf(by_name), "");
  by_name.set_name("operations/x");
  EXPECT_EQ(ResourceOf(by_name), "operations/x");
  v1::ListOperationsRequest without;
  without.set_page_token("t");
  EXPECT_EQ(ResourceOf(without), "");
}

class OneMethod final : public v1::OperationsService::CallbackService {
 public:
  OneMethod(Handlers& handlers, Handlers::Body body) : handlers_(handlers), body_(std::move(body)) {}
  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* context, const v1::GetOperationRequest* request,
                                         v1::GetOperationResponse*) override {
    return handlers_.Unary(context, "OperationsService/GetOperation", *request, body_);
  }

 private:
  Handlers& handlers_;
  Handlers::Body body_;
};

class HandlersRefuse : public ::testing::Test {
 protected:
  absl::Status CallAs(const std::string& actor, Handlers::Body body) {
    OneMethod service(handlers_, std::move(body));
    auto server = Server::Start({.listen = "", .services = {&service}});
    if (!server.ok()) return server.status();
    auto stub = v1::OperationsService::NewStub((*server)->InProcessChannel());
    grpc::ClientContext context;
    context.AddMetadata("plumbline-actor", actor);
    v1::GetOperationRequest request;
    request.set_name("operations/x");
    v1::GetOperationResponse response;
    return FromGrpcStatus(stub->GetOperation(&context, request, &response));
  }

  absl::Status keep_ = absl::OkStatus();  // what recording answers
  std::vector<std::pair<Call, AuditEntry>> recorded_;
  Executor executor_{2, 10};
  Handlers handlers_{{.domain = "test.plumbline",
                      .record_refusal =
                          [this](const Call& call, const AuditEntry& entry) {
                            recorded_.emplace_back(call, entry);
                            return keep_;
                          }},
                     executor_,
                     SystemClock()};
};

TEST_F(HandlersRefuse, ABlindedActorBeforeTheBodyRunsAndKeepALine) {
  bool ran = false;
  const auto body = [&](const Call&) {
    ran = true;
    return absl::OkStatus();
  };
  EXPECT_TRUE(absl::IsPermissionDenied(CallAs("coders/c1", body)));
  EXPECT_FALSE(ran);
  ASSERT_EQ(recorded_.size(), 1u);
  EXPECT_EQ(recorded_[0].first.actor, "coders/c1");
  EXPECT_EQ(recorded_[0].first.method, "OperationsService/GetOperation");
  EXPECT_EQ(recorded_[0].second.resource, "operations/x");
  EXPECT_TRUE(CallAs("coordinator", body).ok());
  EXPECT_TRUE(ran);
  EXPECT_EQ(recorded_.size(), 1u);
}

TEST_F(HandlersRefuse, WhatABodyRefusesIsRecordedOtherErrorsAreNot) {
  EXPECT_TRUE(absl::IsNotFound(CallAs("x", [](const Call&) { return NotFound("operations/x"); })));
  EXPECT_TRUE(recorded_.empty());
  EXPECT_TRUE(absl::IsPermissionDenied(CallAs("x", [](const Call&) { return Refused("NO", "studies/a", "no"); })));
  ASSERT_EQ(recorded_.size(), 1u);
  EXPECT_EQ(recorded_[0].second.detail, "reason=NO");
}

TEST_F(HandlersRefuse, AlsoWhenTheLineCannotBeKept) {
  keep_ = absl::UnavailableError("no database");
  EXPECT_TRUE(absl::IsPermissionDenied(CallAs("coders/c1", [](const Call&) { return absl::OkStatus(); })));
  EXPECT_EQ(recorded_.size(), 1u);
}

}  // namespace
}  // namespace plumbline::rpc
