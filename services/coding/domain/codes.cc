#include "coding/domain/codes.h"

#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym.h"
#include "common/base/number_text.h"
#include "common/base/utf8.h"

// What a frame asks of a code; tables of codes are in codes_csv.cc.
namespace plumbline::coding {
namespace {

constexpr char kNoPart[] = "a frame of kind ";

bool IsYesNo(FrameKind kind) { return kind == FrameKind::kNominatedList || kind == FrameKind::kBinary; }
bool IsChoice(FrameKind kind) { return kind == FrameKind::kCategorical || kind == FrameKind::kOrdinal; }

class Checker {
 public:
  Checker(const Frame& frame, const HandedInCode& handed_in)
      : frame_(frame), code_(handed_in.code), yes_no_given_(handed_in.outcomes_focused_given) {}

  std::vector<CodeViolation> Check() {
    if (IsSkip(code_)) {
      CheckSkip();
      return std::move(found_);
    }
    CheckBelongs();
    if (IsYesNo(frame_.kind)) CheckYesNo();
    if (frame_.kind == FrameKind::kDomainPresence) CheckPresent();
    if (frame_.kind == FrameKind::kRatedSkills) CheckRatings();
    if (IsChoice(frame_.kind)) CheckCategory();
    if (frame_.kind == FrameKind::kNumeric) CheckNumber();
    return std::move(found_);
  }

 private:
  void Add(std::string field, std::string value, std::string rule) {
    found_.push_back({std::move(field), std::move(value), std::move(rule)});
  }
  std::string NotAnEntry() const { return absl::StrCat("is not an entry of frame ", frame_.id); }

  // Calls `set(field, value)` for each field that is set.
  template <typename F>
  void ForEachSet(const F& set) const {
    if (yes_no_given_ || code_.outcomes_focused) set("outcomes_focused", code_.outcomes_focused ? "yes" : "no");
    if (!code_.nomination.empty()) set("nomination", code_.nomination);
    if (!code_.present.empty()) set("present_entries", absl::StrCat(code_.present.size(), " entries"));
    if (!code_.ratings.empty()) set("ratings", absl::StrCat(code_.ratings.size(), " ratings"));
    if (!code_.category.empty()) set("category", code_.category);
    if (code_.number) set("number", NumberText(*code_.number));
  }

  bool Belongs(std::string_view field) const {
    if (field == "outcomes_focused") return IsYesNo(frame_.kind);
    if (field == "nomination") return frame_.kind == FrameKind::kNominatedList;
    if (field == "present_entries") return frame_.kind == FrameKind::kDomainPresence;
    if (field == "ratings") return frame_.kind == FrameKind::kRatedSkills;
    if (field == "category") return IsChoice(frame_.kind);
    return frame_.kind == FrameKind::kNumeric;
  }

  void CheckSkip() {
    const size_t bytes = code_.skip_reason.size();
    if (bytes > kMaxStoredReasonBytes || BytesBesidePlaceholders(code_.skip_reason) > kMaxSkipReasonBytes) {
      Add("skip_reason", absl::StrCat(bytes, " bytes"),
          absl::StrCat("may have at most ", kMaxSkipReasonBytes, " bytes"));
    } else if (FirstInvalidUtf8(code_.skip_reason) != std::string_view::npos ||
               code_.skip_reason.find('\0') != std::string::npos) {
      Add("skip_reason", "", "must be UTF-8 text without NUL characters");
    } else if (code_.skip_reason.find_first_not_of(" \t\r\n") == std::string::npos) {
      Add("skip_reason", code_.skip_reason, "must say something");
    }
    ForEachSet([&](const char* field, std::string value) {
      Add(field, std::move(value), "must not be set beside skip_reason: a skipped item has no answer");
    });
  }

  void CheckBelongs() {
    ForEachSet([&](const char* field, std::string value) {
      if (Belongs(field)) return;
      Add(field, std::move(value),
          absl::StrCat("must not be set: ", kNoPart, ToString(frame_.kind), " has no such part"));
    });
  }

  void CheckYesNo() {
    if (!yes_no_given_) Add("outcomes_focused", "", "is required: yes or no, or a skip_reason");
    if (code_.nomination.empty() || frame_.kind != FrameKind::kNominatedList) return;
    if (yes_no_given_ && !code_.outcomes_focused) {
      Add("nomination", code_.nomination, "must be empty with a no: only a yes nominates an entry");
    } else if (!frame_.HasEntry(code_.nomination)) {
      Add("nomination", code_.nomination, NotAnEntry());
    }
  }

  void CheckPresent() {
    for (const std::string& entry : code_.present) {
      if (!frame_.HasEntry(entry)) Add("present_entries", entry, NotAnEntry());
    }
  }

  void CheckRatings() {
    for (const auto& [entry, rating] : code_.ratings) {
      if (!frame_.HasEntry(entry)) Add(absl::StrCat("ratings[", entry, "]"), entry, NotAnEntry());
    }
    for (const FrameEntry& entry : frame_.entries) {
      const std::string field = absl::StrCat("ratings[", entry.id, "]");
      const auto rating = code_.ratings.find(entry.id);
      if (rating == code_.ratings.end()) {
        Add(field, "", "is required: every entry is rated, or the item is skipped");
      } else if (rating->second < frame_.rating_min || rating->second > frame_.rating_max) {
        Add(field, absl::StrCat(rating->second),
            absl::StrCat("must be ", frame_.rating_min, " to ", frame_.rating_max));
      }
    }
  }

  void CheckCategory() {
    if (code_.category.empty()) {
      Add("category", "", "is required: an entry of the frame, or a skip_reason");
    } else if (!frame_.HasEntry(code_.category)) {
      Add("category", code_.category, NotAnEntry());
    }
  }

  void CheckNumber() {
    const double min = frame_.number_min.value_or(0);
    const double max = frame_.number_max.value_or(0);
    if (!code_.number) {
      Add("number", "", "is required: a number, or a skip_reason");
    } else if (!std::isfinite(*code_.number) || *code_.number < min || *code_.number > max) {
      Add("number", NumberText(*code_.number), absl::StrCat("must be ", NumberText(min), " to ", NumberText(max)));
    }
  }

  const Frame& frame_;
  const Code& code_;
  const bool yes_no_given_;
  std::vector<CodeViolation> found_;
};

}  // namespace

std::vector<CodeViolation> CheckCode(const Frame& frame, const HandedInCode& handed_in) {
  return Checker(frame, handed_in).Check();
}

void AddCodeViolations(const Frame& frame, const HandedInCode& handed_in, std::string_view place,
                       Violations& violations) {
  for (const CodeViolation& found : CheckCode(frame, handed_in)) {
    std::string field(place);
    if (!found.field.empty()) absl::StrAppend(&field, ".", found.field);
    violations.Add(field, found.value, found.rule);
  }
}

bool SameAnswer(const Code& a, const Code& b) {
  return a.outcomes_focused == b.outcomes_focused && a.nomination == b.nomination && a.skip_reason == b.skip_reason &&
         a.present == b.present && a.ratings == b.ratings && a.category == b.category && a.number == b.number;
}

absl::Status StaleVersions(const Violations& stale) {
  const absl::Status status = stale.ToStatus();
  if (status.ok()) return status;
  ErrorDetail detail = GetErrorDetail(status).value_or(ErrorDetail{});
  detail.reason = "STALE_VERSION";
  return MakeError(absl::StatusCode::kAborted, std::string(status.message()), std::move(detail));
}

}  // namespace plumbline::coding
