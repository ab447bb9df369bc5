#include "common/rpc/call.h"

#include <openssl/evp.h>

#include <array>
#include <chrono>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace plumbline::rpc {
namespace {

constexpr char kRequestIdField[] = "request_id";
constexpr size_t kMaxRequestIdBytes = 128;

// The same request has the same digest in every process: maps are written in key order.
std::string DeterministicBytes(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
  }
  return bytes;
}

std::string Sha256Hex(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return absl::BytesToHexString(absl::string_view(reinterpret_cast<const char*>(digest.data()), size));
}

}  // namespace

absl::StatusOr<Mutation> MutationFor(const Call& call, const google::protobuf::Message& request) {
  Mutation mutation{
      .actor = call.actor, .method = call.method, .request_id = {}, .request_digest = {}, .now = call.now};
  const google::protobuf::FieldDescriptor* field = request.GetDescriptor()->FindFieldByName(kRequestIdField);
  if (field == nullptr || field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING) return mutation;
  mutation.request_id = request.GetReflection()->GetString(request, field);
  if (mutation.request_id.size() > kMaxRequestIdBytes) {
    return InvalidField(kRequestIdField, mutation.request_id, "must have at most 128 bytes");
  }
  if (mutation.request_id.empty()) return mutation;
  const std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  copy->GetReflection()->ClearField(copy.get(), field);
  mutation.request_digest = Sha256Hex(DeterministicBytes(*copy));
  return mutation;
}

std::unique_ptr<grpc::ClientContext> OutgoingContext(const Call& call) {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(absl::ToChronoTime(call.deadline));
  context->AddMetadata("plumbline-actor", call.actor);
  if (!call.traceparent.empty()) context->AddMetadata("traceparent", call.traceparent);
  return context;
}

}  // namespace plumbline::rpc
