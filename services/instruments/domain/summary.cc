#include "instruments/domain/summary.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "instruments/domain/key_catalogue.h"

namespace plumbline::instruments {
namespace {

constexpr size_t kMaxLabelBytes = 200;

absl::string_view View(std::string_view text) { return absl::string_view(text.data(), text.size()); }

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Runs of digits compare by value (then by length), everything else by byte.
bool NaturalLess(const std::string& a, const std::string& b) {
  size_t i = 0;
  size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[j])) {
      const auto run = [](const std::string& text, size_t& at) {
        while (at < text.size() && text[at] == '0') ++at;
        const size_t start = at;
        while (at < text.size() && IsDigit(text[at])) ++at;
        return std::string_view(text).substr(start, at - start);
      };
      const std::string_view x = run(a, i);
      const std::string_view y = run(b, j);
      if (x.size() != y.size()) return x.size() < y.size();
      if (x != y) return x < y;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  if ((i < a.size()) != (j < b.size())) return j < b.size();
  return a < b;  // "t01" and "t1": equal by value, still in a fixed order
}

// The defined values of one score by wave and by participant.
class ValueTable {
 public:
  explicit ValueTable(const std::vector<const Observation*>& observations) {
    for (const Observation* o : observations) {
      if (o->score.value.defined()) values_[o->wave][o->participant] = *o->score.value;
    }
  }

  std::optional<double> Find(const std::string& wave, const std::string& participant) const {
    const auto in_wave = values_.find(wave);
    if (in_wave == values_.end()) return std::nullopt;
    const auto value = in_wave->second.find(participant);
    if (value == in_wave->second.end()) return std::nullopt;
    return value->second;
  }

  std::vector<double> Of(const GroupMembers& group, const std::string& wave) const {
    std::vector<double> values;
    for (const std::string& participant : group.participants) {
      if (const std::optional<double> value = Find(wave, participant); value.has_value()) values.push_back(*value);
    }
    return values;
  }

  std::vector<double> ChangesOf(const GroupMembers& group, const std::string& from, const std::string& to) const {
    std::vector<double> changes;
    for (const std::string& participant : group.participants) {
      const std::optional<double> before = Find(from, participant);
      const std::optional<double> after = Find(to, participant);
      if (before.has_value() && after.has_value()) changes.push_back(*after - *before);
    }
    return changes;
  }

