#include "coding/domain/frame.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"

namespace plumbline::coding {
namespace {

constexpr std::array<std::pair<FrameKind, const char*>, 7> kKinds = {{{FrameKind::kNominatedList, "nominated_list"},
                                                                      {FrameKind::kDomainPresence, "domain_presence"},
                                                                      {FrameKind::kRatedSkills, "rated_skills"},
                                                                      {FrameKind::kCategorical, "categorical"},
                                                                      {FrameKind::kBinary, "binary"},
                                                                      {FrameKind::kOrdinal, "ordinal"},
                                                                      {FrameKind::kNumeric, "numeric"}}};

constexpr size_t kMaxEntries = 200;
constexpr size_t kMaxEntryId = 40;
constexpr size_t kMaxLabel = 300;
constexpr size_t kMaxTitle = 200;
constexpr size_t kMaxSource = 2000;

bool IsEntryId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxEntryId && std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_';
  });
}

void CheckText(std::string_view field, const std::string& text, size_t max, Violations& violations) {
  if (text.empty()) {
    violations.AddMissing(field);
  } else if (text.size() > max) {
    violations.Add(field, text, absl::StrCat("may have at most ", max, " bytes"));
  } else if (FirstInvalidUtf8(text) != std::string_view::npos || text.find('\0') != std::string::npos) {
    violations.Add(field, "", "must be UTF-8 text without NUL characters");
  }
}

void CheckEntries(const Frame& frame, Violations& violations) {
  const bool may_be_empty = frame.kind == FrameKind::kBinary;
  const size_t least = may_be_empty ? 0 : (frame.kind == FrameKind::kCategorical ? 2 : 1);
  if (frame.entries.size() < least || frame.entries.size() > kMaxEntries) {
    violations.Add("entries", absl::StrCat(frame.entries.size(), " entries"),
                   absl::StrCat("must have ", least, " to ", kMaxEntries));
  }
  if (frame.kind == FrameKind::kBinary && !frame.entries.empty()) {
    violations.Add("entries", absl::StrCat(frame.entries.size(), " entries"), "a binary frame has no entries");
  }
  std::set<std::string_view> ids;
  std::set<std::string_view> labels;
  for (size_t i = 0; i < frame.entries.size(); ++i) {
    const FrameEntry& entry = frame.entries[i];
    const std::string place = absl::StrCat("entries[", i, "]");
    if (!IsEntryId(entry.id)) {
      violations.Add(absl::StrCat(place, ".id"), entry.id, "must be 1 to 40 letters, digits, - or _");
    } else if (!ids.insert(entry.id).second) {
      violations.Add(absl::StrCat(place, ".id"), entry.id, "stands twice");
    }
    CheckText(absl::StrCat(place, ".label"), entry.label, kMaxLabel, violations);
    if (!entry.label.empty() && !labels.insert(entry.label).second) {
      violations.Add(absl::StrCat(place, ".label"), entry.label, "stands twice");
    }
    if (frame.kind == FrameKind::kRatedSkills) {
      CheckText(absl::StrCat(place, ".group"), entry.group, kMaxLabel, violations);
    } else if (!entry.group.empty()) {
      violations.Add(absl::StrCat(place, ".group"), entry.group, "only rated skills have groups");
    }
  }
}

void CheckThreshold(const Frame& frame, Violations& violations) {
  if (!frame.threshold) {
    if (frame.kind == FrameKind::kNominatedList) violations.AddMissing("threshold");
    return;
  }
  if (frame.kind != FrameKind::kNominatedList && frame.kind != FrameKind::kBinary) {
    violations.Add("threshold", "set", "only nominated lists and binary frames have a threshold");
  }
  const Fraction& threshold = *frame.threshold;
  if (threshold.denominator < 1 || threshold.numerator < 1 || threshold.numerator > threshold.denominator) {
    violations.Add("threshold", absl::StrCat(threshold.numerator, "/", threshold.denominator),
                   "must be above 0 and at most 1, with a positive denominator");
  }
}

