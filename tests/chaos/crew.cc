#include "tests/chaos/crew.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/clock.h"
#include "common/base/status_macros.h"

namespace plumbline::chaos {
namespace {

constexpr absl::Duration kStartLimit = absl::Seconds(60);
constexpr int kPollMs = 20;           // how late the listener may see a new pipe
constexpr int kPipeBytes = 1 << 20;   // so that a worker never waits for the listener
constexpr int kEventsDescriptor = 3;  // of the worker

// Only calls that are safe between fork and exec in a process with threads.
[[noreturn]] void BecomeWorker(char* const* arguments, int log, int events) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) _exit(126);
  // A descriptor that is in its place already would be closed by exec: dup2 onto itself leaves its flag.
  if (events == kEventsDescriptor ? fcntl(events, F_SETFD, 0) < 0 : dup2(events, kEventsDescriptor) < 0) _exit(126);
  execv("/proc/self/exe", arguments);
  _exit(127);
}

}  // namespace

Crew::Crew(std::string log, Ledger& ledger) : log_(std::move(log)), ledger_(ledger), listener_([this] { Listen(); }) {}

Crew::~Crew() {
  for (const int worker : workers()) Kill9(worker);
  {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
  }
  listener_.join();
}

absl::StatusOr<int> Crew::Start(const std::vector<std::string>& flags) {
  const int number = ++last_;
  std::vector<std::string> words = {"queue_chaos", "worker", absl::StrCat("--number=", number),
                                    absl::StrCat("--events=", kEventsDescriptor)};
  words.insert(words.end(), flags.begin(), flags.end());
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return absl::InternalError("cannot make a pipe");
  (void)fcntl(ends[1], F_SETPIPE_SZ, kPipeBytes);
  const int log = open(log_.c_str(), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
  const pid_t pid = log < 0 ? -1 : fork();
  if (pid == 0) BecomeWorker(arguments.data(), log, ends[1]);
  close(ends[1]);
  if (log >= 0) close(log);
  if (pid < 0) {
    close(ends[0]);
    return absl::InternalError(absl::StrCat("cannot start a worker that writes to ", log_));
  }
  (void)fcntl(ends[0], F_SETFL, O_NONBLOCK);
  {
    absl::MutexLock lock(&mutex_);
    processes_[number] = {.pid = pid, .events = ends[0], .unread = "", .heard = false};
  }
  if (ledger_.AwaitReady(number, kStartLimit)) return number;
  return absl::DeadlineExceededError(
      absl::StrCat("worker ", number, " was not ready after ", absl::FormatDuration(kStartLimit), ": see ", log_));
}

bool Crew::ReadSome(int worker, Process& process) {
  std::array<char, 1 << 16> buffer;
  const ssize_t size = read(process.events, buffer.data(), buffer.size());
  if (size < 0) return errno == EINTR;
  if (size == 0) {
    process.heard = true;
    return false;
  }
  process.unread.append(buffer.data(), static_cast<size_t>(size));
  size_t start = 0;
  for (size_t end = 0; (end = process.unread.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::optional<Event> event = FromLine(std::string_view(process.unread).substr(start, end - start));
    if (event.has_value()) ledger_.Take(worker, *event);
  }
  process.unread.erase(0, start);
  return true;
}

void Crew::Listen() {
  while (true) {
    std::vector<pollfd> pipes;
    {
      absl::MutexLock lock(&mutex_);
      if (closing_) return;
      for (auto& [number, process] : processes_) {
        while (!process.heard && ReadSome(number, process)) {
        }
        if (!process.heard) pipes.push_back({.fd = process.events, .events = POLLIN, .revents = 0});
      }
    }
    poll(pipes.data(), pipes.size(), kPollMs);
  }
}

int Crew::Forget(int worker, int signal) {
  pid_t pid = 0;
  {
    absl::MutexLock lock(&mutex_);
    pid = processes_.at(worker).pid;
  }
  int status = 0;
  kill(pid, signal);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  absl::MutexLock lock(&mutex_);
  Process& process = processes_.at(worker);
  while (!process.heard && ReadSome(worker, process)) {
  }
  close(process.events);
  processes_.erase(worker);
  return status;
}

void Crew::Kill9(int worker) {
  ledger_.Killed(worker, SystemClock().Now());
  const int status = Forget(worker, SIGKILL);
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return;
  ended_.Update(absl::UnavailableError(absl::StrCat("worker ", worker, " had ended before it was killed: see ", log_)));
}

void Crew::Stop(int worker) {
  absl::MutexLock lock(&mutex_);
  kill(processes_.at(worker).pid, SIGSTOP);
}

void Crew::Continue(int worker) {
  absl::MutexLock lock(&mutex_);
  kill(processes_.at(worker).pid, SIGCONT);
}

absl::Status Crew::Dismiss() {
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [number, process] : processes_) kill(process.pid, SIGTERM);
  }
  for (const int worker : workers()) {
    const int status = Forget(worker, SIGTERM);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) continue;
    ended_.Update(absl::UnavailableError(absl::StrCat(
        "worker ", worker, WIFEXITED(status) ? " ended with exit code " : " was ended by signal ",
        WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status), ", not 0 as a drained worker does: see ", log_)));
  }
  return ended_;
}

std::set<int> Crew::workers() const {
  absl::MutexLock lock(&mutex_);
  std::set<int> numbers;
  for (const auto& [number, process] : processes_) numbers.insert(number);
  return numbers;
}

}  // namespace plumbline::chaos
