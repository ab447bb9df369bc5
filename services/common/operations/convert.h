#ifndef PLUMBLINE_COMMON_OPERATIONS_CONVERT_H_
#define PLUMBLINE_COMMON_OPERATIONS_CONVERT_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jobs/operation.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/timestamp.pb.h"
#include "plumbline/common/v1/operations.pb.h"

// Operations between their record and the wire, and the small conversions that every service needs.
namespace plumbline::operations {

// `domain` ("coding.plumbline") stands in the error of a failed operation. One that succeeded shows all of its total as
// done, where the total is known.
common::v1::Operation ToProto(const jobs::Operation& operation, std::string_view domain);
// A new operation as its first answer shows it.
common::v1::Operation PendingToProto(const jobs::OperationDraft& draft, absl::Time now);

// What a worker passes as WriteResult::response: the message with its type.
std::string PackResult(const google::protobuf::Message& message);

std::string OperationName(std::string_view id);  // "operations/<id>"
// INVALID_ARGUMENT, field "name", unless `name` is "operations/<id>" with a plain id.
absl::StatusOr<std::string> OperationIdFromName(std::string_view name);

google::protobuf::Timestamp ToProto(absl::Time time);
google::protobuf::Duration ToProto(absl::Duration duration);
// INVALID_ARGUMENT naming `field` when out of protobuf's range or with nanos of another sign.
absl::StatusOr<absl::Duration> FromProto(const google::protobuf::Duration& duration, std::string_view field);

// The id in a resource name: ParseName("studies/abc", "studies", "name") is "abc". INVALID_ARGUMENT naming `field` when
// empty or of another form. ParseChildName("trials/a/teams/b", "trials", "teams", "name") is {"a", "b"}.
absl::StatusOr<std::string> ParseName(std::string_view name, std::string_view collection, std::string_view field);
struct ChildName {
  std::string parent;
  std::string child;
};
absl::StatusOr<ChildName> ParseChildName(std::string_view name, std::string_view collection,
                                         std::string_view child_collection, std::string_view field);

// The page size to use: `fallback` for 0, at most `max`; INVALID_ARGUMENT, field "page_size", when negative.
absl::StatusOr<int> PageSize(int requested, int fallback, int max);

}  // namespace plumbline::operations

#endif  // PLUMBLINE_COMMON_OPERATIONS_CONVERT_H_
