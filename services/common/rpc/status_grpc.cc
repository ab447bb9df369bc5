#include "common/rpc/status_grpc.h"

#include <string>

#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/base/error.h"
#include "common/base/utf8.h"

namespace plumbline::rpc {
namespace {

constexpr size_t kMaxMessageBytes = 1024;
constexpr char kErrorInfoType[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kBadRequestType[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr char kRetryInfoType[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kDomainKey[] = "_domain";  // keeps a peer's domain while an error passes through this process

bool TellsOfTheInside(absl::StatusCode code) {
  return code == absl::StatusCode::kInternal || code == absl::StatusCode::kUnknown ||
         code == absl::StatusCode::kDataLoss;
}

std::string SafeMessage(const absl::Status& status) {
  if (TellsOfTheInside(status.code())) return "something went wrong inside the service; its log says what";
  std::string message(status.message());
  if (message.size() > kMaxMessageBytes) message.resize(kMaxMessageBytes);
  if (const size_t bad = FirstInvalidUtf8(message); bad != std::string::npos) message.resize(bad);
  return message;
}

// Reasons for errors raised without one, so that every error on the wire has a reason.
std::string DefaultReason(absl::StatusCode code) { return absl::StatusCodeToString(code); }

void Pack(const google::protobuf::Message& message, const char* type, common::v1::ErrorStatus& out) {
  google::protobuf::Any& any = *out.add_details();
  any.set_type_url(type);
  message.SerializeToString(any.mutable_value());
}

}  // namespace

common::v1::ErrorStatus ToErrorStatus(const absl::Status& status, std::string_view domain) {
  common::v1::ErrorStatus out;
  out.set_code(static_cast<int>(status.code()));
  if (status.ok()) return out;
  out.set_message(SafeMessage(status));
  ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  common::v1::ErrorInfo info;
  info.set_reason(detail.reason.empty() ? DefaultReason(status.code()) : detail.reason);
  info.set_domain(std::string(domain));
  if (const auto kept = detail.metadata.find(kDomainKey); kept != detail.metadata.end()) {
    info.set_domain(kept->second);
    detail.metadata.erase(kept);
  }
  for (const auto& [key, value] : detail.metadata) (*info.mutable_metadata())[key] = value;
  Pack(info, kErrorInfoType, out);
  if (!detail.violations.empty()) {
    common::v1::BadRequest bad_request;
    for (const FieldViolation& violation : detail.violations) {
      auto* added = bad_request.add_field_violations();
      added->set_field(violation.field);
      added->set_description(violation.description);
    }
    Pack(bad_request, kBadRequestType, out);
  }
  if (detail.retry_after.has_value()) {
    common::v1::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(absl::ToInt64Seconds(*detail.retry_after));
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(
        absl::ToInt64Nanoseconds(*detail.retry_after - absl::Seconds(absl::ToInt64Seconds(*detail.retry_after)))));
    Pack(retry, kRetryInfoType, out);
  }
  return out;
}

absl::Status FromErrorStatus(const common::v1::ErrorStatus& error) {
  if (error.code() == 0) return absl::OkStatus();
  ErrorDetail detail;
  for (const google::protobuf::Any& any : error.details()) {
    common::v1::ErrorInfo info;
    common::v1::BadRequest bad_request;
    common::v1::RetryInfo retry;
    if (any.type_url() == kErrorInfoType && info.ParseFromString(any.value())) {
      detail.reason = info.reason();
      detail.metadata.insert(info.metadata().begin(), info.metadata().end());
      if (!info.domain().empty()) detail.metadata[kDomainKey] = info.domain();
    } else if (any.type_url() == kBadRequestType && bad_request.ParseFromString(any.value())) {
      for (const auto& violation : bad_request.field_violations()) {
        detail.violations.push_back({violation.field(), violation.description()});
      }
    } else if (any.type_url() == kRetryInfoType && retry.ParseFromString(any.value())) {
      detail.retry_after =
          absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return MakeError(static_cast<absl::StatusCode>(error.code()), error.message(), std::move(detail));
}

grpc::Status ToGrpcStatus(const absl::Status& status, std::string_view domain) {
  if (status.ok()) return grpc::Status::OK;
  const common::v1::ErrorStatus error = ToErrorStatus(status, domain);
  return grpc::Status(static_cast<grpc::StatusCode>(error.code()), error.message(), error.SerializeAsString());
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  common::v1::ErrorStatus error;
  if (status.error_details().empty() || !error.ParseFromString(status.error_details()) || error.code() == 0) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  return FromErrorStatus(error);
}

}  // namespace plumbline::rpc
