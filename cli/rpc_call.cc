#include "cli/rpc_call.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/rpc/status_grpc.h"
#include "google/protobuf/util/json_util.h"
#include "google/protobuf/util/type_resolver.h"
#include "google/protobuf/util/type_resolver_util.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "plumbline/coding/v1/coder.pb.h"
#include "plumbline/coding/v1/frames.pb.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"
#include "plumbline/common/v1/operations.pb.h"
#include "plumbline/economics/v1/economics.pb.h"
#include "plumbline/economics/v1/ledger.pb.h"
#include "plumbline/gateway/v1/reports.pb.h"
#include "plumbline/gateway/v1/trials.pb.h"
#include "plumbline/instruments/v1/instruments.pb.h"

namespace plumbline::cli {
namespace {

namespace pb = google::protobuf;

std::string TypeUrl(const std::string& name) { return absl::StrCat("type.googleapis.com/", name); }

// The details of errors travel under their names in google.rpc; here they are messages of ours (errors.proto).
class ErrorTypes : public pb::util::TypeResolver {
 public:
  pb::util::Status ResolveMessageType(const std::string& url, pb::Type* type) override {
    std::string known = url;
    absl::StrReplaceAll({{"google.rpc.", "plumbline.common.v1."}}, &known);
    return types_->ResolveMessageType(known, type);
  }
  pb::util::Status ResolveEnumType(const std::string& url, pb::Enum* type) override {
    return types_->ResolveEnumType(url, type);
  }

 private:
  const std::unique_ptr<pb::util::TypeResolver> types_{
      pb::util::NewTypeResolverForDescriptorPool("type.googleapis.com", pb::DescriptorPool::generated_pool())};
};

// One message of each file that declares services: naming them keeps the files in the program.
std::vector<const pb::FileDescriptor*> ServiceFiles() {
  return {common::v1::Operation::descriptor()->file(),   coding::v1::Transcript::descriptor()->file(),
          coding::v1::Identity::descriptor()->file(),    coding::v1::Frame::descriptor()->file(),
          coding::v1::Study::descriptor()->file(),       coding::v1::Item::descriptor()->file(),
          coding::v1::StudyReport::descriptor()->file(), instruments::v1::Instrument::descriptor()->file(),
          economics::v1::UnitCost::descriptor()->file(), economics::v1::Ledger::descriptor()->file(),
          gateway::v1::Trial::descriptor()->file(),      gateway::v1::Report::descriptor()->file()};
}

absl::Status ToBytes(const pb::Message& message, grpc::ByteBuffer& out) {
  const grpc::Slice slice(message.SerializeAsString());
  out = grpc::ByteBuffer(&slice, 1);
  return absl::OkStatus();
}

bool FromBytes(const grpc::ByteBuffer& buffer, pb::Message& out) {
  std::vector<grpc::Slice> slices;
  if (!buffer.Dump(&slices).ok()) return false;
  std::string bytes;
  for (const grpc::Slice& slice : slices) bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return out.ParseFromString(bytes);
}

// Waits for the next event of a queue that serves one call, step after step.
bool Next(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

}  // namespace

std::string FullName(const pb::MethodDescriptor& method) {
  return absl::StrCat(method.service()->full_name(), "/", method.name());
}

std::vector<const pb::MethodDescriptor*> AllMethods() {
  std::vector<const pb::MethodDescriptor*> methods;
  for (const pb::FileDescriptor* file : ServiceFiles()) {
    for (int s = 0; s < file->service_count(); ++s) {
      for (int m = 0; m < file->service(s)->method_count(); ++m) methods.push_back(file->service(s)->method(m));
    }
  }
  std::sort(methods.begin(), methods.end(), [](const auto* a, const auto* b) { return FullName(*a) < FullName(*b); });
  return methods;
}

absl::StatusOr<const pb::MethodDescriptor*> FindMethod(const std::string& name) {
  std::vector<std::string> near;
  const std::string wanted_method =
      name.substr(name.find_last_of("./") == std::string::npos ? 0 : name.find_last_of("./") + 1);
  const pb::MethodDescriptor* found = nullptr;
  for (const pb::MethodDescriptor* method : AllMethods()) {
    const std::string full = FullName(*method);
    const std::string short_name = absl::StrCat(method->service()->name(), "/", method->name());
    if (name == full || name == method->full_name() || name == absl::StrCat("/", full)) return method;
    if (name == short_name) {
      if (found != nullptr)
        return InvalidField("method", name, "stands for more than one method; give its package too");
      found = method;
    }
    if (absl::StrContains(absl::AsciiStrToLower(full), absl::AsciiStrToLower(wanted_method))) near.push_back(full);
  }
  if (found != nullptr) return found;
  const std::string hint = near.empty() ? "`plumbline methods` lists all of them"
                                        : absl::StrCat("did you mean ", absl::StrJoin(near, " or "), "?");
  return MakeError(absl::StatusCode::kNotFound, absl::StrCat("there is no method \"", name, "\"; ", hint),
                   {.reason = "UNKNOWN_METHOD", .metadata = {}, .violations = {}, .retry_after = {}});
}

std::unique_ptr<pb::Message> NewMessage(const pb::Descriptor& type) {
  return std::unique_ptr<pb::Message>(pb::MessageFactory::generated_factory()->GetPrototype(&type)->New());
}

absl::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel, const pb::MethodDescriptor& method,
                        const pb::Message& request, const CallOptions& options,
                        const std::function<void(const pb::Message&)>& on_response) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(options.timeout));
  if (!options.actor.empty()) context.AddMetadata("plumbline-actor", options.actor);
  grpc::CompletionQueue queue;
  // Every kind of method is a stream on the wire; a unary one carries one message each way.
  auto call = stub.PrepareCall(&context, absl::StrCat("/", FullName(method)), &queue);
  call->StartCall(nullptr);
  const bool started = Next(queue);
  if (started) {
    grpc::ByteBuffer bytes;
    RETURN_IF_ERROR(ToBytes(request, bytes));
    call->WriteLast(bytes, grpc::WriteOptions(), nullptr);
    if (Next(queue)) {
      while (true) {
        grpc::ByteBuffer answer;
        call->Read(&answer, nullptr);
        if (!Next(queue)) break;
        const auto response = NewMessage(*method.output_type());
        if (!FromBytes(answer, *response)) return absl::DataLossError("the answer could not be read");
        on_response(*response);
      }
    }
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  Next(queue);
  return rpc::FromGrpcStatus(status);
}