 private:
  std::map<std::string, std::unordered_map<std::string, double>> values_;
};

absl::Status CheckComparable(const std::string& score, const std::vector<const Observation*>& observations) {
  for (const Observation* o : observations) {
    const Observation& first = *observations.front();
    if (o->score.direction != first.score.direction) {
      return FailedPrecondition(
          "OPPOSITE_DIRECTIONS", score,
          absl::StrCat("version ", first.key_version, " of the key says ", ToString(first.score.direction),
                       ", version ", o->key_version, " says ", ToString(o->score.direction),
                       ": scores of different direction are not compared"));
    }
    if (o->score.combination != first.score.combination) {
      return FailedPrecondition("DIFFERENT_SCORES", score,
                                absl::StrCat("version ", first.key_version, " of the key combines items as ",
                                             ToString(first.score.combination), ", version ", o->key_version, " as ",
                                             ToString(o->score.combination), ": such scores are not compared"));
    }
  }
  return absl::OkStatus();
}

std::vector<CategoryCount> CountCategories(const std::vector<std::string>& labels, const std::vector<double>& values) {
  std::vector<CategoryCount> counts(labels.size());
  for (size_t c = 0; c < labels.size(); ++c) counts[c].category = labels[c];
  for (const double value : values) {
    const auto index = static_cast<size_t>(value);
    if (index < counts.size()) ++counts[index].count;
  }
  if (values.empty()) return counts;  // percent stays kNoData
  for (CategoryCount& count : counts) {
    count.percent = stats::Figure::Of(100.0 * static_cast<double>(count.count) / static_cast<double>(values.size()));
  }
  return counts;
}

// Those of members of a group, and in one of `waves` where any are asked for.
std::vector<const Observation*> Relevant(const std::vector<GroupMembers>& groups, const std::vector<std::string>& waves,
                                         const std::vector<Observation>& observations) {
  std::unordered_set<std::string_view> members;
  for (const GroupMembers& group : groups) members.insert(group.participants.begin(), group.participants.end());
  std::vector<const Observation*> relevant;
  for (const Observation& o : observations) {
    const bool wanted = waves.empty() || std::find(waves.begin(), waves.end(), o.wave) != waves.end();
    if (wanted && members.contains(o.participant)) relevant.push_back(&o);
  }
  return relevant;
}

std::vector<std::string> WavesOf(const std::vector<const Observation*>& observations) {
  std::set<std::string> waves;
  for (const Observation* o : observations) waves.insert(o->wave);
  return InNaturalOrder({waves.begin(), waves.end()});
}

std::string Join(const std::vector<std::string>& waves) {
  std::string out;
  for (size_t w = 0; w < waves.size() && w < kMaxWaves; ++w) absl::StrAppend(&out, w == 0 ? "" : ", ", waves[w]);
  return waves.size() > kMaxWaves ? absl::StrCat(out, ", ...") : out;
}

// Nobody has a score in any of the waves asked for. Where the groups have scores in other waves, those asked for are
// not the names that the scores were collected under; where they have none at all, nothing is wrong.
absl::Status CheckWavesAreKnown(const std::string& score, const std::vector<GroupMembers>& groups,
                                const std::vector<std::string>& waves, const std::vector<Observation>& observations) {
  const std::vector<std::string> known = WavesOf(Relevant(groups, {}, observations));
  if (known.empty()) return absl::OkStatus();
  const std::string rule = absl::StrCat("must include a wave in which these groups have scores: ", Join(known));
  ErrorDetail detail;
  detail.reason = "UNKNOWN_WAVES";
  detail.metadata["resource"] = score;
  for (size_t w = 0; w < waves.size(); ++w) {
    detail.violations.push_back(
        {absl::StrCat("waves[", w, "]"), absl::StrCat("value \"", waves[w], "\": no score of these groups")});
  }
  return MakeError(absl::StatusCode::kFailedPrecondition, absl::StrCat("waves: value \"", Join(waves), "\": ", rule),
                   std::move(detail));
}

absl::StatusOr<GroupFigures> Figures(const GroupMembers& group, const std::vector<double>& values) {
  return DescribeGroup(values, static_cast<int64_t>(group.participants.size() - values.size()));
}

}  // namespace

void CheckGroups(const std::vector<GroupMembers>& groups, std::string_view place, Violations& violations) {
  if (groups.empty()) violations.AddMissing(place);
  if (groups.size() > kMaxGroups) {
    violations.Add(place, absl::StrCat(groups.size(), " groups"), absl::StrCat("must be 1 to ", kMaxGroups));
    return;
  }
  size_t members = 0;
  for (const GroupMembers& group : groups) members += group.participants.size();
  if (members > kMaxGroupMembers) {
    violations.Add(place, absl::StrCat(members, " participants"), absl::StrCat("may be at most ", kMaxGroupMembers));
    return;
  }
  std::set<std::string_view> labels;
  std::unordered_map<std::string_view, size_t> group_of;
  for (size_t g = 0; g < groups.size(); ++g) {
    const std::string at = absl::StrCat(View(place), "[", g, "]");
    const std::string& label = groups[g].label;
    if (label.empty()) {
      violations.AddMissing(at + ".label");
    } else if (label.size() > kMaxLabelBytes) {
      violations.Add(at + ".label", label, absl::StrCat("may have at most ", kMaxLabelBytes, " bytes"));
    } else if (!labels.insert(label).second) {
      violations.Add(at + ".label", label, "this label stands twice");
    }
    for (size_t p = 0; p < groups[g].participants.size(); ++p) {
      const std::string& participant = groups[g].participants[p];
      const auto [it, is_new] = group_of.try_emplace(participant, g);
      if (is_new && IsValidParticipant(participant)) continue;
      violations.Add(absl::StrCat(at, ".participants[", p, "]"), participant,
                     is_new ? kParticipantRule : absl::StrCat("stands already in groups[", it->second, "]"));
    }
  }
}

