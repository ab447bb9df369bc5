#include "coding/domain/suggest.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "coding/domain/codes.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr size_t kMaxRules = 500;
constexpr size_t kMaxSteps = 20;
constexpr size_t kMaxText = 4096;
constexpr int kGap = 4;
constexpr int kMaxGaps = 4;  // bounds the places that a match tries
constexpr size_t kNotFound = static_cast<size_t>(-1);
constexpr uint32_t kUnknownWord = 0;

// Words that may stand before a question without being part of it.
bool IsLeadIn(std::string_view word) {
  constexpr std::string_view kLeadIns[] = {"so", "and", "but", "well", "okay", "ok", "right", "then", "now"};
  return std::find(std::begin(kLeadIns), std::end(kLeadIns), word) != std::end(kLeadIns);
}

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || (c & 0x80) != 0; }

// The words of a question in lower case: letters, digits and bytes beyond ASCII, with apostrophes and hyphens inside.
// The typographic apostrophe counts as the plain one.
std::vector<std::string> SplitWords(std::string_view text) {
  constexpr std::string_view kApostrophe = "\xE2\x80\x99";
  std::vector<std::string> words;
  std::string word;
  for (size_t i = 0; i <= text.size(); ++i) {
    char c = i < text.size() ? text[i] : ' ';
    if (text.substr(i, kApostrophe.size()) == kApostrophe) {
      c = '\'';
      i += kApostrophe.size() - 1;
    }
    const bool inside = (c == '\'' || c == '-') && !word.empty() && i + 1 < text.size() && IsWordByte(text[i + 1]);
    if (inside || IsWordByte(c)) {
      word += absl::ascii_tolower(static_cast<unsigned char>(c));
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

void CheckRule(const SuggestionRule& rule, const Frame& frame, const std::string& place, Violations& violations) {
  if (rule.id.empty()) violations.AddMissing(place + ".id");
  if (rule.reason.empty()) violations.AddMissing(place + ".reason");
  if (rule.patterns.empty()) violations.AddMissing(place + ".match");
  if (!rule.entry.empty() && !frame.HasEntry(rule.entry)) {
    violations.Add(place + ".entry", rule.entry, absl::StrCat("is not an entry of frame ", frame.id));
  }
  if (rule.entry.empty() ? rule.weight >= 0 : rule.weight <= 0) {
    violations.Add(place + ".weight", absl::StrCat(rule.weight),
                   "must be above 0 for an entry, and below 0 for a rule without one");
  }
}

}  // namespace

std::string RulesName(const SuggestionRules& rules) { return absl::StrCat(rules.id, "@", rules.version); }

Suggester::Pattern Suggester::Compile(const std::string& text, const SuggestionRules& rules, const std::string& place,
                                      Violations& violations) {
  Pattern pattern;
  int gap = 0;
  int gaps = 0;
  bool first = true;
  for (const absl::string_view token : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const bool at_start = std::exchange(first, false);
    if (token == "<") {
      if (!at_start) violations.Add(place, text, "\"<\" may only stand first");
      pattern.at_start = true;
      continue;
    }
    if (token == "...") {
      if (pattern.steps.empty()) violations.Add(place, text, "\"...\" may only stand between words");
      gap = kGap;
      ++gaps;
      continue;
    }
    Step step{gap, {}, {}};
    gap = 0;
    for (const absl::string_view word : absl::StrSplit(token, '|', absl::SkipEmpty())) {
      if (word[0] != '@') {
        step.words.emplace(word);
        continue;
      }
      const auto words = rules.classes.find(std::string(word.substr(1)));
      if (words == rules.classes.end()) {
        violations.Add(place, std::string(word), "is not a class of words");
      } else {
        step.words.insert(words->second.begin(), words->second.end());
      }
    }
    pattern.steps.push_back(std::move(step));
  }
  if (gap > 0) violations.Add(place, text, "\"...\" may only stand between words");
  if (gaps > kMaxGaps) violations.Add(place, text, absl::StrCat("may have at most ", kMaxGaps, " \"...\""));
  if (pattern.steps.empty() || pattern.steps.size() > kMaxSteps) {
    violations.Add(place, text, absl::StrCat("must have 1 to ", kMaxSteps, " words"));
  }
  return pattern;
}

absl::StatusOr<Suggester> Suggester::Create(SuggestionRules rules, const Frame& frame) {
  Violations violations;
  if (rules.frame_id != frame.id || frame.kind != FrameKind::kNominatedList) {
    violations.Add("frame", rules.frame_id, absl::StrCat("must be a nominated list, here ", frame.id));
  }
  if (rules.id.empty()) violations.AddMissing("id");
  if (rules.version < 1) violations.Add("version", absl::StrCat(rules.version), "must be 1 or more");
  if (rules.source.empty()) violations.AddMissing("source");
  if (rules.threshold < 1) violations.Add("threshold", absl::StrCat(rules.threshold), "must be 1 or more");
  if (rules.rules.empty() || rules.rules.size() > kMaxRules) {
    violations.Add("rules", absl::StrCat(rules.rules.size(), " rules"), absl::StrCat("must be 1 to ", kMaxRules));
  }
  Suggester suggester;
  std::set<std::string> ids;
  for (size_t r = 0; r < rules.rules.size(); ++r) {
    const SuggestionRule& rule = rules.rules[r];
    const std::string place = absl::StrCat("rules[", r, "]");
    CheckRule(rule, frame, place, violations);
    if (!ids.insert(rule.id).second) violations.Add(place + ".id", rule.id, "stands twice");
    std::vector<Pattern> patterns;
    for (size_t p = 0; p < rule.patterns.size(); ++p) {
      patterns.push_back(Compile(rule.patterns[p], rules, absl::StrCat(place, ".match[", p, "]"), violations));
    }
    suggester.patterns_.push_back(std::move(patterns));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  suggester.MakeVocabulary();
  suggester.frame_version_ = frame.version;
  for (const FrameEntry& entry : frame.entries) suggester.entries_.push_back(entry.id);
  suggester.rules_ = std::move(rules);
  return suggester;
}

// The token after the match of the steps from `step` on, at or after `token`; kNotFound. Only a gap branches, and a
// pattern has few.
size_t Suggester::MatchFrom(const Pattern& pattern, size_t step, const Tokens& tokens, size_t token) {
  if (step == pattern.steps.size()) return token;
  const size_t last = token + static_cast<size_t>(pattern.steps[step].gap);
  for (size_t at = token; at <= last && at < tokens.size(); ++at) {
    if (!pattern.steps[step].fits[tokens[at]]) continue;
    if (const size_t end = MatchFrom(pattern, step + 1, tokens, at + 1); end != kNotFound) return end;
  }
  return kNotFound;
}

std::optional<std::pair<size_t, size_t>> Suggester::Find(const Pattern& pattern, const Tokens& tokens, size_t begin) {
  const size_t end = pattern.at_start ? std::min(begin + 1, tokens.size()) : tokens.size();
  for (size_t at = pattern.at_start ? begin : 0; at < end; ++at) {
    const size_t stop = MatchFrom(pattern, 0, tokens, at);
    if (stop != kNotFound) return std::pair(at, stop);
  }
  return std::nullopt;
}

void Suggester::MakeVocabulary() {
  for (const std::vector<Pattern>& patterns : patterns_) {
    for (const Pattern& pattern : patterns) {
      for (const Step& step : pattern.steps) {
        for (const std::string& word : step.words) vocabulary_.emplace(word, 0);
      }
    }
  }
  uint32_t next = kUnknownWord;
  for (auto& [word, number] : vocabulary_) number = ++next;
  for (std::vector<Pattern>& patterns : patterns_) {
    for (Pattern& pattern : patterns) {
      for (Step& step : pattern.steps) {
        step.fits.assign(vocabulary_.size() + 1, false);
        for (const std::string& word : step.words) step.fits[vocabulary_.at(word)] = true;
      }
    }
  }
}

Suggestion Suggester::Suggest(std::string_view question) const {
  const std::vector<std::string> words = SplitWords(question.substr(0, kMaxText));
  Tokens tokens;
  size_t begin = 0;
  for (const std::string& word : words) {
    if (begin == tokens.size() && IsLeadIn(word)) ++begin;
    const auto known = vocabulary_.find(word);
    tokens.push_back(known == vocabulary_.end() ? kUnknownWord : known->second);
  }
  Suggestion suggestion;
  std::map<std::string, int> scores;
  int for_all = 0;
  for (size_t r = 0; r < rules_.rules.size(); ++r) {
    const SuggestionRule& rule = rules_.rules[r];
    for (const Pattern& pattern : patterns_[r]) {
      const auto found = Find(pattern, tokens, begin);
      if (!found) continue;
      const std::vector<std::string> matched(words.begin() + static_cast<std::ptrdiff_t>(found->first),
                                             words.begin() + static_cast<std::ptrdiff_t>(found->second));
      suggestion.fired.push_back({rule.id, rule.reason, absl::StrJoin(matched, " ")});
      (rule.entry.empty() ? for_all : scores[rule.entry]) += rule.weight;
      break;
    }
  }
  std::string best;
  for (const std::string& entry : entries_) {
    const auto score = scores.find(entry);
    if (score != scores.end() && (best.empty() || score->second > scores[best])) best = entry;
  }
  if (best.empty()) return suggestion;
  suggestion.score = scores[best] + for_all;
  suggestion.outcomes_focused = suggestion.score >= rules_.threshold;
  if (suggestion.outcomes_focused) suggestion.nomination = best;
  return suggestion;
}

bool Suggester::Fits(const Frame& frame) const {
  return frame.id == rules_.frame_id && frame.version == frame_version_ &&
         std::equal(frame.entries.begin(), frame.entries.end(), entries_.begin(), entries_.end(),
                    [](const FrameEntry& entry, const std::string& id) { return entry.id == id; });
}

const Suggester* FindSuggester(const Suggesters& suggesters, const Frame& frame) {
  const auto found = suggesters.find(frame.id);
  return found != suggesters.end() && found->second.Fits(frame) ? &found->second : nullptr;
}

bool MayShowSuggestion(SuggestionMode mode, const std::optional<Code>& newest) {
  switch (mode) {
    case SuggestionMode::kNever:
      return false;
    case SuggestionMode::kAfterAnswer:
      return newest && !IsSkip(*newest);
    case SuggestionMode::kBeforeAnswer:
      return true;
  }
  return false;
}

}  // namespace plumbline::coding
