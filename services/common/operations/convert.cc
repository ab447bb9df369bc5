#include "common/operations/convert.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/rpc/status_grpc.h"
#include "google/protobuf/any.pb.h"

namespace plumbline::operations {
namespace {

// Ids made by the service or chosen by the caller hold nothing else; a slash would change the shape of the name.
bool IsPlainId(std::string_view id) {
  return !id.empty() && id.size() <= 200 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

common::v1::OperationState ToProto(jobs::OperationState state) {
  switch (state) {
    case jobs::OperationState::kPending:
      return common::v1::OPERATION_STATE_PENDING;
    case jobs::OperationState::kRunning:
    case jobs::OperationState::kWaiting:  // its children are worked on
      return common::v1::OPERATION_STATE_RUNNING;
    case jobs::OperationState::kSucceeded:
      return common::v1::OPERATION_STATE_SUCCEEDED;
    case jobs::OperationState::kFailed:
      return common::v1::OPERATION_STATE_FAILED;
    case jobs::OperationState::kCancelled:
      return common::v1::OPERATION_STATE_CANCELLED;
  }
  return common::v1::OPERATION_STATE_UNSPECIFIED;
}

// Workers save progress now and then only, so the last saved value of finished work may stand short of its total: what
// succeeded shows all of it as done. What waits for its children is as far as they are.
common::v1::OperationProgress ProgressToProto(const jobs::Operation& operation) {
  jobs::Progress progress = operation.progress;
  if (operation.state == jobs::OperationState::kWaiting) {
    progress.done = operation.children_finished;
    progress.total = operation.children;
  }
  const bool complete = operation.state == jobs::OperationState::kSucceeded && progress.total > 0;
  common::v1::OperationProgress out;
  out.set_done(complete ? progress.total : progress.done);
  out.set_total(progress.total);
  out.set_phase(progress.phase);
  return out;
}

}  // namespace

common::v1::Operation ToProto(const jobs::Operation& operation, std::string_view domain) {
  common::v1::Operation out;
  out.set_name(OperationName(operation.id));
  out.set_kind(operation.kind);
  out.set_state(ToProto(operation.state));
  *out.mutable_progress() = ProgressToProto(operation);
  out.set_target(operation.target);
  out.set_cancel_requested(operation.cancel_requested);
  out.set_attempts(operation.attempts);
  *out.mutable_create_time() = ToProto(operation.create_time);
  if (operation.start_time != absl::InfinitePast()) *out.mutable_start_time() = ToProto(operation.start_time);
  if (operation.end_time != absl::InfinitePast()) *out.mutable_end_time() = ToProto(operation.end_time);
  if (operation.state == jobs::OperationState::kSucceeded && !operation.result.empty()) {
    // What a worker stored with PackResult; an unreadable one would be our bug, and shows as an empty Any.
    out.mutable_response()->ParseFromString(operation.result);
  } else if (operation.state == jobs::OperationState::kFailed) {
    *out.mutable_error() = rpc::ToErrorStatus(operation.error, domain);
  } else if (operation.state == jobs::OperationState::kCancelled) {
    *out.mutable_error() = rpc::ToErrorStatus(absl::CancelledError("the operation was cancelled"), domain);
  }
  return out;
}

common::v1::Operation PendingToProto(const jobs::OperationDraft& draft, absl::Time now) {
  jobs::Operation operation;
  operation.id = draft.id;
  operation.kind = draft.kind;
  operation.target = draft.target;
  operation.create_time = now;
  return ToProto(operation, "");
}

std::string PackResult(const google::protobuf::Message& message) {
  google::protobuf::Any any;
  any.PackFrom(message);
  return any.SerializeAsString();
}

std::string OperationName(std::string_view id) {
  return absl::StrCat("operations/", absl::string_view(id.data(), id.size()));
}

absl::StatusOr<std::string> OperationIdFromName(std::string_view name) { return ParseName(name, "operations", "name"); }

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp out;
  const int64_t seconds = absl::ToUnixSeconds(time);
  out.set_seconds(seconds);
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return out;
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  google::protobuf::Duration out;
  const int64_t seconds = absl::IDivDuration(duration, absl::Seconds(1), &duration);
  out.set_seconds(seconds);
  out.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
  return out;
}

absl::StatusOr<absl::Duration> FromProto(const google::protobuf::Duration& duration, std::string_view field) {
  constexpr int64_t kMaxSeconds = 315'576'000'000;  // the range google.protobuf.Duration states
  const bool same_sign =
      duration.seconds() == 0 || duration.nanos() == 0 || (duration.seconds() < 0) == (duration.nanos() < 0);
  if (duration.seconds() > kMaxSeconds || duration.seconds() < -kMaxSeconds || duration.nanos() > 999'999'999 ||
      duration.nanos() < -999'999'999 || !same_sign) {
    return InvalidField(field, absl::StrCat(duration.seconds(), "s ", duration.nanos(), "ns"),
                        "must be a valid duration");
  }
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

absl::StatusOr<std::string> ParseName(std::string_view name, std::string_view collection, std::string_view field) {
  const size_t prefix = collection.size() + 1;
  if (name.size() > prefix && name.substr(0, collection.size()) == collection && name[collection.size()] == '/' &&
      IsPlainId(name.substr(prefix))) {
    return std::string(name.substr(prefix));
  }
  return InvalidField(field, name, absl::StrCat("must be \"", std::string(collection), "/{id}\""));
}

absl::StatusOr<ChildName> ParseChildName(std::string_view name, std::string_view collection,
                                         std::string_view child_collection, std::string_view field) {
  const std::string middle = absl::StrCat("/", std::string(child_collection), "/");
  const size_t at = name.find(middle);
  if (at != std::string_view::npos) {
    auto parent = ParseName(name.substr(0, at), collection, field);
    auto child = ParseName(name.substr(at + 1), child_collection, field);
    if (parent.ok() && child.ok()) return ChildName{*std::move(parent), *std::move(child)};
  }
  return InvalidField(field, name, absl::StrCat("must be \"", std::string(collection), "/{id}", middle, "{id}\""));
}

absl::StatusOr<int> PageSize(int requested, int fallback, int max) {
  if (requested < 0) return InvalidField("page_size", absl::StrCat(requested), "must not be negative");
  return requested == 0 ? fallback : std::min(requested, max);
}

}  // namespace plumbline::operations
