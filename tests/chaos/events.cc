#include "tests/chaos/events.h"

#include <unistd.h>

#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace plumbline::chaos {
namespace {

constexpr size_t kFields = 5;

}  // namespace

std::string ToLine(const Event& event) {
  const std::string type(1, static_cast<char>(event.type));
  const std::string outcome(1, static_cast<char>(event.outcome));
  return absl::StrCat(type, " ", event.id.empty() ? "-" : event.id, " ", event.number, " ",
                      absl::ToUnixMicros(event.time), " ", outcome, "\n");
}

std::optional<Event> FromLine(std::string_view line) {
  const std::vector<std::string> fields = absl::StrSplit(absl::string_view(line.data(), line.size()), ' ');
  if (fields.size() != kFields || fields[0].size() != 1 || fields[4].size() != 1) return std::nullopt;
  Event event;
  int64_t micros = 0;
  if (!absl::SimpleAtoi(fields[2], &event.number) || !absl::SimpleAtoi(fields[3], &micros)) return std::nullopt;
  event.type = static_cast<Event::Type>(fields[0][0]);
  event.id = fields[1];
  event.time = absl::FromUnixMicros(micros);
  event.outcome = static_cast<Event::Outcome>(fields[4][0]);
  return event;
}

void Send(int descriptor, const Event& event) {
  const std::string line = ToLine(event);  // far below PIPE_BUF, so that the write is whole or not at all
  [[maybe_unused]] const ssize_t written = write(descriptor, line.data(), line.size());
}

}  // namespace plumbline::chaos
