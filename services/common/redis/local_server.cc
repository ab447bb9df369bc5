#include "common/redis/local_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "common/base/clock.h"
#include "common/base/env.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::redis {
namespace {

// The full path of `binary`, or "" when there is no such program. Looked up before the fork: the child of a process
// with threads may only make system calls.
std::string FindProgram(const std::string& binary) {
  if (binary.find('/') != std::string::npos) return access(binary.c_str(), X_OK) == 0 ? binary : "";
  const std::string path = Env::Process().String("PATH", "/usr/bin:/bin");
  for (const auto folder : absl::StrSplit(path, ':')) {
    std::string candidate = absl::StrCat(folder.empty() ? absl::string_view(".") : folder, "/", binary);
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

// A value of redis.conf: in quotes, everything unusual as \xHH.
std::string Quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || strchr("/._-+=:", c) != nullptr;
    if (plain && c != '\0') {
      out += c;
    } else {
      absl::StrAppendFormat(&out, "\\x%02x", static_cast<unsigned char>(c));
    }
  }
  return out + "\"";
}

// Runs in the child: only async-signal-safe calls.
[[noreturn]] void BecomeServer(const char* program, char* const* arguments, int input_fd, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(126);  // the parent died before the line above
  setpgid(0, 0);                        // Ctrl-C at a terminal is for the parent, which then stops the server
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  if (input_fd == STDIN_FILENO) {
    fcntl(input_fd, F_SETFD, 0);  // dup2 onto itself would keep close-on-exec
  } else {
    dup2(input_fd, STDIN_FILENO);
  }
  const int null = open("/dev/null", O_WRONLY);
  if (null >= 0) {
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
  }
  execv(program, arguments);
  _exit(127);
}

bool WriteAll(int fd, const std::string& text) {
  size_t written = 0;
  while (written < text.size()) {
    const ssize_t n = write(fd, text.data() + written, text.size() - written);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) written += static_cast<size_t>(n);
  }
  return true;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalServer>> LocalServer::Start(LocalServerOptions options) {
  if (options.socket_path.empty() || options.socket_path.size() >= sizeof(sockaddr_un::sun_path)) {
    return InvalidField("redis socket path", options.socket_path,
                        absl::StrCat("must be 1 to ", sizeof(sockaddr_un::sun_path) - 1, " bytes"));
  }
  const std::string program = FindProgram(options.binary);
  if (program.empty()) {
    return FailedPrecondition(
        "REDIS_SERVER_MISSING", options.binary,
        "cannot find the program " + options.binary + "; on Debian: apt-get install redis-server");
  }
  options.binary = program;
  auto server = std::unique_ptr<LocalServer>(new LocalServer(std::move(options)));
  RETURN_IF_ERROR(server->Launch());
  return server;
}

LocalServer::~LocalServer() { Stop(); }

std::string LocalServer::ConfigText() const {
  std::string text = absl::StrCat("daemonize no\nbind 127.0.0.1\nport ", options_.port, "\nunixsocket ",
                                  Quoted(options_.socket_path), "\nunixsocketperm 700\ndir ", Quoted(options_.data_dir),
                                  "\nlogfile ", Quoted(options_.data_dir + "/redis.log"), "\n");
  if (!options_.sentinel) {
    absl::StrAppend(&text, "save \"\"\nappendonly ", options_.append_only ? "yes" : "no",
                    "\nappendfsync everysec\nmaxmemory-policy noeviction\n");
  }
  if (!options_.password.empty()) absl::StrAppend(&text, "requirepass ", Quoted(options_.password), "\n");
  for (const std::string& line : options_.config) absl::StrAppend(&text, line, "\n");
  return text;
}

absl::StatusOr<int> LocalServer::OpenInput() const {
  // The configuration is far smaller than a pipe's buffer (64 KiB), so it is written before anybody reads it.
  const std::string config = ConfigText();
  if (config.size() > 60'000) return InvalidField("redis configuration", "", "must be at most 60000 bytes");
  if (options_.sentinel) {
    const int file = open(SentinelFile().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno != EEXIST) return absl::InternalError(absl::StrCat(SentinelFile(), ": ", strerror(errno)));
    if (file >= 0) {
      const bool written = WriteAll(file, config);
      close(file);
      if (!written) return absl::InternalError(absl::StrCat("cannot write ", SentinelFile()));
    }
    const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (null < 0) return absl::InternalError(absl::StrCat("/dev/null: ", strerror(errno)));
    return null;
  }
  int fds[2];
  if (pipe2(fds, O_CLOEXEC) != 0) return absl::InternalError(absl::StrCat("pipe: ", strerror(errno)));
  const bool written = WriteAll(fds[1], config);
  close(fds[1]);
  if (written) return fds[0];
  close(fds[0]);
  return absl::InternalError("cannot hand the configuration to redis-server");
}

absl::Status LocalServer::Launch() {
  if (keeper_.joinable()) keeper_.join();
  ASSIGN_OR_RETURN(const int input_fd, OpenInput());
  {
    absl::MutexLock lock(&mutex_);
    started_ = false;
    exited_ = false;
    pid_ = 0;
  }
  unlink(options_.socket_path.c_str());  // of an earlier run that was killed: a client must not find the old one
  keeper_ = std::thread([this, input_fd] { Keep(input_fd); });
  {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&started_));
  }
  absl::Status ready = AwaitReady();
  if (!ready.ok()) Kill9();
  return ready;
}

