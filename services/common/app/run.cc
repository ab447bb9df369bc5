#include "common/app/run.h"

#include <csignal>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "common/app/audit_command.h"
#include "common/app/host.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"

namespace plumbline::app {
namespace {

// Blocks SIGTERM and SIGINT in this and all later threads, so that WaitForStop alone receives them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

absl::Status Serve(const std::string& service, const std::vector<std::string>& peers, const std::string& role,
                   const ModuleFactory& factory) {
  const Env env = Env::Process();
  log::SetLevel(env.String("PLUMBLINE_LOG_LEVEL", "info"));
  const sigset_t signals = BlockStopSignals();
  ASSIGN_OR_RETURN(const absl::Duration grace, DrainGraceFromEnv(env));
  ASSIGN_OR_RETURN(HostOptions options, HostOptionsFromEnv(service, peers, role, env));
  ASSIGN_OR_RETURN(const std::unique_ptr<Host> host,
                   Host::Start(std::move(options), factory, SystemClock(), SystemIds()));
  int signal = 0;
  sigwait(&signals, &signal);
  log::Info("service.stopping", {{"service", service}, {"signal", signal}});
  host->Drain(grace);
  return absl::OkStatus();
}

}  // namespace

int RunService(const std::string& service, const std::vector<std::string>& peers, int argc, char** argv,
               const ModuleFactory& factory) {
  const Env env = Env::Process();
  CLI::App app{absl::StrCat("Plumbline's ", service, " service. Configured by environment variables; see ",
                            "services/common/app/README.md. Without a command it serves until it is told to stop.")};
  std::string role = env.String("PLUMBLINE_ROLE", "all");
  app.add_option("--role", role, "api, worker or all (default: PLUMBLINE_ROLE, else all)");
  AuditRequest request{.service = service};
  CLI::App* audit = app.add_subcommand("audit", "find, and mend, where record and queue disagree");
  audit->footer(AuditHelp());
  audit->add_flag("--repair", request.repair, "mend what is found");
  audit->add_flag("--json", request.json, "one JSON object instead of text");
  CLI11_PARSE(app, argc, argv);
  if (*audit) {
    log::SetLevel(env.String("PLUMBLINE_LOG_LEVEL", "warning"));
    return RunAudit(request, env, SystemClock(), std::cout, std::cerr);
  }
  const absl::Status status = Serve(service, peers, role, factory);
  if (status.ok()) return 0;
  std::cerr << "plumbline-" << service << ": " << status.message() << "\n";
  return 1;
}

}  // namespace plumbline::app
