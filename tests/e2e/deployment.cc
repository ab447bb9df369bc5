#include "tests/e2e/deployment.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/rpc/channel.h"

namespace plumbline::e2e {
namespace {

constexpr std::chrono::seconds kStartLimit(60);  // under a sanitizer, on a busy machine

// Ready when the socket answers; the channel tries by itself until the deadline.
absl::Status AwaitListening(const std::string& address, Process& process) {
  const auto channel = rpc::MakeChannel(address);
  const auto deadline = std::chrono::system_clock::now() + kStartLimit;
  while (std::chrono::system_clock::now() < deadline) {
    if (channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::milliseconds(500)))
      return absl::OkStatus();
    if (!process.running()) return absl::UnavailableError(absl::StrCat("the process for ", address, " ended"));
  }
  return absl::DeadlineExceededError(absl::StrCat(address, " does not answer"));
}

}  // namespace

std::string Binary(const std::string& name) { return absl::StrCat(PLUMBLINE_BINARY_DIR, "/bin/", name); }

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const std::vector<std::string>& argv,
                                                        const std::map<std::string, std::string>& environment,
                                                        const std::string& log) {
  std::vector<std::string> variables;
  for (const auto& [name, value] : environment) variables.push_back(absl::StrCat(name, "=", value));
  std::vector<char*> arguments, env;
  for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
  for (const std::string& variable : variables) env.push_back(const_cast<char*>(variable.c_str()));
  arguments.push_back(nullptr);
  env.push_back(nullptr);
  const int out = open(log.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
  if (out < 0) return absl::UnavailableError(absl::StrCat("cannot write ", log));
  const pid_t pid = fork();
  if (pid == 0) {  // only async-signal-safe calls from here on
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execve(arguments[0], arguments.data(), env.data());
    _exit(127);
  }
  close(out);
  if (pid < 0) return absl::UnavailableError("cannot fork");
  return std::unique_ptr<Process>(new Process(pid));
}

Process::~Process() { Kill9(); }

int Process::Wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void Process::Kill9() {
  if (pid_ == 0) return;
  kill(pid_, SIGKILL);
  Wait();
}

int Process::Terminate() {
  if (pid_ == 0) return 0;
  kill(pid_, SIGTERM);
  return Wait();
}

bool Process::running() {
  if (pid_ == 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) == 0) return true;
  pid_ = 0;
  return false;
}

absl::StatusOr<std::unique_ptr<Deployment>> Deployment::Start(DatabaseKind kind,
                                                              std::map<std::string, std::string> extra) {
  std::unique_ptr<Deployment> deployment(new Deployment);
  deployment->kind_ = kind;
  deployment->extra_ = std::move(extra);
  std::string pattern = (std::filesystem::temp_directory_path() / "plumbline-dep-XXXXXX").string();
  deployment->folder_ = mkdtemp(pattern.data());
  if (kind == DatabaseKind::kPostgres) {
    ASSIGN_OR_RETURN(testing::PostgresServer * postgres, testing::PostgresServer::Shared());
    ASSIGN_OR_RETURN(deployment->database_url_, postgres->NewDatabase());
  }
  ASSIGN_OR_RETURN(deployment->redis_,
                   testing::RedisServer::Start({.append_only = true, .password = "e2e", .config = {}}));
  std::ofstream(deployment->folder_ + "/redis-password") << "e2e\n";
  std::ofstream(deployment->folder_ + "/queue-key") << "e2e AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n";
  for (const char* service : {"coding", "instruments", "economics", "gateway"}) {
    RETURN_IF_ERROR(deployment->StartApi(service));
  }
  deployment->gateway_ = rpc::MakeChannel(deployment->address("gateway"));
  return deployment;
}

