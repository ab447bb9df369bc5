#include "coding/domain/study.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

constexpr size_t kMaxTitle = 200;

std::string StudyName(const Study& study) { return absl::StrCat("studies/", study.id); }

absl::string_view Absl(std::string_view text) { return {text.data(), text.size()}; }

bool IsShare(const Fraction& f, int32_t least, const Fraction& most) {
  return f.denominator >= 1 && f.numerator >= least &&
         int64_t{f.numerator} * most.denominator <= int64_t{most.numerator} * f.denominator;
}

std::string Text(const Fraction& f) { return absl::StrCat(f.numerator, "/", f.denominator); }

void CheckList(const char* field, const std::vector<std::string>& list, bool (*is_id)(std::string_view),
               const char* rule, Violations& violations) {
  std::set<std::string_view> seen;
  for (size_t i = 0; i < list.size(); ++i) {
    const std::string place = absl::StrCat(field, "[", i, "]");
    if (!is_id(list[i])) {
      violations.Add(place, list[i], rule);
    } else if (!seen.insert(list[i]).second) {
      violations.Add(place, list[i], "stands twice");
    }
  }
}

void CheckSample(const SampleRule& sample, Violations& violations) {
  if (!IsShare(sample.share, 1, {1, 1})) {
    violations.Add("sample.share", Text(sample.share), "must be above 0 and at most 1");
  }
  if (sample.max_per_session < 0) {
    violations.Add("sample.max_per_session", absl::StrCat(sample.max_per_session), "must be 0 (no limit) or more");
  }
}

void CheckAssignment(const AssignmentRule& rule, int coders, Violations& violations) {
  if (rule.coders_per_item < 0 || rule.coders_per_item > coders) {
    violations.Add("assignment.coders_per_item", absl::StrCat(rule.coders_per_item),
                   absl::StrCat("must be 0 (every coder) to the number of coders, ", coders));
  }
  if (!IsShare(rule.overlap, 0, {1, 1})) {
    violations.Add("assignment.overlap", Text(rule.overlap), "must be 0 to 1");
  }
  // Beyond a quarter there would not be enough items in the first half that are far enough from its end.
  if (!IsShare(rule.repeats, 0, {1, 4})) {
    violations.Add("assignment.repeats", Text(rule.repeats), "must be 0 to 1/4");
  }
}

void CheckPassing(const Study& study, Violations& violations) {
  const PassingRule& passing = study.passing;
  if (passing.measure == PassingRule::Measure::kNone) return;
  if (study.purpose != StudyPurpose::kTraining) {
    violations.Add("passing_rule", "set", "belongs to a training study");
  }
  const bool percent = passing.measure == PassingRule::Measure::kPercent;
  const double least = percent ? 0 : -1;
  const double most = percent ? 100 : 1;
  if (!std::isfinite(passing.minimum) || passing.minimum < least || passing.minimum > most) {
    violations.Add("passing_rule.minimum", absl::StrCat(passing.minimum),
                   absl::StrCat("must be ", least, " to ", most));
  }
}

void CheckPeople(const Study& study, Violations& violations) {
  const int coders = static_cast<int>(study.coders.size());
  const int least = study.purpose == StudyPurpose::kTraining ? 1 : kMinCoders;
  if (coders < least || coders > kMaxCoders) {
    violations.Add("coders", absl::StrCat(coders, " coders"), absl::StrCat("must be ", least, " to ", kMaxCoders));
  }
  CheckList("coders", study.coders, IsCoderId, kCoderIdRule, violations);
  // "Anna" and "anna" are two desks for a program and one person for people.
  std::map<std::string, std::string> lower;
  for (const std::string& coder : study.coders) {
    const auto [other, is_new] = lower.emplace(absl::AsciiStrToLower(coder), coder);
    if (!is_new && other->second != coder) {
      violations.Add("coders", coder, absl::StrCat("differs from ", other->second, " in capitals alone"));
    }
  }
  if (study.adjudicator.empty()) return;
  if (!IsCoderId(study.adjudicator)) violations.Add("adjudicator", study.adjudicator, kCoderIdRule);
  if (std::find(study.coders.begin(), study.coders.end(), study.adjudicator) != study.coders.end()) {
    violations.Add("adjudicator", study.adjudicator, "must be none of the coders: the adjudicator codes afresh");
  }
  if (study.purpose == StudyPurpose::kTraining) {
    violations.Add("adjudicator", study.adjudicator, "must be empty in a training study: the gold answers decide");
  }
}

}  // namespace

uint32_t CeilOf(const Fraction& fraction, uint32_t whole) {
  const auto part = static_cast<uint64_t>(fraction.numerator) * whole;
  const auto denominator = static_cast<uint64_t>(fraction.denominator);
  return static_cast<uint32_t>((part + denominator - 1) / denominator);
}

bool IsCoderId(std::string_view id) {
  constexpr std::string_view kAlnum = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  if (id.empty() || id.size() > 63 || kAlnum.find(id[0]) == std::string_view::npos) return false;
  return std::all_of(id.begin(), id.end(), [&](char c) {
    return kAlnum.find(c) != std::string_view::npos || c == '.' || c == '-' || c == '_';
  });
}