void CheckDomainRatings(const Frame& frame, Violations& violations) {
  if (frame.kind != FrameKind::kDomainPresence) {
    if (!frame.domain_ratings.empty()) {
      violations.Add("domain_ratings", "set", "only domain presence has ratings by number of domains");
    }
    return;
  }
  if (frame.domain_ratings.size() < 2) {
    violations.Add("domain_ratings", absl::StrCat(frame.domain_ratings.size(), " ratings"), "must have at least 2");
    return;
  }
  std::set<std::string_view> ids;
  for (size_t i = 0; i < frame.domain_ratings.size(); ++i) {
    const DomainRating& rating = frame.domain_ratings[i];
    const std::string place = absl::StrCat("domain_ratings[", i, "]");
    if (!IsEntryId(rating.id)) {
      violations.Add(absl::StrCat(place, ".id"), rating.id, "must be 1 to 40 letters, digits, - or _");
    } else if (!ids.insert(rating.id).second) {
      violations.Add(absl::StrCat(place, ".id"), rating.id, "stands twice");
    }
    CheckText(absl::StrCat(place, ".label"), rating.label, kMaxLabel, violations);
    if (rating.min_domains < 0 || static_cast<size_t>(rating.min_domains) > frame.entries.size()) {
      violations.Add(absl::StrCat(place, ".min_domains"), absl::StrCat(rating.min_domains),
                     absl::StrCat("must be 0 to ", frame.entries.size(), ", the number of domains"));
    }
    for (const std::string& entry : rating.required_entries) {
      if (!frame.HasEntry(entry)) {
        violations.Add(absl::StrCat(place, ".required_entries"), entry, "is not an entry of the frame");
      }
    }
    if (i > 0 && rating.min_domains > frame.domain_ratings[i - 1].min_domains) {
      violations.Add(absl::StrCat(place, ".min_domains"), absl::StrCat(rating.min_domains),
                     "must not be above that of the better rating before it");
    }
  }
  const DomainRating& last = frame.domain_ratings.back();
  if (last.min_domains != 0 || !last.required_entries.empty()) {
    violations.Add(absl::StrCat("domain_ratings[", frame.domain_ratings.size() - 1, "]"), last.id,
                   "the last rating takes no domains, so that every session has a rating");
  }
}

absl::Status WrongKind(const Frame& frame, FrameKind wanted) {
  return InvalidField("frame", frame.id, absl::StrCat("must be of kind ", ToString(wanted)));
}

}  // namespace

const char* ToString(FrameKind kind) {
  for (const auto& [value, name] : kKinds) {
    if (value == kind) return name;
  }
  return "";
}

std::optional<FrameKind> FrameKindFromString(std::string_view text) {
  for (const auto& [value, name] : kKinds) {
    if (text == name) return value;
  }
  return std::nullopt;
}

bool Frame::HasEntry(std::string_view entry_id) const {
  return std::any_of(entries.begin(), entries.end(), [&](const FrameEntry& entry) { return entry.id == entry_id; });
}

absl::Status ValidateFrame(const Frame& frame) {
  Violations violations;
  if (!IsValidResourceId(frame.id)) violations.Add("id", frame.id, kResourceIdRule);
  if (frame.version < 1) violations.Add("version", absl::StrCat(frame.version), "must be 1 or more");
  CheckText("title", frame.title, kMaxTitle, violations);
  CheckText("source", frame.source, kMaxSource, violations);
  CheckEntries(frame, violations);
  CheckThreshold(frame, violations);
  CheckDomainRatings(frame, violations);
  if (frame.kind == FrameKind::kRatedSkills) {
    if (frame.rating_min >= frame.rating_max) {
      violations.Add("rating_max", absl::StrCat(frame.rating_max), "must be above rating_min");
    }
  } else if (frame.rating_min != 0 || frame.rating_max != 0) {
    violations.Add("rating_min", absl::StrCat(frame.rating_min, " to ", frame.rating_max),
                   "only rated skills have a scale");
  }
  return violations.ToStatus();
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
