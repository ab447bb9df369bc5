#include "common/app/audit_command.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/app/host_options.h"
#include "common/app/stores.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "common/jobs/queue.h"

namespace plumbline::app {
namespace {

constexpr int kRedisConnections = 2;

struct Invariant {
  const char* name;
  const char* meaning;
  const char* repair;
};

constexpr Invariant kInvariants[] = {
    {jobs::kOperationWithoutJob, "unfinished on record, and the queue does not know it", "enqueued"},
    {jobs::kParentWithoutLiveChild, "waits for children that are all finished", "made ready for its second run"},
    {jobs::kChildOfFinishedParent, "unfinished, and its parent is finished or gone", "cancelled"},
    {jobs::kJobWithoutOperation, "a job of an operation that is not on record", "removed, or dropped by its worker"},
    {jobs::kJobWithoutPlace, "a job that no worker would find", "put back in its place"},
    {jobs::kActiveWithoutLease, "leased to a worker by a lease that never ends", "made ready again"},
    {jobs::kPlaceWithoutJob, "a place in the queue without a job", "removed"},
    {jobs::kJobInTwoPlaces, "a job in two places of the queue", "taken out of the wrong one"},
    {jobs::kPayloadWithoutJob, "a payload that nobody would remove", "removed"},
    {jobs::kJobUnreadable, "a damaged job", "forgotten, and enqueued again from the record"},
};

int64_t Repaired(const jobs::AuditReport& report) {
  return std::count_if(report.findings.begin(), report.findings.end(),
                       [](const jobs::AuditFinding& finding) { return finding.repaired; });
}

std::string Lead(const std::string& service) { return absl::StrCat(service, ": "); }

absl::StatusOr<jobs::AuditReport> Audit(const AuditRequest& request, const Env& env, Clock& clock) {
  ASSIGN_OR_RETURN(const StoreOptions options, StoreOptionsFromEnv(request.service, env));
  ASSIGN_OR_RETURN(const std::unique_ptr<Stores> stores, Stores::Open(options, kRedisConnections, clock));
  jobs::Auditor auditor({.queue = &stores->queue(), .store = &stores->operations(), .clock = &clock}, {});
  return auditor.Run(request.repair);
}

}  // namespace

std::string AuditHelp() {
  std::string text =
      "Holds the record (the service's database) and the queue (Redis) against their invariants. Safe beside running "
      "workers; reads the environment of the server, see services/common/app/README.md.\n\n"
      "What may be found, and what --repair does:\n";
  for (const Invariant& invariant : kInvariants) {
    absl::StrAppendFormat(&text, "  %-26s %s\n  %-26s -> %s\n", invariant.name, invariant.meaning, "",
                          invariant.repair);
  }
  absl::StrAppend(&text, "\nExit code: ", kAuditClean, " nothing is left, ", kAuditLeft, " findings are left, ",
                  kAuditFailed, " record or queue could not be asked.");
  return text;
}

std::string AuditText(const std::string& service, const jobs::AuditReport& report, bool repair) {
  std::string text;
  for (const jobs::AuditFinding& finding : report.findings) {
    absl::StrAppend(&text, finding.repaired ? "repaired " : "left     ", finding.invariant, " ", finding.id, ": ",
                    finding.detail, "\n");
  }
  absl::StrAppend(&text, Lead(service), report.operations, " unfinished operations and ", report.jobs,
                  " jobs looked at: ");
  const int64_t repaired = Repaired(report);
  const int64_t left = static_cast<int64_t>(report.findings.size()) - repaired;
  if (report.findings.empty()) {
    absl::StrAppend(&text, "nothing wrong\n");
  } else {
    absl::StrAppend(&text, report.findings.size(), " findings, ", repaired, " repaired, ", left, " left\n");
  }
  if (report.leftovers > 0) {
    absl::StrAppend(&text, Lead(service), report.leftovers, " jobs of finished operations ",
                    repair ? "removed" : "in the queue: no fault, a worker drops them", "\n");
  }
  if (left > 0 && !repair) absl::StrAppend(&text, Lead(service), "run it again with --repair to mend what can be\n");
  return text;
}

std::string AuditJson(const std::string& service, const jobs::AuditReport& report) {
  const std::string findings =
      absl::StrJoin(report.findings, ",", [](std::string* out, const jobs::AuditFinding& finding) {
        absl::StrAppend(out, "{\"invariant\":", log::JsonQuote(finding.invariant),
                        ",\"id\":", log::JsonQuote(finding.id), ",\"detail\":", log::JsonQuote(finding.detail),
                        ",\"repaired\":", finding.repaired ? "true" : "false", "}");
      });
  return absl::StrCat("{\"service\":", log::JsonQuote(service), ",\"operations\":", report.operations,
                      ",\"jobs\":", report.jobs, ",\"leftovers\":", report.leftovers, ",\"findings\":[", findings,
                      "]}\n");
}

int AuditExitCode(const jobs::AuditReport& report) {
  return Repaired(report) == static_cast<int64_t>(report.findings.size()) ? kAuditClean : kAuditLeft;
}

int RunAudit(const AuditRequest& request, const Env& env, Clock& clock, std::ostream& out, std::ostream& err) {
  const absl::StatusOr<jobs::AuditReport> report = Audit(request, env, clock);
  if (!report.ok()) {
    err << "plumbline-" << request.service << " audit: " << report.status().message() << "\n";
    return kAuditFailed;
  }
  out << (request.json ? AuditJson(request.service, *report) : AuditText(request.service, *report, request.repair));
  out.flush();
  return AuditExitCode(*report);
}

}  // namespace plumbline::app