void LocalServer::Keep(int input_fd) {
  const pid_t parent = getpid();
  const char* program = options_.binary.c_str();
  // A sentinel must have its configuration in a file that it can write.
  std::vector<std::string> words = {"redis-server", "-"};
  if (options_.sentinel) words = {"redis-server", SentinelFile(), "--sentinel"};
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) BecomeServer(program, arguments.data(), input_fd, parent);
  close(input_fd);
  {
    absl::MutexLock lock(&mutex_);
    started_ = true;
    if (child < 0) {
      exited_ = true;
      return;
    }
    pid_ = child;
  }
  // Wait without reaping, then reap under the mutex: Signal can never hit a process that took over the number.
  siginfo_t info;
  while (waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == -1 && errno == EINTR) {
  }
  absl::MutexLock lock(&mutex_);
  int status = 0;
  while (waitpid(child, &status, 0) == -1 && errno == EINTR) {
  }
  pid_ = 0;
  exited_ = true;
}

absl::Status LocalServer::AwaitReady() {
  Clock& clock = SystemClock();
  const absl::Time deadline = clock.Now() + options_.start_timeout;
  Options options = client_options();
  options.backoff_base = options.backoff_cap = absl::ZeroDuration();
  Client client(options, clock);
  absl::Status last;
  while (clock.Now() < deadline) {
    last = client.Command({"PING"}).status();
    if (last.ok()) return last;
    if (!absl::IsUnavailable(last)) return last;
    if (clock.SleepUnless(absl::Milliseconds(5), mutex_, exited_)) {
      return absl::UnavailableError(absl::StrCat("redis-server ended at its start: ", LogTail()));
    }
  }
  return absl::UnavailableError(absl::StrCat("redis-server did not answer in ",
                                             absl::FormatDuration(options_.start_timeout), " (",
                                             std::string(last.message()), "): ", LogTail()));
}

std::string LocalServer::LogTail() const {
  std::ifstream file(options_.data_dir + "/redis.log");
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  return all.size() > 600 ? all.substr(all.size() - 600) : all;
}

Options LocalServer::client_options() const {
  Options options;
  options.unix_socket = options_.socket_path;
  options.password = options_.password;
  return options;
}

bool LocalServer::running() const { return pid() != 0; }

pid_t LocalServer::pid() const {
  absl::MutexLock lock(&mutex_);
  return pid_;
}

void LocalServer::Signal(int signal) {
  absl::MutexLock lock(&mutex_);
  if (pid_ != 0) kill(pid_, signal);
}

void LocalServer::Stop() {
  Signal(SIGCONT);
  Signal(SIGTERM);
  if (!SystemClock().SleepUnless(absl::Seconds(10), mutex_, exited_)) Signal(SIGKILL);
  if (keeper_.joinable()) keeper_.join();
}

void LocalServer::Kill9() {
  Signal(SIGKILL);
  if (keeper_.joinable()) keeper_.join();
}

absl::Status LocalServer::Restart() {
  if (running()) return absl::OkStatus();
  return Launch();
}

}  // namespace plumbline::redis
