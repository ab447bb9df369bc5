#ifndef PLUMBLINE_COMMON_APP_AUDIT_COMMAND_H_
#define PLUMBLINE_COMMON_APP_AUDIT_COMMAND_H_

#include <ostream>
#include <string>

#include "common/base/clock.h"
#include "common/base/env.h"
#include "common/jobs/auditor.h"

namespace plumbline::app {

// What `plumbline-<service> audit` was asked to do.
struct AuditRequest {
  std::string service;
  bool repair = false;
  bool json = false;
};

inline constexpr int kAuditClean = 0;   // nothing was found, or all of it was mended
inline constexpr int kAuditLeft = 1;    // findings are left
inline constexpr int kAuditFailed = 2;  // record or queue could not be asked

// What the command prints with --help: what it looks for, what it mends, its exit codes.
std::string AuditHelp();

// For people: one line a finding, and a summary.
std::string AuditText(const std::string& service, const jobs::AuditReport& report, bool repair);
// For programs: one object {"service", "operations", "jobs", "leftovers", "findings": [{"invariant", "id", "detail",
// "repaired"}]} on one line.
std::string AuditJson(const std::string& service, const jobs::AuditReport& report);
int AuditExitCode(const jobs::AuditReport& report);

// The command: opens the service's record and queue as the environment says, looks, prints on `out`, errors on `err`.
// Returns the exit code.
int RunAudit(const AuditRequest& request, const Env& env, Clock& clock, std::ostream& out, std::ostream& err);

}  // namespace plumbline::app

#endif  // PLUMBLINE_COMMON_APP_AUDIT_COMMAND_H_
