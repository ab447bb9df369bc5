#ifndef PLUMBLINE_GATEWAY_REPORT_RENDER_H_
#define PLUMBLINE_GATEWAY_REPORT_RENDER_H_

#include <string>

#include "absl/status/statusor.h"
#include "plumbline/gateway/v1/reports.pb.h"

// A report as a document. The same message gives the same bytes, on every machine. Thread-safe.
namespace plumbline::gateway::report {

// One page with its pictures inside (SVG). It runs no script and loads nothing: its content security policy forbids
// both.
std::string RenderHtml(const v1::Report& report);

// Columns section, item, group, wave, statistic, value, unit; one row for each figure, values at full precision. A
// figure that is not defined has an empty value; the reason stands in the column unit.
std::string RenderCsv(const v1::Report& report);

// The message as protobuf JSON, fields in the order of the contract, without unset fields.
absl::StatusOr<std::string> RenderJson(const v1::Report& report);

struct Document {
  std::string content;
  std::string media_type;
};
// INVALID_ARGUMENT, field "format", for a format that is not one.
absl::StatusOr<Document> Render(const v1::Report& report, v1::ReportFormat format);

}  // namespace plumbline::gateway::report

#endif  // PLUMBLINE_GATEWAY_REPORT_RENDER_H_