Deployment::~Deployment() {
  apis_.clear();
  redis_.reset();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Deployment::address(const std::string& service) const {
  return absl::StrCat("unix:", folder_, "/", service, ".sock");
}

std::string Deployment::database_url(const std::string& service) const {
  return kind_ == DatabaseKind::kSqlite ? absl::StrCat("sqlite://", folder_, "/", service, ".db") : database_url_;
}

absl::StatusOr<std::map<std::string, std::string>> Deployment::Environment(const std::string& service,
                                                                           const std::string& socket) {
  std::ofstream(absl::StrCat(folder_, "/", service, "-database-url")) << database_url(service) << "\n";
  std::map<std::string, std::string> environment{
      {"PATH", "/usr/bin:/bin"},
      {"PLUMBLINE_LISTEN", socket},
      {"PLUMBLINE_DATABASE_URL_FILE", absl::StrCat(folder_, "/", service, "-database-url")},
      {"PLUMBLINE_DATABASE_CONNECTIONS", "4"},
      {"PLUMBLINE_REDIS_ADDRESS", redis_->address()},
      {"PLUMBLINE_REDIS_PASSWORD_FILE", folder_ + "/redis-password"},
      {"PLUMBLINE_QUEUE_KEY_FILE", folder_ + "/queue-key"},
      {"PLUMBLINE_DATA_DIR", PLUMBLINE_SOURCE_DIR "/data"},
      {"PLUMBLINE_LEASE", "2s"},
      {"PLUMBLINE_RECONCILE_EVERY", "500ms"},
      {"PLUMBLINE_CODING_ADDRESS", address("coding")},
      {"PLUMBLINE_INSTRUMENTS_ADDRESS", address("instruments")},
      {"PLUMBLINE_ECONOMICS_ADDRESS", address("economics")}};
  for (const auto& [name, value] : extra_) environment[name] = value;
  return environment;
}

absl::Status Deployment::StartApi(const std::string& service) {
  ASSIGN_OR_RETURN(const auto environment, Environment(service, address(service)));
  ASSIGN_OR_RETURN(apis_[service], Process::Start({Binary("plumbline-" + service), "--role=api"}, environment,
                                                  absl::StrCat(folder_, "/", service, ".log")));
  const absl::Status listening = AwaitListening(address(service), *apis_[service]);
  return listening.ok() ? listening
                        : absl::Status(listening.code(), absl::StrCat(std::string(listening.message()), "\n", Logs()));
}

int Deployment::StopApi(const std::string& service) { return apis_[service]->Terminate(); }

absl::StatusOr<std::unique_ptr<Process>> Deployment::StartWorker(const std::string& service) {
  const std::string name = absl::StrCat(service, "-worker-", ++workers_);
  const std::string socket = absl::StrCat("unix:", folder_, "/", name, ".sock");
  ASSIGN_OR_RETURN(const auto environment, Environment(service, socket));
  ASSIGN_OR_RETURN(auto worker, Process::Start({Binary("plumbline-" + service), "--role=worker"}, environment,
                                               absl::StrCat(folder_, "/", name, ".log")));
  RETURN_IF_ERROR(AwaitListening(socket, *worker));
  return worker;
}

absl::StatusOr<Deployment::Answer> Deployment::Run(const std::string& service,
                                                   const std::vector<std::string>& arguments) {
  ASSIGN_OR_RETURN(const auto environment, Environment(service, address(service)));
  const std::string output = absl::StrCat(folder_, "/command-", ++commands_, ".log");
  std::vector<std::string> argv = {Binary("plumbline-" + service)};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  ASSIGN_OR_RETURN(const std::unique_ptr<Process> process, Process::Start(argv, environment, output));
  Answer answer;
  answer.exit_code = process->Wait();
  std::ostringstream text;
  text << std::ifstream(output).rdbuf();
  answer.output = text.str();
  return answer;
}

std::string Deployment::Logs() const {
  std::ostringstream out;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    if (entry.path().extension() != ".log") continue;
    out << "--- " << entry.path().filename().string() << "\n" << std::ifstream(entry.path()).rdbuf();
  }
  return out.str();
}

Output RunClient(const std::string& arguments) {
  const std::string command =
      absl::StrCat("PLUMBLINE_DATA_DIR=", PLUMBLINE_SOURCE_DIR, "/data ", Binary("plumbline"), " ", arguments);
  Output output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {.code = -1, .text = "cannot start the client"};
  char buffer[65536];
  for (size_t got = 0; (got = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) output.text.append(buffer, got);
  const int status = pclose(pipe);
  output.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return output;
}

}  // namespace plumbline::e2e
