#ifndef PLUMBLINE_GATEWAY_SERVICE_CONVERT_H_
#define PLUMBLINE_GATEWAY_SERVICE_CONVERT_H_

#include <string>

#include "absl/status/statusor.h"
#include "gateway/domain/members.h"
#include "gateway/domain/trial.h"
#include "plumbline/gateway/v1/reports.pb.h"
#include "plumbline/gateway/v1/trials.pb.h"

// Trials and members between protos and the domain. What comes in is checked by the domain afterwards; here only what
// the domain has no type for (names, durations).
namespace plumbline::gateway {

v1::Trial ToProto(const Trial& trial);
v1::Authority ToProto(const std::string& trial, const Authority& authority);
v1::Team ToProto(const std::string& trial, const Team& team);
v1::Participant ToProto(const std::string& trial, const Participant& participant);
v1::Session ToProto(const std::string& trial, const Session& session);

// Everything but name, create time and etag.
Trial FromProto(const v1::Trial& trial);

// Everything but id and etag.
Authority FromProto(const v1::Authority& authority);
Team FromProto(const v1::Team& team);
Participant FromProto(const v1::Participant& participant);
// INVALID_ARGUMENT, field `place`.duration, for a duration that is none.
absl::StatusOr<Session> FromProto(const v1::Session& session, const std::string& place);

// The members of a batch with the ids of their names. INVALID_ARGUMENT with every name that is missing, malformed or of
// another trial.
absl::StatusOr<Members> FromProto(const v1::BatchCreateMembersRequest& request, const std::string& trial);

// INVALID_ARGUMENT with every violation: names of another form, more entries than a report takes, a stream of benefit
// without a difference whose id is not an outcome of the report.
absl::Status ValidateSpec(const v1::ReportSpec& spec);

// Kind of the operation that CreateReport starts; worker/create_report.h has its handler.
inline constexpr char kCreateReportKind[] = "gateway.create_report";

inline constexpr int kMaxReportScores = 100;
inline constexpr int kMaxReportOutcomes = 200;
inline constexpr int kMaxReportStreams = 100;
inline constexpr int kMaxReportLedgers = 50;

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_SERVICE_CONVERT_H_