void CheckTitle(const std::string& title, Violations& violations) {
  if (absl::StripAsciiWhitespace(title).empty()) violations.AddMissing("title");
  if (title.size() > kMaxTitle) violations.Add("title", title, absl::StrCat("may have at most ", kMaxTitle, " bytes"));
  if (FirstInvalidUtf8(title) != std::string_view::npos || title.find('\0') != std::string::npos) {
    violations.Add("title", "", "must be UTF-8 text without NUL characters");
  }
}

absl::Status ValidateStudy(const Study& study) {
  Violations violations;
  CheckStudy(study, violations);
  return violations.ToStatus();
}

void CheckStudy(const Study& study, Violations& violations) {
  if (!IsValidResourceId(study.id)) violations.Add("study_id", study.id, kResourceIdRule);
  CheckTitle(study.title, violations);
  if (study.sessions.empty()) violations.AddMissing("sessions");
  if (study.sessions.size() > kMaxStudySessions) {
    violations.Add("sessions", absl::StrCat(study.sessions.size(), " sessions"),
                   absl::StrCat("may be at most ", kMaxStudySessions));
  } else {
    CheckList("sessions", study.sessions, IsValidResourceId, kResourceIdRule, violations);
  }
  CheckPeople(study, violations);
  if (study.seed == 0) violations.Add("seed", "0", "must be given: any number but 0");
  CheckSample(study.sample, violations);
  CheckAssignment(study.assignment, static_cast<int>(study.coders.size()), violations);
  CheckPassing(study, violations);
  if (study.deadline <= study.create_time) {
    violations.Add("deadline", absl::FormatTime(absl::RFC3339_full, study.deadline, absl::UTCTimeZone()),
                   "must lie in the future");
  }
  if (study.purpose == StudyPurpose::kTraining && study.suggestions != SuggestionMode::kNever) {
    violations.Add("suggestions", "set", "must be never in a training study: it is the coder who is tried");
  }
  if (study.suggestions != SuggestionMode::kNever && study.assignment.repeats.numerator > 0) {
    violations.Add(
        "suggestions", "set",
        "must be never where items come a second time: who has seen what is proposed for an item's words is no "
        "longer held against their own first look");
  }
  if (!study.requires_training.empty() && !IsValidResourceId(study.requires_training)) {
    violations.Add("requires_training", study.requires_training, "must be \"studies/{study}\"");
  }
}

absl::Status RequireOpen(const Study& study) {
  switch (study.state) {
    case StudyState::kOpen:
      return absl::OkStatus();
    case StudyState::kPreparing:
      return FailedPrecondition("STUDY_PREPARING", StudyName(study),
                                "the study is being prepared: wait for its operation");
    case StudyState::kAdjudicating:
      return FailedPrecondition("STUDY_ADJUDICATING", StudyName(study),
                                "adjudication has begun: only the adjudicator codes");
    case StudyState::kClosed:
      break;
  }
  return FailedPrecondition("STUDY_CLOSED", StudyName(study), "the study is closed");
}

absl::Status RequireCanClose(const Study& study) {
  if (study.state == StudyState::kPreparing) return RequireOpen(study);
  if (study.state != StudyState::kClosed) return absl::OkStatus();
  return FailedPrecondition("STUDY_CLOSED", StudyName(study),
                            absl::StrCat("the study was closed at ",
                                         absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", study.close_time, absl::UTCTimeZone()),
                                         ": a study closes once and stays closed"));
}

absl::Status RequireClosed(const Study& study) {
  if (study.state == StudyState::kClosed) return absl::OkStatus();
  return FailedPrecondition("STUDY_OPEN", StudyName(study),
                            "the study is open: results are given once it is closed, so that no coder can be swayed");
}

bool HasCoder(const Study& study, std::string_view coder) {
  if (!study.adjudicator.empty() && coder == study.adjudicator) return true;
  return std::find(study.coders.begin(), study.coders.end(), coder) != study.coders.end();
}

bool IsSomebodyOf(const Study& study, std::string_view name) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(absl::string_view(name.data(), name.size()));
  const auto is = [&](const std::string& coder) { return !coder.empty() && absl::EqualsIgnoreCase(coder, trimmed); };
  return is(study.adjudicator) || std::any_of(study.coders.begin(), study.coders.end(), is);
}

absl::Status RequireTakesCodes(const Study& study, std::string_view coder, absl::Time now) {
  if (!HasCoder(study, coder)) return NotFound(absl::StrCat(StudyName(study), "/coders/", Absl(coder)));
  const bool adjudicates = coder == study.adjudicator;
  if (adjudicates && study.state == StudyState::kOpen) {
    return FailedPrecondition("STUDY_OPEN", StudyName(study), "the coders have not finished: adjudication comes after");
  }
  if (!(adjudicates && study.state == StudyState::kAdjudicating)) {
    RETURN_IF_ERROR(RequireOpen(study));
  }
  if (now <= study.deadline) return absl::OkStatus();
  return FailedPrecondition(
      "DEADLINE_PASSED", StudyName(study),
      absl::StrCat("the deadline was ", absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", study.deadline, absl::UTCTimeZone()),
                   ": codes that come later are refused"));
}

}  // namespace plumbline::coding
