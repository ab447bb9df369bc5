#include "gateway/worker/create_report.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "gateway/service/convert.h"
#include "gateway/worker/build_report.h"

namespace plumbline::gateway {
namespace {

constexpr char kMethod[] = "combined-report/1";

absl::StatusOr<Roster> ReadRoster(GatewayUnitOfWork& store, const std::string& trial) {
  Trial found;
  Members members;
  RETURN_IF_ERROR(store.Read([&](GatewayReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(found, reader.GetTrial(trial));
    ASSIGN_OR_RETURN(members.authorities, reader.ListAuthorities(trial, "", 0));
    ASSIGN_OR_RETURN(members.teams, reader.ListTeams(trial, "", 0));
    ASSIGN_OR_RETURN(members.participants, reader.ListParticipants(trial, "", 0));
    ASSIGN_OR_RETURN(members.sessions, reader.ListSessions(trial, "", 0));
    return absl::OkStatus();
  }));
  return Roster(std::move(found), std::move(members));
}

void AddProvenance(v1::Report& report) {
  common::v1::Provenance& provenance = *report.mutable_provenance();
  provenance.set_method(kMethod);
  provenance.set_software_version(PLUMBLINE_VERSION);
  provenance.add_inputs(absl::StrCat(report.trial().name(), "@", report.trial().etag()));
  if (!report.spec().study().empty()) provenance.add_inputs(report.spec().study());
  for (const v1::ScoreRef& score : report.spec().scores()) {
    provenance.add_inputs(absl::StrCat(score.instrument(), "/", score.score()));
  }
  for (const std::string& unit_cost : report.spec().session_unit_costs()) provenance.add_inputs(unit_cost);
  for (const std::string& ledger : report.spec().ledgers()) provenance.add_inputs(ledger);
  provenance.set_rounding("none; figures are rounded only where they are shown");
}

// The report as lists show it.
v1::Report Head(const v1::Report& report) {
  v1::Report head;
  head.set_name(report.name());
  *head.mutable_trial() = report.trial();
  *head.mutable_spec() = report.spec();
  *head.mutable_create_time() = report.create_time();
  *head.mutable_statuses() = report.statuses();
  *head.mutable_provenance() = report.provenance();
  return head;
}

absl::Status CreateReport(jobs::JobContext& context, GatewayUnitOfWork& store, const report::SourcesFactory& factory,
                          Clock& clock) {
  v1::Report report;
  if (!report.ParseFromString(context.operation().payload)) {
    return absl::InternalError("the payload of a report could not be read back");
  }
  ASSIGN_OR_RETURN(const operations::ChildName name,
                   operations::ParseChildName(report.name(), "trials", "reports", "name"));
  context.ReportProgress({0, 3, "reading the trial"});
  ASSIGN_OR_RETURN(const Roster roster, ReadRoster(store, name.parent));
  RETURN_IF_ERROR(context.ShouldStop());

  const absl::Time now = clock.Now();
  *report.mutable_trial() = ToProto(roster.trial());
  *report.mutable_create_time() = operations::ToProto(now);
  AddProvenance(report);
  context.ReportProgress({1, 3, "asking the services"});
  const std::unique_ptr<report::Sources> sources = factory(context.operation().actor);
  BuildSections(roster, *sources, report);
  RETURN_IF_ERROR(context.ShouldStop());

  context.ReportProgress({2, 3, "storing the report"});
  int incomplete = 0;
  for (const v1::SectionStatus& status : report.statuses()) incomplete += status.complete() ? 0 : 1;
  return store.Commit(context.claim(), now, [&](GatewayWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    ASSIGN_OR_RETURN(const Trial trial, writer.GetTrial(name.parent));  // a report belongs to a trial that is there
    RETURN_IF_ERROR(
        writer.InsertReport({trial.id, name.child, now, Head(report).SerializeAsString(), report.SerializeAsString()}));
    jobs::WriteResult result;
    result.response = operations::PackResult(report);
    result.audit.push_back({"report.create", report.name(),
                            absl::StrCat("sections=", report.statuses_size(), " incomplete=", incomplete)});
    return result;
  });
}

}  // namespace

jobs::Handler MakeCreateReport(GatewayUnitOfWork& store, report::SourcesFactory sources, Clock& clock) {
  return [&store, sources = std::move(sources), &clock](jobs::JobContext& context) {
    return CreateReport(context, store, sources, clock);
  };
}

}  // namespace plumbline::gateway
