#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr size_t kMaxLabelWords = 5;

struct LabelledLine {
  std::string_view label;
  std::string_view text;
  std::optional<int64_t> start_ms;
};

std::string_view Trim(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

// Takes "[00:01:02]" or "00:01:02 " from the front.
std::optional<int64_t> TakeTime(std::string_view& text) {
  const bool bracket = !text.empty() && (text.front() == '[' || text.front() == '(');
  const size_t end = text.find_first_of(bracket ? "])" : " \t");
  if (end == std::string_view::npos) return std::nullopt;
  const std::optional<int64_t> time = ParseTimestamp(text.substr(bracket ? 1 : 0, end - (bracket ? 1 : 0)), false);
  if (time) text = Trim(text.substr(end + 1));
  return time;
}

// A label is short, has no sentence punctuation, and starts with a capital or a digit, or is one the roles know:
// "and then he said: no" is not a label.
bool IsLabel(std::string_view label, const TranscriptOptions& options) {
  if (label.empty()) return false;
  size_t words = 1;
  for (const char c : label) {
    if (c == ' ') ++words;
    if (c == ',' || c == '?' || c == '!' || c == ';' || c == '"') return false;
  }
  if (words > kMaxLabelWords) return false;
  const auto first = static_cast<unsigned char>(label.front());
  return absl::ascii_isupper(first) || absl::ascii_isdigit(first) || first >= 0x80 || options.roles.Knows(label);
}

std::optional<LabelledLine> SplitLabel(std::string_view line, const TranscriptOptions& options) {
  LabelledLine out;
  out.start_ms = TakeTime(line);
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  if (colon + 1 < line.size() && !absl::ascii_isspace(static_cast<unsigned char>(line[colon + 1]))) return std::nullopt;
  out.label = Trim(line.substr(0, colon));
  out.text = Trim(line.substr(colon + 1));
  if (!IsLabel(out.label, options)) return std::nullopt;
  return out;
}

}  // namespace

absl::StatusOr<Transcript> ParseSpeakerText(std::string_view text, const TranscriptOptions& options) {
  Transcript transcript;
  LineReader lines(text);
  while (!lines.AtEnd()) {
    const Line line = lines.Next();
    const std::string_view content = Trim(line.text);
    if (content.empty()) continue;
    const std::optional<LabelledLine> labelled = SplitLabel(content, options);
    if (!labelled) {
      if (transcript.turns.empty()) {
        return InvalidField(LinePlace(line.number), content, "the first line must be \"Speaker: text\"");
      }
      std::string& turn = transcript.turns.back().text;
      absl::StrAppend(&turn, turn.empty() ? "" : " ", CollapseSpace(content));
      continue;
    }
    if (labelled->label.size() > options.limits.max_label_bytes) {
      return InvalidField(LinePlace(line.number), labelled->label,
                          absl::StrCat("a speaker label may have at most ", options.limits.max_label_bytes, " bytes"));
    }
    if (labelled->start_ms.value_or(0) > options.limits.max_time_ms) {
      return InvalidField(LinePlace(line.number), content,
                          absl::StrCat("a time may be at most ", options.limits.max_time_ms / 3'600'000, " hours"));
    }
    Turn turn;
    turn.speaker = std::string(labelled->label);
    turn.text = CollapseSpace(labelled->text);
    turn.start_ms = labelled->start_ms;
    transcript.turns.push_back(std::move(turn));
  }
  // A label may stand on a line of its own, with its words below; one with no words at all is no turn.
  std::erase_if(transcript.turns, [](const Turn& turn) { return IsSoundOnly(turn.text); });
  return transcript;
}

}  // namespace plumbline::coding
