#include "coding/domain/frame.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"

namespace plumbline::coding {
namespace {

constexpr std::array<std::pair<FrameKind, const char*>, 7> kKinds = {{{FrameKind::kNominatedList, "nominated_list"},
                                                                      {FrameKind::kDomainPresence, "domain_presence"},
                                                                      {FrameKind::kRatedSkills, "rated_skills"},
                                                                      {FrameKind::kCategorical, "categorical"},
                                                                      {FrameKind::kBinary, "binary"},
                                                                      {FrameKind::kOrdinal, "ordinal"},
                                                                      {FrameKind::kNumeric, "numeric"}}};

constexpr std::array<std::pair<FrameUnit, const char*>, 3> kUnits = {
    {{FrameUnit::kQuestion, "question"}, {FrameUnit::kSession, "session"}, {FrameUnit::kPair, "pair"}}};

constexpr std::array<std::pair<FrameContext, const char*>, 2> kContexts = {
    {{FrameContext::kNone, "none"}, {FrameContext::kPreviousTurn, "previous_turn"}}};

template <typename Enum, size_t kCount>
const char* NameOf(const std::array<std::pair<Enum, const char*>, kCount>& names, Enum wanted) {
  for (const auto& [value, name] : names) {
    if (value == wanted) return name;
  }
  return "";
}

template <typename Enum, size_t kCount>
std::optional<Enum> ValueOf(const std::array<std::pair<Enum, const char*>, kCount>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (text == name) return value;
  }
  return std::nullopt;
}

absl::Status WrongKind(const Frame& frame, FrameKind wanted) {
  return InvalidField("frame", frame.id, absl::StrCat("must be of kind ", ToString(wanted)));
}

}  // namespace

const char* ToString(FrameKind kind) { return NameOf(kKinds, kind); }
const char* ToString(FrameUnit unit) { return NameOf(kUnits, unit); }
const char* ToString(FrameContext context) { return NameOf(kContexts, context); }

std::optional<FrameKind> FrameKindFromString(std::string_view text) { return ValueOf(kKinds, text); }
std::optional<FrameUnit> FrameUnitFromString(std::string_view text) { return ValueOf(kUnits, text); }
std::optional<FrameContext> FrameContextFromString(std::string_view text) { return ValueOf(kContexts, text); }

FrameUnit DefaultUnit(FrameKind kind) {
  return kind == FrameKind::kDomainPresence || kind == FrameKind::kRatedSkills ? FrameUnit::kSession
                                                                               : FrameUnit::kQuestion;
}

bool Frame::HasEntry(std::string_view entry_id) const {
  return std::any_of(entries.begin(), entries.end(), [&](const FrameEntry& entry) { return entry.id == entry_id; });
}

absl::StatusOr<DomainRating> RateDomains(const Frame& frame, const std::set<std::string>& present) {
  if (frame.kind != FrameKind::kDomainPresence) return WrongKind(frame, FrameKind::kDomainPresence);
  for (const std::string& entry : present) {
    if (!frame.HasEntry(entry)) return InvalidField("present", entry, "is not an entry of the frame");
  }
  for (const DomainRating& rating : frame.domain_ratings) {
    const bool required = std::all_of(rating.required_entries.begin(), rating.required_entries.end(),
                                      [&](const std::string& entry) { return present.count(entry) > 0; });
    if (required && static_cast<int>(present.size()) >= rating.min_domains) return rating;
  }
  return absl::InternalError("a validated frame always has a rating that takes nothing");
}

absl::StatusOr<SkillMeans> AverageSkills(const Frame& frame, const std::map<std::string, int>& ratings) {
  if (frame.kind != FrameKind::kRatedSkills) return WrongKind(frame, FrameKind::kRatedSkills);
  for (const auto& [entry, rating] : ratings) {
    if (!frame.HasEntry(entry)) return InvalidField("ratings", entry, "is not an entry of the frame");
    if (rating < frame.rating_min || rating > frame.rating_max) {
      return InvalidField(absl::StrCat("ratings[", entry, "]"), absl::StrCat(rating),
                          absl::StrCat("must be ", frame.rating_min, " to ", frame.rating_max));
    }
  }
  struct Sum {
    int64_t total = 0;
    int64_t rated = 0;
    int64_t skills = 0;
  };
  const auto mean = [](const Sum& sum) {
    if (sum.rated == 0) return stats::Figure::None(stats::Undefined::kNoData);
    if (sum.rated < sum.skills) return stats::Figure::None(stats::Undefined::kTooFewValues);
    return stats::Figure::Of(static_cast<double>(sum.total) / static_cast<double>(sum.skills));
  };
  std::map<std::string, Sum> groups;
  Sum all;
  for (const FrameEntry& entry : frame.entries) {
    for (Sum* sum : {&groups[entry.group], &all}) {
      ++sum->skills;
      if (const auto it = ratings.find(entry.id); it != ratings.end()) {
        ++sum->rated;
        sum->total += it->second;
      }
    }
  }
  SkillMeans means;
  for (const auto& [group, sum] : groups) means.groups[group] = mean(sum);
  means.overall = mean(all);
  return means;
}

}  // namespace plumbline::coding
