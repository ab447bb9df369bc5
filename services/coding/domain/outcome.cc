#include "coding/domain/outcome.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/descriptives.h"

namespace plumbline::coding {
namespace {

using Codes = std::span<const Code* const>;

bool Skipped(const Code& code) { return !code.skip_reason.empty(); }

// The key that more than half of `out_of` share; nullptr for none.
const std::string* MoreThanHalf(const std::map<std::string, int>& counts, int out_of) {
  for (const auto& [key, count] : counts) {
    if (2 * count > out_of) return &key;
  }
  return nullptr;
}

void DecideYesNo(Codes codes, ItemOutcome& out) {
  std::map<std::string, int> nominated;
  for (const Code* code : codes) {
    if (code->outcomes_focused) {
      ++out.yes;
      if (!code->nomination.empty()) ++nominated[code->nomination];
    } else {
      ++out.no;
    }
  }
  const int answered = out.yes + out.no;
  if (2 * out.yes > answered) out.majority = Majority::kYes;
  if (2 * out.no > answered) out.majority = Majority::kNo;
  out.unanimous = out.yes == 0 || out.no == 0;
  if (out.majority == Majority::kUndecided) return;
  out.decided_by = DecidedBy::kCoders;
  if (out.majority != Majority::kYes) return;
  if (const std::string* entry = MoreThanHalf(nominated, out.yes)) out.nomination = *entry;
}

absl::Status DecideDomains(const Frame& frame, Codes codes, ItemOutcome& out) {
  const int answered = static_cast<int>(codes.size());
  std::map<std::string, int> found;
  for (const Code* code : codes) {
    for (const std::string& entry : code->present) ++found[entry];
  }
  out.unanimous = true;
  for (const FrameEntry& entry : frame.entries) {
    const int count = found[entry.id];
    if (2 * count > answered) out.present.insert(entry.id);
    if (2 * count == answered) out.undecided.push_back(entry.id);
    out.unanimous = out.unanimous && (count == 0 || count == answered);
  }
  if (found.size() > frame.entries.size()) {
    return InvalidField("present", "", absl::StrCat("holds an entry that frame ", frame.id, " lacks"));
  }
  if (!out.undecided.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(out.rating, RateDomains(frame, out.present));
  out.decided_by = DecidedBy::kCoders;
  return absl::OkStatus();
}

void DecideCategory(Codes codes, ItemOutcome& out) {
  std::map<std::string, int> chosen;
  for (const Code* code : codes) ++chosen[code->category];
  out.unanimous = chosen.size() == 1;
  if (const std::string* category = MoreThanHalf(chosen, static_cast<int>(codes.size()))) {
    out.category = *category;
    out.decided_by = DecidedBy::kCoders;
  }
}

struct RatingSum {
  int64_t total = 0;
  int64_t count = 0;
  stats::Figure Mean() const {
    if (count == 0) return stats::Figure::None(stats::Undefined::kNoData);
    return stats::Figure::Of(static_cast<double>(total) / static_cast<double>(count));
  }
};

// Every code rates every entry, so that the mean of the means is the mean of all ratings: whole numbers until the one
// division.
absl::Status DecideSkills(const Frame& frame, Codes codes, ItemOutcome& out) {
  std::map<std::string, RatingSum> groups;
  RatingSum all;
  out.unanimous = true;
  for (const FrameEntry& entry : frame.entries) {
    RatingSum skill;
    for (const Code* code : codes) {
      const auto rating = code->ratings.find(entry.id);
      if (rating == code->ratings.end()) {
        return InvalidField("ratings", "", absl::StrCat("has no rating of ", entry.id));
      }
      skill.total += rating->second;
      ++skill.count;
      out.unanimous = out.unanimous && rating->second == codes[0]->ratings.at(entry.id);
    }
    out.ratings[entry.id] = skill.Mean();
    for (RatingSum* sum : {&groups[entry.group], &all}) {
      sum->total += skill.total;
      sum->count += skill.count;
    }
  }
  for (const auto& [group, sum] : groups) out.skills.groups[group] = sum.Mean();
  out.skills.overall = all.Mean();
  out.decided_by = DecidedBy::kCoders;
  return absl::OkStatus();
}

absl::Status DecideNumber(Codes codes, ItemOutcome& out) {
  std::vector<double> numbers;
  for (const Code* code : codes) {
    if (!code->number) return InvalidField("number", "", "is missing");
    numbers.push_back(*code->number);
  }
  ASSIGN_OR_RETURN(const stats::Descriptives summary, stats::Describe(numbers));
  out.number = summary.mean;
  out.median = summary.median;
  out.sd = summary.sd;
  out.minimum = summary.minimum;
  out.maximum = summary.maximum;
  out.unanimous = *summary.minimum == *summary.maximum;
  out.decided_by = DecidedBy::kCoders;
  return absl::OkStatus();
}

absl::Status DecideByKind(const Frame& frame, Codes codes, ItemOutcome& out) {
  switch (frame.kind) {
    case FrameKind::kNominatedList:
    case FrameKind::kBinary:
      DecideYesNo(codes, out);
      return absl::OkStatus();
    case FrameKind::kDomainPresence:
      return DecideDomains(frame, codes, out);
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      DecideCategory(codes, out);
      return absl::OkStatus();
    case FrameKind::kRatedSkills:
      return DecideSkills(frame, codes, out);
    case FrameKind::kNumeric:
      return DecideNumber(codes, out);
  }
  return absl::InternalError("a frame of an unknown kind");
}

// Puts the adjudicator's judgement in place of what is undecided; counts of the coders stay as they are.
absl::Status Adjudicate(const Frame& frame, const Code& code, ItemOutcome& out) {
  ItemOutcome own;
  const Code* const codes[] = {&code};
  RETURN_IF_ERROR(DecideByKind(frame, codes, own));
  out.majority = own.majority;
  out.nomination = own.nomination;
  out.category = own.category;
  for (const std::string& entry : out.undecided) {
    if (own.present.count(entry) > 0) out.present.insert(entry);
  }
  if (frame.kind == FrameKind::kDomainPresence) {
    // Where coders answered, the entries they agree on stand; where none did, all of it is the adjudicator's.
    if (out.answered == 0) out.present = own.present;
    out.undecided.clear();
    ASSIGN_OR_RETURN(out.rating, RateDomains(frame, out.present));
  }
  if (frame.kind == FrameKind::kRatedSkills) {
    out.ratings = own.ratings;
    out.skills = own.skills;
  }
  if (frame.kind == FrameKind::kNumeric) {
    out.number = own.number;
    out.median = own.median;
    out.sd = own.sd;
    out.minimum = own.minimum;
    out.maximum = own.maximum;
  }
  out.decided_by = DecidedBy::kAdjudicator;
  return absl::OkStatus();
}

// What the coders of one item gave, nullptr for no code yet, and the adjudicator.
struct Given {
  std::vector<const Code*> codes;
  const Code* adjudicated = nullptr;
};

const Code* Pointer(const std::optional<Code>& code) { return code ? &*code : nullptr; }

Given From(std::span<const std::optional<Code>> codes, const std::optional<Code>& adjudicated) {
  Given given;
  for (const std::optional<Code>& code : codes) given.codes.push_back(Pointer(code));
  given.adjudicated = Pointer(adjudicated);
  return given;
}

Given From(const CodedItem& item) {
  Given given;
  for (const AssignedCode& assigned : item.codes) {
    if (assigned.coder == kAdjudicatorIndex) {
      given.adjudicated = Pointer(assigned.code);
    } else {
      given.codes.push_back(Pointer(assigned.code));
    }
  }
  return given;
}

absl::StatusOr<ItemOutcome> DecideGiven(const Frame& frame, const Given& given) {
  ItemOutcome out;
  std::vector<const Code*> answered;
  for (const Code* code : given.codes) {
    if (code == nullptr) continue;
    if (Skipped(*code)) {
      ++out.skipped;
    } else {
      answered.push_back(code);
    }
  }
  out.assigned = static_cast<int>(given.codes.size());
  out.answered = static_cast<int>(answered.size());
  if (!answered.empty()) RETURN_IF_ERROR(DecideByKind(frame, answered, out));
  out.unanimous = out.unanimous && out.answered == out.assigned && out.assigned > 1;
  if (out.decided_by == DecidedBy::kNobody && given.adjudicated != nullptr && !Skipped(*given.adjudicated)) {
    RETURN_IF_ERROR(Adjudicate(frame, *given.adjudicated, out));
  }
  return out;
}

bool NeedsAdjudicationGiven(const Frame& frame, Given given, bool wait_for_missing) {
  if (frame.kind == FrameKind::kRatedSkills || frame.kind == FrameKind::kNumeric) return false;
  if (wait_for_missing && std::count(given.codes.begin(), given.codes.end(), nullptr) > 0) return false;
  given.adjudicated = nullptr;
  const auto outcome = DecideGiven(frame, given);
  return outcome.ok() && outcome->answered + outcome->skipped > 0 && outcome->decided_by == DecidedBy::kNobody;
}

}  // namespace

absl::StatusOr<ItemOutcome> Decide(const Frame& frame, std::span<const std::optional<Code>> codes,
                                   const std::optional<Code>& adjudicated) {
  return DecideGiven(frame, From(codes, adjudicated));
}

absl::StatusOr<ItemOutcome> Decide(const Frame& frame, const CodedItem& item) { return DecideGiven(frame, From(item)); }

bool NeedsAdjudication(const Frame& frame, std::span<const std::optional<Code>> codes, bool wait_for_missing) {
  return NeedsAdjudicationGiven(frame, From(codes, std::nullopt), wait_for_missing);
}

bool NeedsAdjudication(const Frame& frame, const CodedItem& item, bool wait_for_missing) {
  return NeedsAdjudicationGiven(frame, From(item), wait_for_missing);
}

}  // namespace plumbline::coding
