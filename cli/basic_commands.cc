// call, methods and health.

#include <iostream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/commands.h"
#include "cli/describe.h"
#include "cli/output.h"
#include "common/base/error.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "grpcpp/generic/generic_stub.h"

namespace plumbline::cli {
namespace {

absl::StatusOr<std::string> ReadData(const std::string& data) {
  if (data.empty() || data[0] != '@') return data;
  if (data == "@-") {
    std::ostringstream text;
    text << std::cin.rdbuf();
    return text.str();
  }
  return ReadFile(data.substr(1));
}

absl::Status CallOnce(const Session& session, const std::string& name, const std::string& data) {
  ASSIGN_OR_RETURN(const auto* method, FindMethod(name));
  ASSIGN_OR_RETURN(const std::string json, ReadData(data));
  const auto request = NewMessage(*method->input_type());
  RETURN_IF_ERROR(ParseJson(json, *request));
  ASSIGN_OR_RETURN(const auto connection, Connection::Open(session.target));
  // A stream prints one answer a line, so that a script can read it as it comes.
  const bool pretty = !session.json && !method->server_streaming();
  return CallMethod(connection->channel(), *method, *request, session.call,
                    [&](const google::protobuf::Message& response) {
                      std::cout << ToJson(response, pretty) << (pretty ? "" : "\n") << std::flush;
                    });
}

void PrintMethod(const Session& session, const google::protobuf::MethodDescriptor& method) {
  const std::string name = FullName(method);
  if (!session.json) {
    std::cout << name << (method.server_streaming() ? "  (stream)" : "") << "\n    "
              << FieldsInLine(*method.input_type()) << "\n";
    return;
  }
  std::cout << "{\"method\":" << log::JsonQuote(name)
            << ",\"streaming\":" << (method.server_streaming() ? "true" : "false")
            << ",\"request\":" << log::JsonQuote(method.input_type()->full_name())
            << ",\"response\":" << log::JsonQuote(method.output_type()->full_name()) << "}\n";
}

}  // namespace

int Finish(const Session& session, const absl::Status& status) {
  const std::string hint = absl::StrCat("no answer from a gateway at ", session.target.address,
                                        "; is it running? --address names another, --embedded needs none");
  return ReportError(status, session.json, session.target.embedded ? "" : hint);
}

int Call(const Session& session, const std::string& method, const std::string& data) {
  return Finish(session, CallOnce(session, method, data));
}

int Methods(const Session& session, const std::string& filter) {
  int shown = 0;
  // Of all methods there are too many types: they are for who has chosen.
  const bool with_types = !session.json && !filter.empty();
  TypeDescriber types;
  for (const auto* method : AllMethods()) {
    if (!absl::StrContains(absl::AsciiStrToLower(FullName(*method)), absl::AsciiStrToLower(filter))) continue;
    ++shown;
    PrintMethod(session, *method);
    if (with_types) std::cout << types.FieldTypesOf(*method->input_type());
  }
  if (with_types) {
    const NamedTypes named = FindTypes(filter);
    for (const auto* message : named.messages) std::cout << types.Describe(*message);
    for (const auto* type : named.enums) std::cout << types.Describe(*type);
    if (!named.empty()) ++shown;
  }
  if (shown > 0) return 0;
  std::cerr << "no method contains \"" << filter << "\"" << (session.json ? "" : ", and no type is called so") << "\n";
  return 1;
}

int Health(const Session& session) {
  // grpc.health.v1.HealthCheckRequest{service = 1: "ready"} and HealthCheckResponse{status = 1}, where 1 is SERVING:
  // two bytes each way do not need a copy of the contract.
  const std::string request = std::string("\x0A\x05", 2) + "ready";
  const auto connection = Connection::Open(session.target);
  if (!connection.ok()) return Finish(session, connection.status());
  grpc::GenericStub stub((*connection)->channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(2));
  grpc::CompletionQueue queue;
  const grpc::Slice slice(request);
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check", grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (status.ok() && answer.Dump(&slices).ok()) {
    for (const grpc::Slice& part : slices) bytes.append(reinterpret_cast<const char*>(part.begin()), part.size());
  }
  if (bytes == std::string("\x08\x01", 2)) {
    std::cout << session.target.address << " is ready\n";
    return 0;
  }
  std::cerr << session.target.address << " is not ready" << (status.ok() ? "" : ": " + status.error_message()) << "\n";
  return 1;
}

}  // namespace plumbline::cli
