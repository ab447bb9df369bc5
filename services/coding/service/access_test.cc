#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "coding/service/test_fixture.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "grpcpp/generic/generic_stub.h"

namespace plumbline::coding {
namespace {

namespace pb = google::protobuf;

// Who may call what: a blinded coder's calls, found by walking the contracts.
class AccessTest : public CodingServiceTest {
 protected:
  // Of the coder's desk, or of every other service there is. A service that the fixture does not host answers
  // UNIMPLEMENTED, which no test here takes for a refusal.
  static std::vector<const pb::MethodDescriptor*> Methods(bool desk) {
    std::vector<const pb::MethodDescriptor*> methods;
    for (const auto& file : std::filesystem::directory_iterator(PLUMBLINE_SOURCE_DIR "/protos/plumbline/coding/v1")) {
      const auto* contract = pb::DescriptorPool::generated_pool()->FindFileByName(
          absl::StrCat("plumbline/coding/v1/", file.path().filename().string()));
      EXPECT_NE(contract, nullptr) << file.path();
      for (int s = 0; contract != nullptr && s < contract->service_count(); ++s) {
        const pb::ServiceDescriptor* service = contract->service(s);
        if ((service->name() == "CoderService") != desk) continue;
        for (int m = 0; m < service->method_count(); ++m) methods.push_back(service->method(m));
      }
    }
    return methods;
  }

  static std::string FullName(const pb::MethodDescriptor& method) {
    return absl::StrCat(method.service()->full_name(), "/", method.name());
  }

  absl::Status CallByName(const std::string& actor, const std::string& method, const std::string& request) {
    grpc::GenericStub generic(server_->InProcessChannel());
    grpc::ClientContext context;
    context.AddMetadata("plumbline-actor", actor);
    const grpc::Slice slice(request);
    const grpc::ByteBuffer bytes(&slice, 1);
    grpc::ByteBuffer response;
    grpc::Status answer;
    absl::Notification done;
    generic.UnaryCall(&context, absl::StrCat("/", method), grpc::StubOptions(), &bytes, &response,
                      [&](const grpc::Status& status) {
                        answer = status;
                        done.Notify();
                      });
    done.WaitForNotification();
    EXPECT_TRUE(answer.ok() || response.Length() == 0) << method << " refused and answered";
    return rpc::FromGrpcStatus(answer);
  }

