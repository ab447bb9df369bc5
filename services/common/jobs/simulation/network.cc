#include "common/jobs/simulation/network.h"

#include "absl/strings/str_cat.h"

namespace plumbline::jobs::simulation {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);  // of a caller's patience
constexpr absl::Duration kLatest = absl::Seconds(20);  // how late a request may still arrive

}  // namespace

// One call: shared by its caller and the requests that are on their way for it.
struct Line::Ticket {
  std::string what;  // for the trace: empty where none is kept
  Execute execute;
  Scheduler::Actor* caller = nullptr;
  bool open = true;  // the caller waits
  bool answered = false;
  double crash = 0;  // chance that the caller's process dies meanwhile
};

bool Line::Send(const char* what, const std::string& about, Gate gate, Execute execute) {
  if (process_.dead) return false;
  Scheduler& scheduler = stage_.scheduler;
  Random& random = stage_.random;
  auto ticket = std::make_shared<Ticket>();
  ticket->execute = std::move(execute);
  ticket->caller = scheduler.current();
  if (stage_.trace.keeps()) ticket->what = absl::StrCat(what, about.empty() ? "" : " ", about);

  const absl::Duration usual =
      random.Chance(0.5) ? absl::ZeroDuration() : random.Between(absl::ZeroDuration(), absl::Milliseconds(2));
  double fate = stage_.calm ? 1.0 : random.Uniform();
  const auto befalls = [&](double chance, Fault fault) {
    const bool now = fate >= 0 && fate < chance;
    fate -= chance;
    if (now) {
      stage_.Count(fault);
      fate = -1;  // one fault a call
      stage_.trace.Add(scheduler.micros(), scheduler.current_name(), server_.name, " ", ticket->what, ": ",
                       ToString(fault));
    }
    return now;
  };
  if (befalls(faults_.drop_request, Fault::kRequestDropped)) {
    // nothing is on its way
  } else if (befalls(faults_.drop_answer, Fault::kAnswerDropped)) {
    Post(ticket, usual, false);
  } else if (befalls(faults_.delay, Fault::kRequestDelayed)) {
    Post(ticket, random.Between(absl::ZeroDuration(), kTimeout), true);
  } else if (befalls(faults_.late, Fault::kRequestLate)) {
    Post(ticket, random.Between(kTimeout, kLatest), true);
  } else if (befalls(faults_.twice, Fault::kRequestTwice)) {
    Post(ticket, random.Between(absl::ZeroDuration(), absl::Seconds(1)), false);
    Post(ticket, random.Between(absl::ZeroDuration(), absl::Seconds(1)), true);
  } else {
    if (befalls(faults_.crash, Fault::kCrashInCall)) ticket->crash = 0.5;
    Post(ticket, usual, true);
  }
  scheduler.Wait({.at = scheduler.Due(kTimeout), .gated = gate == Gate::kLocks});
  ticket->open = false;
  return ticket->answered && !process_.dead;
}

void Line::Post(const std::shared_ptr<Ticket>& ticket, absl::Duration delay, bool answering) {
  stage_.scheduler.After(delay, [this, ticket, answering] { Arrive(*ticket, answering); });
}

void Line::Arrive(Ticket& ticket, bool answering) {
  Scheduler& scheduler = stage_.scheduler;
  // What a process sent before it died has arrived at the server, or has not.
  if (process_.dead && stage_.random.Chance(0.5)) return;
  if (ticket.crash > 0 && stage_.random.Chance(ticket.crash)) {
    ticket.crash = 0;
    stage_.crash(process_);
  }
  if (server_.down) {
    stage_.trace.Add(scheduler.micros(), server_.name, "is down for ", process_.name, " ", ticket.what);
    answering = false;
  } else {
    const absl::Status status = ticket.execute(answering);
    stage_.trace.Add(scheduler.micros(), server_.name, process_.name, " ", ticket.what, " -> ", status.ToString());
  }
  if (ticket.crash > 0) stage_.crash(process_);
  if (!ticket.open) return;
  if (answering) ticket.answered = true;
  if (answering || server_.down) scheduler.Wake(ticket.caller, scheduler.Due(absl::ZeroDuration()));
}

}  // namespace plumbline::jobs::simulation
