#ifndef PLUMBLINE_TESTS_CHAOS_EVENTS_H_
#define PLUMBLINE_TESTS_CHAOS_EVENTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

// What a worker process tells the test of itself: one line an event, written with one call to a pipe, so that what
// happened before a SIGKILL is whole and known.
namespace plumbline::chaos {

struct Event {
  enum class Type : char {
    kLeased = 'L',   // the queue gave `number` jobs
    kStarted = 'S',  // the handler was called for operation `id` under the claim `number`
    kEnded = 'E',    // its commit was answered: `outcome`
    kCounter = 'C',  // JobCounters: `id` (name) stands at `number`
    kReady = 'R',    // the worker is set up and starts to lease
  };
  Type type = Type::kReady;
  std::string id;
  int64_t number = 0;
  absl::Time time;  // of this machine's clock, also in a worker whose own clock is skewed
  enum class Outcome : char { kNone = '-', kCommitted = 'c', kSplit = 'f', kRefused = 'r', kError = 'e' };
  Outcome outcome = Outcome::kNone;
};

std::string ToLine(const Event& event);                // with its newline
std::optional<Event> FromLine(std::string_view line);  // without it; nullopt: not one of ours

// Writes events to `descriptor`, also from several threads. What cannot be written is lost: the test has ended.
void Send(int descriptor, const Event& event);

}  // namespace plumbline::chaos

#endif  // PLUMBLINE_TESTS_CHAOS_EVENTS_H_