  // A request of CoderService with its study, its coder and one item where it has one.
  static std::string Request(const pb::MethodDescriptor& method, const std::string& study, const std::string& coder) {
    pb::DynamicMessageFactory factory;
    const std::unique_ptr<pb::Message> request(factory.GetPrototype(method.input_type())->New());
    const auto set = [&](const char* field, const std::string& value) {
      const pb::FieldDescriptor* descriptor = method.input_type()->FindFieldByName(field);
      if (descriptor != nullptr && !descriptor->is_repeated()) {
        request->GetReflection()->SetString(request.get(), descriptor, value);
      }
    };
    EXPECT_NE(method.input_type()->FindFieldByName("study"), nullptr) << method.full_name();
    EXPECT_NE(method.input_type()->FindFieldByName("coder"), nullptr) << method.full_name();
    set("study", study);
    set("coder", coder);
    set("item", "item1");
    return request->SerializeAsString();
  }
};

TEST_F(AccessTest, ABlindedCoderIsRefusedEverythingButTheDeskAndThatIsRecorded) {
  int refused = 0;
  for (const pb::MethodDescriptor* method : Methods(/*desk=*/false)) {
    const std::string name = FullName(*method);
    const absl::Status status = CallByName("coders/c1", name, "");
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << name << ": " << status;
    EXPECT_EQ(Reason(status), "BLINDED_ACTOR") << name;
    ++refused;
    const auto audit = store_->audit();
    ASSERT_EQ(audit.size(), static_cast<size_t>(refused)) << name;
    EXPECT_EQ(audit.back().actor, "coders/c1");
    EXPECT_EQ(audit.back().method, name);
    EXPECT_EQ(audit.back().time, clock_.Now());
    EXPECT_EQ(audit.back().entry.action, "access.refuse");
  }
  EXPECT_GE(refused, 40);
}

TEST_F(AccessTest, ABlindedCoderAsksForTheOwnDeskOnly) {
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  const size_t before = store_->audit().size();
  std::set<std::string> answers;
  size_t refused = 0;
  for (const pb::MethodDescriptor* method : Methods(/*desk=*/true)) {
    // Another coder of the study, nobody, and a study that is not there: refused alike.
    for (const auto& [study, coder] : std::vector<std::pair<std::string, std::string>>{
             {"studies/pilot", "c2"}, {"studies/pilot", "c9"}, {"studies/none", "c2"}, {"", ""}}) {
      const absl::Status status = CallByName("coders/c1", FullName(*method), Request(*method, study, coder));
      EXPECT_EQ(Reason(status), "NOT_YOUR_DESK") << FullName(*method) << ": " << status;
      answers.insert(std::string(status.message()));
      ++refused;
    }
    const absl::Status own = CallByName("coders/c1", FullName(*method), Request(*method, "studies/pilot", "c1"));
    EXPECT_FALSE(absl::IsPermissionDenied(own)) << FullName(*method) << ": " << own;
    EXPECT_TRUE(
        absl::IsPermissionDenied(CallByName("coders/", FullName(*method), Request(*method, "studies/pilot", "c1"))));
    ++refused;
  }
  EXPECT_EQ(answers.size(), 1u);
  EXPECT_EQ(store_->audit().size(), before + refused);
}

TEST_F(AccessTest, ARefusedReadOfATranscriptIsRecordedWithItsName) {
  v1::GetTranscriptRequest request;
  request.set_name("transcripts/a");
  v1::GetTranscriptResponse response;
  EXPECT_TRUE(absl::IsPermissionDenied(
      CallAs("coders/c1", *transcripts_, &v1::TranscriptService::Stub::GetTranscript, request, &response)));
  ASSERT_FALSE(store_->audit().empty());
  EXPECT_EQ(store_->audit().back().entry.action, "access.refuse");
  EXPECT_EQ(store_->audit().back().entry.resource, "transcripts/a");
}

TEST_F(AccessTest, TheKeyIsRefusedToWhoeverCodesAndTheLineNamesTheStudy) {
  using Studies = v1::StudyService::Stub;
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());
  v1::OpenStudyKeyRequest request;
  request.set_name("studies/pilot");
  const auto open = [&](const std::string& actor, v1::OpenStudyKeyResponse* response) {
    return CallAs(actor, *studies_, &Studies::OpenStudyKey, request, response);
  };
  const auto refused = [&](const std::string& actor, const char* reason) {
    const size_t before = store_->audit().size();
    v1::OpenStudyKeyResponse response;
    const absl::Status status = open(actor, &response);
    EXPECT_EQ(status.code(), absl::StatusCode::kPermissionDenied) << actor << ": " << status;
    EXPECT_EQ(Reason(status), reason) << actor;
    EXPECT_EQ(response.entries_size(), 0);
    const auto audit = store_->audit();
    ASSERT_EQ(audit.size(), before + 1) << actor;
    EXPECT_EQ(audit.back().actor, actor);
    EXPECT_EQ(audit.back().method, "plumbline.coding.v1.StudyService/OpenStudyKey");
    EXPECT_EQ(audit.back().entry.action, "access.refuse");
    EXPECT_EQ(audit.back().entry.resource, "studies/pilot");
    EXPECT_EQ(audit.back().entry.detail, absl::StrCat("reason=", reason));
  };
  for (const bool closed : {false, true}) {
    if (closed) {
      CodeAll();
      ASSERT_TRUE(Close().ok());
    }
    refused("coders/c1", "BLINDED_ACTOR");
    refused("coders/somebody-else", "BLINDED_ACTOR");
    refused("c1", "CODER_OF_STUDY");
    refused("c3", "CODER_OF_STUDY");
    refused("C3", "CODER_OF_STUDY");
    refused("Coders/c1", "BLINDED_ACTOR");
  }
  v1::OpenStudyKeyResponse response;
  ASSERT_TRUE(open("coordinator", &response).ok());
  EXPECT_EQ(response.entries_size(), 5);
  EXPECT_EQ(store_->audit().back().entry.action, "study.open_key");
}

}  // namespace
}  // namespace plumbline::coding
