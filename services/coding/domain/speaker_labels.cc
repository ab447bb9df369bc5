#include "coding/domain/speaker_labels.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/transcript_text.h"
#include "coding/domain/words.h"

namespace plumbline::coding {
namespace {

constexpr size_t kMaxLabelWords = 5;

bool StartsUpper(std::string_view word) {
  const auto first = static_cast<unsigned char>(word.front());
  return absl::ascii_isupper(first) || absl::ascii_isdigit(first) || first >= 0x80;
}

bool JoinsName(std::string_view word) {
  for (const std::string_view small :
       {"of", "the", "and", "de", "da", "di", "van", "von", "der", "den", "bin", "al", "&", "-"}) {
    if (word == small) return true;
  }
  return false;
}

// Words and no sentence: short, without the marks of one.
bool MayBeLabel(std::string_view label) {
  if (label.empty()) return false;
  size_t words = 1;
  for (const char c : label) {
    if (c == ' ') ++words;
    if (c == ',' || c == '?' || c == '!' || c == ';' || c == '"' || c == ':' || c == '\t') return false;
  }
  return words <= kMaxLabelWords;
}

bool IsCapitals(std::string_view label) {
  int letters = 0;
  for (const char c : label) {
    if (absl::ascii_islower(static_cast<unsigned char>(c))) return false;
    letters += absl::ascii_isupper(static_cast<unsigned char>(c)) ? 1 : 0;
  }
  return letters >= 2 || (letters == 1 && label.size() >= 2);
}

// A time at the end, in brackets or behind white space, a comma or a bar; `text` loses it and what parts it.
std::optional<int64_t> TakeTimeFromEnd(std::string_view& text) {
  std::string_view rest = text;
  std::string_view inner;
  if (!rest.empty() && (rest.back() == ')' || rest.back() == ']')) {
    const size_t open = rest.find_last_of("([");
    if (open == std::string_view::npos) return std::nullopt;
    inner = rest.substr(open + 1, rest.size() - open - 2);
    rest = rest.substr(0, open);
  } else {
    const size_t space = rest.find_last_of(" \t|");
    if (space == std::string_view::npos) return std::nullopt;
    inner = rest.substr(space + 1);
    rest = rest.substr(0, space);
  }
  const std::optional<int64_t> time = ParseTimestamp(TrimSpace(inner), false);
  if (!time) return std::nullopt;
  rest = TrimSpace(rest);
  while (!rest.empty() && (rest.back() == ',' || rest.back() == '|' || rest.back() == '-' || rest.back() == '@')) {
    rest = TrimSpace(rest.substr(0, rest.size() - 1));
  }
  text = rest;
  return time;
}

// "- ", "* " and "> " before a bold name are the list around it.
std::string_view WithoutBullet(std::string_view line) {
  if (line.size() > 4 && (line[0] == '-' || line[0] == '*' || line[0] == '>') && line[1] == ' ' &&
      (line.substr(2, 2) == "**" || line.substr(2, 2) == "__")) {
    line.remove_prefix(2);
  }
  return line;
}

}  // namespace

bool IsPlainLabel(std::string_view label) {
  if (!MayBeLabel(label) || !StartsUpper(label)) return false;
  while (!label.empty()) {
    const size_t space = label.find(' ');
    const std::string_view word = label.substr(0, space);
    if (!word.empty() && !StartsUpper(word) && !JoinsName(word) && word.front() != '(') return false;
    if (space == std::string_view::npos) break;
    label.remove_prefix(space + 1);
  }
  return true;
}

bool IsLowerLabel(std::string_view label) {
  constexpr size_t kMaxWords = 3;
  if (label.empty() || StartsUpper(label) || !MayBeLabel(label)) return false;
  if (label.size() == 1) return absl::ascii_islower(static_cast<unsigned char>(label[0]));
  Words words;
  words.Split(label);
  if (words.list().empty() || words.list().size() > kMaxWords) return false;
  for (const Word& word : words.list()) {
    if (word.classes != 0 || word.mark != Mark::kNone) return false;
  }
  return true;
}

std::optional<int64_t> TakeTime(std::string_view& text) {
  const bool bracket = !text.empty() && (text.front() == '[' || text.front() == '(');
  const size_t end = text.find_first_of(bracket ? "])" : " \t");
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view inner = text.substr(bracket ? 1 : 0, end - (bracket ? 1 : 0));
  if (bracket) {
    const size_t to = inner.find_first_of("- \xE2");
    if (to != std::string_view::npos) inner = TrimSpace(inner.substr(0, to));
  }
  const std::optional<int64_t> time = ParseTimestamp(inner, false);
  if (!time) return std::nullopt;
  text = TrimSpace(text.substr(end + 1));
  if (text.substr(0, 2) == "- ") text = TrimSpace(text.substr(2));
  return time;
}

std::optional<SpeakerLabels::Candidate> SpeakerLabels::FindMarked(std::string_view line,
                                                                  const std::optional<int64_t>& time) {
  Candidate found;
  found.line.start_ms = time;
  const std::string_view mark = line.substr(0, 2);
  if (mark == "**" || mark == "__") {
    const size_t close = line.find(mark, 2);
    if (close == std::string_view::npos) return std::nullopt;
    std::string_view label = TrimSpace(line.substr(2, close - 2));
    std::string_view text = TrimSpace(line.substr(close + 2));
    bool colon = !label.empty() && label.back() == ':';
    if (colon) label = TrimSpace(label.substr(0, label.size() - 1));
    if (const auto inside = TakeTimeFromEnd(label)) found.line.start_ms = inside;
    const auto take_colon = [&] {
      if (text.empty() || text.front() != ':') return;
      colon = true;
      text = TrimSpace(text.substr(1));
    };
    take_colon();
    if (const auto behind = TakeTime(text)) found.line.start_ms = behind;
    take_colon();
    if (!colon && !text.empty()) return std::nullopt;  // emphasis at the start of speech
    found.form = Form::kBold;
    found.line.label = label;
    found.line.text = text;
    return found;
  }
  const char open = line.empty() ? '\0' : line.front();
  if (open != '[' && open != '(' && open != '<') return std::nullopt;
  const size_t close = line.find(open == '[' ? ']' : open == '(' ? ')' : '>');
  if (close == std::string_view::npos) return std::nullopt;
  found.line.label = TrimSpace(line.substr(1, close - 1));
  std::string_view text = TrimSpace(line.substr(close + 1));
  found.form = open == '<' ? Form::kAngle : Form::kBracket;
  if (!text.empty() && text.front() == ':') {
    found.form = Form::kColon;
    text = TrimSpace(text.substr(1));
  } else if (const auto whole = ParseTimestamp(text, false)) {  // "[Name] 00:00:05"
    found.form = Form::kHeader;
    found.line.start_ms = whole;
    text = {};
  }
  found.line.text = text;
  return found;
}

std::optional<SpeakerLabels::Candidate> SpeakerLabels::FindColon(std::string_view line,
                                                                 const std::optional<int64_t>& time) {
  for (size_t colon = line.find(':'); colon != std::string_view::npos; colon = line.find(':', colon + 1)) {
    const bool inside_time =
        colon + 1 < line.size() && absl::ascii_isdigit(static_cast<unsigned char>(line[colon + 1]));
    if (inside_time) continue;
    if (colon + 1 < line.size() && !absl::ascii_isspace(static_cast<unsigned char>(line[colon + 1])))
      return std::nullopt;
    Candidate found;
    found.line.start_ms = time;
    found.line.label = TrimSpace(line.substr(0, colon));
    if (const auto own = TakeTimeFromEnd(found.line.label)) found.line.start_ms = own;
    found.line.text = TrimSpace(line.substr(colon + 1));
    if (!MayBeLabel(found.line.label)) return std::nullopt;
    return found;
  }
  return std::nullopt;
}

std::optional<SpeakerLabels::Candidate> SpeakerLabels::FindApart(std::string_view line,
                                                                 const std::optional<int64_t>& time) {
  Candidate found;
  found.line.start_ms = time;
  std::string_view whole = line;
  if (const auto end = TakeTimeFromEnd(whole)) {
    found.form = Form::kHeader;
    found.line.start_ms = end;
    found.line.label = whole;
    return found;
  }
  if (const size_t tab = line.find('\t'); tab != std::string_view::npos) {
    found.form = Form::kTab;
    found.line.label = TrimSpace(line.substr(0, tab));
    found.line.text = TrimSpace(line.substr(tab + 1));
    return found;
  }
  for (const std::string_view dash : {" - ", " \xE2\x80\x93 ", " \xE2\x80\x94 "}) {
    if (const size_t at = line.find(dash); at != std::string_view::npos) {
      found.form = Form::kDash;
      found.line.label = TrimSpace(line.substr(0, at));
      found.line.text = TrimSpace(line.substr(at + dash.size()));
      return found;
    }
  }
  if (!time) return std::nullopt;
  found.form = Form::kHeader;  // "00:00:05 Speaker 1"
  found.line.label = line;
  return found;
}

std::optional<SpeakerLabels::Candidate> SpeakerLabels::Find(std::string_view line) {
  line = WithoutBullet(TrimSpace(line));
  const std::optional<int64_t> time = TakeTime(line);
  if (line.empty()) return std::nullopt;
  for (const auto find : {&SpeakerLabels::FindMarked, &SpeakerLabels::FindColon, &SpeakerLabels::FindApart}) {
    std::optional<Candidate> found = find(line, time);
    if (found && MayBeLabel(found->line.label)) return found;
  }
  return std::nullopt;
}

std::string SpeakerLabels::Key(const Candidate& candidate) {
  return absl::StrCat(static_cast<int>(candidate.form), std::string(candidate.line.label));
}

void SpeakerLabels::Count(std::string_view line) {
  const std::optional<Candidate> found = Find(line);
  if (!TrimSpace(line).empty()) ++lines_;
  if (!found) return;
  if (found->form == Form::kColon && IsLowerLabel(found->line.label)) ++lower_;
  if (found->form == Form::kHeader && IsPlainLabel(found->line.label)) ++headers_;
  ++counts_[Key(*found)];
}

std::optional<LabelledLine> SpeakerLabels::Split(std::string_view line) const {
  const std::optional<Candidate> found = Find(line);
  if (!found) return std::nullopt;
  const std::string_view label = found->line.label;
  const bool known = roles_.Knows(label);
  const auto count = counts_.find(Key(*found));
  const bool often = count != counts_.end() && count->second >= 2;
  bool counts = known;
  switch (found->form) {
    case Form::kColon:
      counts = known || IsPlainLabel(label) || (often && StartsUpper(label)) ||
               (lower_ >= 2 && 2 * lower_ >= lines_ && IsLowerLabel(label));
      break;
    case Form::kBold:
    case Form::kAngle:
      counts = true;
      break;
    case Form::kBracket:
    case Form::kTab:
      counts = known || (often && IsPlainLabel(label));
      break;
    case Form::kDash:
      counts = known || IsCapitals(label);
      break;
    case Form::kHeader:
      counts = known || (headers_ >= 2 && IsPlainLabel(label));
      break;
  }
  if (!counts) return std::nullopt;
  return found->line;
}

bool SpeakerLabels::Resembles(std::string_view line) const {
  const std::optional<Candidate> found = Find(line);
  return found && found->form == Form::kColon && IsLowerLabel(found->line.label) && !Split(line);
}

bool SpeakerLabels::IsDoubtful(std::string_view line) const {
  const std::optional<Candidate> found = Find(line);
  if (!found || found->form != Form::kColon || !IsLowerLabel(found->line.label)) return false;
  const auto count = counts_.find(Key(*found));
  return count != counts_.end() && count->second == 1 && !roles_.Knows(found->line.label) && Split(line);
}

}  // namespace plumbline::coding