absl::Status ParseJson(const std::string& json, pb::Message& message) {
  const auto status = pb::util::JsonStringToMessage(json, &message);
  if (status.ok()) return absl::OkStatus();
  std::string why(status.message().data(), status.message().size());
  // The value may be a whole transcript: told by its rule alone.
  if (const size_t value = why.find("invalid value"); absl::StrContains(why, "TYPE_BYTES")) {
    why = absl::StrCat(why.substr(0, value), "bytes are written as base64 (`base64 -w0 FILE` prints a file so)");
  }
  return MakeError(absl::StatusCode::kInvalidArgument,
                   absl::StrCat("the JSON is not a ", message.GetDescriptor()->full_name(), ": ", why),
                   {.reason = "BAD_JSON", .metadata = {}, .violations = {}, .retry_after = {}});
}

std::string ToJson(const pb::Message& message, bool pretty) {
  pb::util::JsonPrintOptions options;
  options.add_whitespace = pretty;
  options.always_print_primitive_fields = false;
  ErrorTypes types;
  std::string json;
  const auto status = pb::util::BinaryToJsonString(&types, TypeUrl(message.GetDescriptor()->full_name()),
                                                   message.SerializeAsString(), &json, options);
  if (status.ok()) return json;
  // Never an empty answer: what cannot be shown as it should is shown as it can be.
  return absl::StrCat("{\"notJson\":", log::JsonQuote(message.ShortDebugString()), "}");
}

std::string ErrorToJson(const absl::Status& status) {
  const ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  std::string json = absl::StrCat("{\"code\":", log::JsonQuote(absl::StatusCodeToString(status.code())),
                                  ",\"message\":", log::JsonQuote(std::string(status.message())),
                                  ",\"reason\":", log::JsonQuote(detail.reason), ",\"metadata\":{");
  std::vector<std::string> parts;
  for (const auto& [key, value] : detail.metadata) {
    if (!absl::StartsWith(key, "_")) parts.push_back(absl::StrCat(log::JsonQuote(key), ":", log::JsonQuote(value)));
  }
  absl::StrAppend(&json, absl::StrJoin(parts, ","), "},\"violations\":[");
  parts.clear();
  for (const FieldViolation& violation : detail.violations) {
    parts.push_back(absl::StrCat("{\"field\":", log::JsonQuote(violation.field),
                                 ",\"description\":", log::JsonQuote(violation.description), "}"));
  }
  absl::StrAppend(&json, absl::StrJoin(parts, ","), "]");
  if (detail.retry_after.has_value()) {
    absl::StrAppend(&json, ",\"retryAfter\":", log::JsonQuote(absl::FormatDuration(*detail.retry_after)));
  }
  return absl::StrCat(json, "}");
}

std::string ErrorToText(const absl::Status& status) {
  const ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  std::string text = absl::StrCat(absl::StatusCodeToString(status.code()), ": ", std::string(status.message()));
  if (detail.violations.size() > 1) {
    for (const FieldViolation& violation : detail.violations) {
      absl::StrAppend(&text, "\n  ", violation.field, ": ", violation.description);
    }
  }
  if (detail.retry_after.has_value()) {
    absl::StrAppend(&text, "\n  try again after ", absl::FormatDuration(*detail.retry_after));
  }
  return text;
}

}  // namespace plumbline::cli
