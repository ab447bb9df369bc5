#ifndef PLUMBLINE_GATEWAY_WORKER_BUILD_REPORT_H_
#define PLUMBLINE_GATEWAY_WORKER_BUILD_REPORT_H_

#include "gateway/domain/roster.h"
#include "gateway/report/sources.h"
#include "plumbline/gateway/v1/reports.pb.h"

namespace plumbline::gateway {

// Fills the sections of `report` that its spec asks for: statuses, flow, and what `sources` answer, all sections at the
// same time. A question nobody answers makes its section incomplete, with the reason in words; the others are made all
// the same. Arms come from `roster` and go to no other service than as a grouping of participants or numbers: the
// coding service is never told an arm.
void BuildSections(const Roster& roster, report::Sources& sources, v1::Report& report);

// "the coding service could not be reached" and the like, for the status of a section.
std::string InWords(const absl::Status& status, const std::string& service);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_WORKER_BUILD_REPORT_H_
