#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/frame.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/number_text.h"
#include "common/base/utf8.h"

// What makes a frame usable; what is computed with one is in frame.cc.
namespace plumbline::coding {
namespace {

constexpr size_t kMaxEntries = 200;
constexpr size_t kMaxEntryId = 40;
constexpr size_t kMaxLabel = 300;
constexpr size_t kMaxTitle = 200;
constexpr size_t kMaxSource = 2000;
constexpr size_t kMaxDomainRatings = 20;
constexpr int kMaxRating = 1000;

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
  const std::string count = absl::StrCat(frame.entries.size(), " entries");
  if (frame.kind == FrameKind::kBinary || frame.kind == FrameKind::kNumeric) {
    if (!frame.entries.empty()) violations.Add("entries", count, "binary and numeric frames have no entries");
  } else {
    const bool choice = frame.kind == FrameKind::kCategorical || frame.kind == FrameKind::kOrdinal;
    const size_t least = choice ? 2 : 1;
    if (frame.entries.size() < least || frame.entries.size() > kMaxEntries) {
      violations.Add("entries", count, absl::StrCat("must have ", least, " to ", kMaxEntries));
    }
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

// Whether whoever reaches `rating` reaches `better` as well, so that `rating` is never given.
bool Takes(const DomainRating& better, const DomainRating& rating) {
  const auto least = [](const DomainRating& of) {
    return std::max(of.min_domains, static_cast<int>(of.required_entries.size()));
  };
  return least(better) <= least(rating) &&
         std::all_of(better.required_entries.begin(), better.required_entries.end(), [&](const std::string& entry) {
           return std::find(rating.required_entries.begin(), rating.required_entries.end(), entry) !=
                  rating.required_entries.end();
         });
}

void CheckDomainRating(const Frame& frame, size_t i, Violations& violations) {
  const DomainRating& rating = frame.domain_ratings[i];
  const std::string place = absl::StrCat("domain_ratings[", i, "]");
  CheckText(absl::StrCat(place, ".label"), rating.label, kMaxLabel, violations);
  if (rating.min_domains < 0 || static_cast<size_t>(rating.min_domains) > frame.entries.size()) {
    violations.Add(absl::StrCat(place, ".min_domains"), absl::StrCat(rating.min_domains),
                   absl::StrCat("must be 0 to ", frame.entries.size(), ", the number of domains"));
  }
  std::set<std::string_view> required;
  for (const std::string& entry : rating.required_entries) {
    if (!frame.HasEntry(entry)) {
      violations.Add(absl::StrCat(place, ".required_entries"), entry, "is not an entry of the frame");
    } else if (!required.insert(entry).second) {
      violations.Add(absl::StrCat(place, ".required_entries"), entry, "stands twice");
    }
  }
  if (i > 0 && rating.min_domains > frame.domain_ratings[i - 1].min_domains) {
    violations.Add(absl::StrCat(place, ".min_domains"), absl::StrCat(rating.min_domains),
                   "must not be above that of the better rating before it");
    return;
  }
  for (size_t better = 0; better < i; ++better) {
    if (!Takes(frame.domain_ratings[better], rating)) continue;
    violations.Add(place, rating.id,
                   absl::StrCat("can never be given: ", frame.domain_ratings[better].id, " before it takes no more"));
    return;
  }
}

void CheckDomainRatings(const Frame& frame, Violations& violations) {
  if (frame.kind != FrameKind::kDomainPresence) {
    if (!frame.domain_ratings.empty()) {
      violations.Add("domain_ratings", "set", "only domain presence has ratings by number of domains");
    }
    return;
  }
  const size_t count = frame.domain_ratings.size();
  if (count < 2 || count > kMaxDomainRatings) {
    violations.Add("domain_ratings", absl::StrCat(count, " ratings"),
                   absl::StrCat("must have 2 to ", kMaxDomainRatings));
    return;
  }
  std::set<std::string_view> ids;
  for (size_t i = 0; i < count; ++i) {
    const std::string& id = frame.domain_ratings[i].id;
    if (!IsEntryId(id)) {
      violations.Add(absl::StrCat("domain_ratings[", i, "].id"), id, "must be 1 to 40 letters, digits, - or _");
    } else if (!ids.insert(id).second) {
      violations.Add(absl::StrCat("domain_ratings[", i, "].id"), id, "stands twice");
    }
    CheckDomainRating(frame, i, violations);
  }
  const DomainRating& last = frame.domain_ratings.back();
  if (last.min_domains != 0 || !last.required_entries.empty()) {
    violations.Add(absl::StrCat("domain_ratings[", count - 1, "]"), last.id,
                   "the last rating takes no domains, so that every session has a rating");
  }
}

void CheckUnit(const Frame& frame, Violations& violations) {
  const bool of_sessions = frame.kind == FrameKind::kDomainPresence || frame.kind == FrameKind::kRatedSkills;
  if (of_sessions && frame.unit != FrameUnit::kSession) {
    violations.Add("unit", ToString(frame.unit), absl::StrCat(ToString(frame.kind), " judges whole sessions"));
  }
  if (frame.kind == FrameKind::kNominatedList && frame.unit != FrameUnit::kQuestion) {
    violations.Add("unit", ToString(frame.unit), "nominated_list judges questions");
  }
  if (frame.context != FrameContext::kNone && frame.unit != FrameUnit::kQuestion) {
    violations.Add("context", ToString(frame.context),
                   absl::StrCat("only questions have a context, not the unit ", ToString(frame.unit)));
  }
}

void CheckScale(const Frame& frame, Violations& violations) {
  if (frame.kind != FrameKind::kRatedSkills) {
    if (frame.rating_min != 0 || frame.rating_max != 0) {
      violations.Add("rating_min", absl::StrCat(frame.rating_min, " to ", frame.rating_max),
                     "only rated skills have a scale");
    }
    return;
  }
  if (frame.rating_min < -kMaxRating) {
    violations.Add("rating_min", absl::StrCat(frame.rating_min), absl::StrCat("must be ", -kMaxRating, " or more"));
  }
  if (frame.rating_max > kMaxRating) {
    violations.Add("rating_max", absl::StrCat(frame.rating_max), absl::StrCat("must be ", kMaxRating, " or less"));
  }
  if (frame.rating_min >= frame.rating_max) {
    violations.Add("rating_max", absl::StrCat(frame.rating_max), "must be above rating_min");
  }
}

void CheckNumbers(const Frame& frame, Violations& violations) {
  bool bounded = true;
  for (const auto& [field, bound] :
       {std::pair("number_min", frame.number_min), std::pair("number_max", frame.number_max)}) {
    if (frame.kind != FrameKind::kNumeric) {
      if (bound) violations.Add(field, NumberText(*bound), "only numeric frames have bounds");
    } else if (!bound) {
      violations.AddMissing(field);
    } else if (!IsCodedNumber(*bound)) {
      violations.Add(field, NumberText(*bound), kCodedNumberRule);
    }
    bounded = bounded && bound && IsCodedNumber(*bound);
  }
  if (frame.kind == FrameKind::kNumeric && bounded && *frame.number_min >= *frame.number_max) {
    violations.Add("number_max", NumberText(*frame.number_max), "must be above number_min");
  }
}

}  // namespace

absl::Status ValidateFrame(const Frame& frame) {
  Violations violations;
  if (!IsValidResourceId(frame.id)) violations.Add("id", frame.id, kResourceIdRule);
  if (frame.version < 1) violations.Add("version", absl::StrCat(frame.version), "must be 1 or more");
  CheckText("title", frame.title, kMaxTitle, violations);
  CheckText("source", frame.source, kMaxSource, violations);
  CheckEntries(frame, violations);
  CheckUnit(frame, violations);
  CheckThreshold(frame, violations);
  CheckDomainRatings(frame, violations);
  CheckScale(frame, violations);
  CheckNumbers(frame, violations);
  return violations.ToStatus();
}

}  // namespace plumbline::coding
