// plumbline-standalone: all of Plumbline in one process, for one machine.

#include <csignal>
#include <iostream>

#include "CLI/CLI.hpp"
#include "common/app/host.h"
#include "common/base/env.h"
#include "common/base/log.h"
#include "common/base/status_macros.h"
#include "standalone/standalone.h"

namespace {

absl::Status Serve(plumbline::standalone::Options options) {
  const plumbline::Env env = plumbline::Env::Process();
  plumbline::log::SetLevel(env.String("PLUMBLINE_LOG_LEVEL", "info"));
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);  // before any thread starts: sigwait below receives them
  ASSIGN_OR_RETURN(options.data_dir, plumbline::app::FindDataDir(env));
  ASSIGN_OR_RETURN(const auto standalone,
                   plumbline::standalone::Standalone::Start(options, plumbline::SystemClock(), plumbline::SystemIds()));
  std::cout << "Plumbline is ready at " << standalone->address() << ", data in " << options.folder << std::endl;
  int signal = 0;
  sigwait(&signals, &signal);
  standalone->Drain(absl::Seconds(25));
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"All of Plumbline in one process, on SQLite, with a redis-server of its own."};
  plumbline::standalone::Options options;
  options.folder = "plumbline-data";
  options.listen = "127.0.0.1:7000";
  app.add_option("--folder", options.folder, "where the data is kept")->capture_default_str();
  app.add_option("--listen", options.listen, "address to serve on")->capture_default_str();
  app.add_option("--workers", options.workers, "jobs run at the same time by each service")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option("--metrics-listen", options.metrics_listen,
                 "IP address and port to serve Prometheus metrics on (default: none)");
  app.add_option(
      "--pseudonym-key-file", options.pseudonym_key_file,
      "key ring that lets pseudonyms stay the same over the sessions of a family; made when missing; keep it "
      "apart from the folder (default: none, pseudonyms are not remembered)");
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = Serve(options);
  if (status.ok()) return 0;
  std::cerr << "plumbline-standalone: " << status.message() << "\n";
  return 1;
}