void CheckWaves(const std::vector<std::string>& waves, std::string_view place, Violations& violations) {
  if (waves.size() > kMaxWaves) {
    violations.Add(place, absl::StrCat(waves.size(), " waves"), absl::StrCat("may be at most ", kMaxWaves));
    return;
  }
  std::set<std::string_view> seen;
  for (size_t w = 0; w < waves.size(); ++w) {
    const std::string at = absl::StrCat(View(place), "[", w, "]");
    if (!IsValidResourceId(waves[w])) violations.Add(at, waves[w], kResourceIdRule);
    if (!seen.insert(waves[w]).second) violations.Add(at, waves[w], "this wave stands twice");
  }
}

std::vector<std::string> InNaturalOrder(std::vector<std::string> waves) {
  std::sort(waves.begin(), waves.end(), NaturalLess);
  waves.erase(std::unique(waves.begin(), waves.end()), waves.end());
  return waves;
}

absl::StatusOr<ScoreSummary> SummarizeScores(const InstrumentKey& key, const ScoreKey& score,
                                             const std::vector<GroupMembers>& groups,
                                             const std::vector<std::string>& waves,
                                             const std::vector<Observation>& observations) {
  Violations violations;
  CheckGroups(groups, "groups", violations);
  CheckWaves(waves, "waves", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  const std::vector<const Observation*> relevant = Relevant(groups, waves, observations);
  const std::string resource = absl::StrCat(InstrumentName(key.id), "/scores/", score.id);
  if (relevant.empty()) RETURN_IF_ERROR(CheckWavesAreKnown(resource, groups, waves, observations));
  RETURN_IF_ERROR(CheckComparable(resource, relevant));

  ScoreSummary summary;
  summary.direction = relevant.empty() ? score.direction : relevant.front()->score.direction;
  std::set<int> versions;
  for (const Observation* o : relevant) versions.insert(o->key_version);
  summary.key_versions.assign(versions.begin(), versions.end());

  const bool is_category = score.combination == Combination::kCategory;
  const bool is_compared = groups.size() >= 2 && !(is_category && summary.direction == Direction::kNone);
  const ValueTable table(relevant);
  const std::vector<std::string> used_waves = waves.empty() ? WavesOf(relevant) : waves;
  for (const std::string& wave : used_waves) {
    std::vector<std::vector<double>> by_group;
    for (const GroupMembers& group : groups) {
      by_group.push_back(table.Of(group, wave));
      GroupSummary& of_group = summary.summaries.emplace_back();
      of_group.group = group.label;
      of_group.wave = wave;
      ASSIGN_OR_RETURN(of_group.figures, Figures(group, by_group.back()));
      if (is_category) {
        of_group.categories = CountCategories(key.FindItem(score.items.front())->categories, by_group.back());
      }
    }
    if (!is_compared) continue;
    ASSIGN_OR_RETURN(Comparison comparison, CompareGroups(by_group, is_category ? Scale::kOrdinal : Scale::kInterval));
    summary.comparisons.push_back({wave, std::move(comparison)});
  }
  if (used_waves.size() < 2 || is_category) return summary;
  for (const GroupMembers& group : groups) {
    GroupChange& change = summary.changes.emplace_back();
    change.group = group.label;
    change.from_wave = used_waves.front();
    change.to_wave = used_waves.back();
    ASSIGN_OR_RETURN(change.figures, Figures(group, table.ChangesOf(group, change.from_wave, change.to_wave)));
  }
  return summary;
}

}  // namespace plumbline::instruments
