#include "coding/domain/agreement_tally.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

Judgement Named(std::string id, std::string label, stats::MeasurementLevel level, std::vector<std::string> categories) {
  Judgement judgement{std::move(id), std::move(label), level, std::move(categories), {}};
  for (size_t c = 0; c < judgement.categories.size(); ++c) judgement.values.push_back(static_cast<double>(c));
  return judgement;
}

std::vector<std::string> EntryIds(const Frame& frame) {
  std::vector<std::string> ids;
  for (const FrameEntry& entry : frame.entries) ids.push_back(entry.id);
  return ids;
}

std::vector<Judgement> Domains(const Frame& frame) {
  std::vector<Judgement> judgements;
  for (const FrameEntry& entry : frame.entries) {
    judgements.push_back(Named(absl::StrCat("domain:", entry.id), entry.label, stats::MeasurementLevel::kNominal,
                               {"absent", "present"}));
  }
  std::vector<std::string> ratings;
  for (const DomainRating& rating : frame.domain_ratings) ratings.push_back(rating.id);
  std::reverse(ratings.begin(), ratings.end());  // best first in the frame
  judgements.push_back(Named("rating", "Rating by domains", stats::MeasurementLevel::kOrdinal, std::move(ratings)));
  return judgements;
}

std::vector<Judgement> Skills(const Frame& frame) {
  std::vector<Judgement> judgements;
  for (const FrameEntry& entry : frame.entries) {
    Judgement judgement{absl::StrCat("skill:", entry.id), entry.label, stats::MeasurementLevel::kInterval, {}, {}};
    for (int rating = frame.rating_min; rating <= frame.rating_max; ++rating) {
      judgement.categories.push_back(absl::StrCat(rating));
      judgement.values.push_back(rating);
    }
    judgements.push_back(std::move(judgement));
  }
  return judgements;
}

}  // namespace

std::vector<Judgement> JudgementsOf(const Frame& frame) {
  using L = stats::MeasurementLevel;
  switch (frame.kind) {
    case FrameKind::kNominatedList: {
      std::vector<std::string> entries = EntryIds(frame);
      entries.emplace_back("none");
      return {
          Named("outcomes_focused", "Outcomes-focused", L::kNominal, {"no", "yes"}),
          Named("nomination", "Question it is most like, among those who said yes", L::kNominal, std::move(entries))};
    }
    case FrameKind::kBinary:
      return {Named("outcomes_focused", "Outcomes-focused", L::kNominal, {"no", "yes"})};
    case FrameKind::kDomainPresence:
      return Domains(frame);
    case FrameKind::kRatedSkills:
      return Skills(frame);
    case FrameKind::kCategorical:
      return {Named("category", "Category", L::kNominal, EntryIds(frame))};
    case FrameKind::kOrdinal:
      return {Named("category", "Category", L::kOrdinal, EntryIds(frame))};
    case FrameKind::kNumeric:
      return {Judgement{"number", "Number", L::kInterval, {}, {}}};
  }
  return {};
}

stats::AgreementWeights WeightsOf(stats::MeasurementLevel level) {
  return level == stats::MeasurementLevel::kNominal ? stats::AgreementWeights::kNone : stats::AgreementWeights::kLinear;
}

std::vector<std::string> CategoryNames(const Judgement& judgement, const std::vector<double>& values) {
  if (!judgement.categories.empty()) return judgement.categories;
  std::vector<std::string> names;
  for (const double value : values) names.push_back(NumberText(value));
  return names;
}

CodeReader::CodeReader(const Frame& frame) : frame_(frame), judgements_(JudgementsOf(frame)) {
  for (size_t e = 0; e < frame.entries.size(); ++e) entry_values_[frame.entries[e].id] = static_cast<double>(e);
}

absl::StatusOr<double> CodeReader::EntryValue(const std::string& entry) const {
  const auto it = entry_values_.find(entry);
  if (it == entry_values_.end()) return InvalidField("code", entry, absl::StrCat("is not an entry of ", frame_.id));
  return it->second;
}

absl::Status CodeReader::ReadDomains(const Code& code) {
  for (size_t e = 0; e < frame_.entries.size(); ++e) {
    values_[e] = code.present.count(frame_.entries[e].id) > 0 ? 1 : 0;
  }
  ASSIGN_OR_RETURN(const DomainRating rating, RateDomains(frame_, code.present));
  const std::vector<std::string>& ids = judgements_.back().categories;
  values_.back() = static_cast<double>(std::find(ids.begin(), ids.end(), rating.id) - ids.begin());
  return absl::OkStatus();
}

absl::StatusOr<std::span<const std::optional<double>>> CodeReader::Read(const Code& code) {
  values_.assign(judgements_.size(), std::nullopt);
  const std::span<const std::optional<double>> values(values_);
  if (!code.skip_reason.empty()) return values;
  switch (frame_.kind) {
    case FrameKind::kNominatedList:
      values_[0] = code.outcomes_focused ? 1 : 0;
      if (code.outcomes_focused && code.nomination.empty()) {
        values_[1] = static_cast<double>(frame_.entries.size());  // "none"
      } else if (code.outcomes_focused) {
        ASSIGN_OR_RETURN(values_[1], EntryValue(code.nomination));
      }
      return values;
    case FrameKind::kBinary:
      values_[0] = code.outcomes_focused ? 1 : 0;
      return values;
    case FrameKind::kDomainPresence:
      RETURN_IF_ERROR(ReadDomains(code));
      return values;
    case FrameKind::kRatedSkills:
      for (size_t e = 0; e < frame_.entries.size(); ++e) {
        const auto rating = code.ratings.find(frame_.entries[e].id);
        if (rating != code.ratings.end()) values_[e] = rating->second;
      }
      return values;
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal: {
      ASSIGN_OR_RETURN(values_[0], EntryValue(code.category));
      return values;
    }
    case FrameKind::kNumeric:
      values_[0] = code.number;
      return values;
  }
  return absl::InternalError("a frame of an unknown kind");
}

AgreementTally::AgreementTally(const Frame& frame, size_t coders) : reader_(frame), coders_(coders) {
  counts_.resize(judgements().size());
  scratch_.resize(judgements().size());
}

absl::Status AgreementTally::Add(const CodedItem& item) {
  for (Pattern& pattern : scratch_) pattern.assign(coders_, std::nullopt);
  for (const AssignedCode& given : item.codes) {
    if (given.coder == kAdjudicatorIndex || !given.code) continue;
    ASSIGN_OR_RETURN(const auto values, reader_.Read(*given.code));
    for (size_t j = 0; j < values.size(); ++j) scratch_[j].at(static_cast<size_t>(given.coder)) = values[j];
  }
  for (size_t j = 0; j < scratch_.size(); ++j) {
    const bool coded = std::any_of(scratch_[j].begin(), scratch_[j].end(), [](const auto& v) { return v.has_value(); });
    if (coded) ++counts_[j][scratch_[j]];
  }
  return absl::OkStatus();
}

std::vector<double> AgreementTally::CategoryValues(size_t judgement) const {
  if (!judgements()[judgement].values.empty()) return judgements()[judgement].values;
  std::set<double> values;
  for (const auto& [pattern, count] : counts_[judgement]) {
    for (const auto& value : pattern) {
      if (value) values.insert(*value);
    }
  }
  return {values.begin(), values.end()};
}

absl::StatusOr<stats::CodeTable> AgreementTally::Table(size_t judgement) const {
  stats::CodeTable table;
  table.coders = coders_;
  table.category_values = CategoryValues(judgement);
  std::map<double, int32_t> index;
  for (const double value : table.category_values) index.emplace(value, static_cast<int32_t>(index.size()));
  int64_t units = 0;
  for (const auto& [pattern, count] : counts_[judgement]) units += count;
  table.codes.reserve(static_cast<size_t>(units) * coders_);
  for (const auto& [pattern, count] : counts_[judgement]) {
    std::vector<int32_t> row;
    for (const auto& value : pattern) row.push_back(value ? index.at(*value) : stats::CodeTable::kMissing);
    for (int64_t unit = 0; unit < count; ++unit) table.codes.insert(table.codes.end(), row.begin(), row.end());
  }
  RETURN_IF_ERROR(stats::CheckCodeTable(table));
  return table;
}

absl::Status RepeatTally::Add(const RepeatedItem& repeated) {
  auto& by_judgement = pairs_[repeated.coder];
  by_judgement.resize(reader_.judgements().size());
  std::vector<std::pair<Look, Look>> looks(by_judgement.size());
  if (repeated.first) {
    ASSIGN_OR_RETURN(const auto values, reader_.Read(*repeated.first));
    for (size_t j = 0; j < looks.size(); ++j) looks[j].first = values[j];
  }
  if (repeated.second) {
    ASSIGN_OR_RETURN(const auto values, reader_.Read(*repeated.second));
    for (size_t j = 0; j < looks.size(); ++j) looks[j].second = values[j];
  }
  for (size_t j = 0; j < looks.size(); ++j) ++by_judgement[j][looks[j]];
  return absl::OkStatus();
}

absl::StatusOr<RepeatAgreement> RepeatTally::Measure(int coder, const Judgement& judgement, const Pairs& pairs) {
  std::set<double> occurring(judgement.values.begin(), judgement.values.end());
  for (const auto& [looks, times] : pairs) {
    if (!looks.first || !looks.second) continue;
    occurring.insert(*looks.first);
    occurring.insert(*looks.second);
  }
  const std::vector<double> values(occurring.begin(), occurring.end());
  const auto index = [&values](double value) {
    return static_cast<int>(std::lower_bound(values.begin(), values.end(), value) - values.begin());
  };
  std::vector<stats::RepeatCount> counts;
  counts.reserve(pairs.size());
  for (const auto& [looks, times] : pairs) {
    stats::RepeatCount& count = counts.emplace_back();
    count.times = times;
    // Which category a look has that stands alone makes no difference, and a number may be none of `values` there.
    const bool both = looks.first && looks.second;
    if (looks.first) count.first = both ? index(*looks.first) : 0;
    if (looks.second) count.second = both ? index(*looks.second) : 0;
  }
  RepeatAgreement agreement{coder, judgement.id, {}, WeightsOf(judgement.level), {}};
  ASSIGN_OR_RETURN(agreement.agreement,
                   stats::IntraCoderAgreement(counts, std::max<size_t>(values.size(), 1), agreement.weights));
  if (values.empty()) agreement.agreement.confusion.clear();
  if (!agreement.agreement.confusion.empty()) agreement.categories = CategoryNames(judgement, values);
  return agreement;
}

absl::StatusOr<std::vector<RepeatAgreement>> RepeatTally::Finish() const {
  std::vector<RepeatAgreement> agreements;
  for (const auto& [coder, by_judgement] : pairs_) {
    for (size_t j = 0; j < by_judgement.size(); ++j) {
      ASSIGN_OR_RETURN(RepeatAgreement agreement, Measure(coder, reader_.judgements()[j], by_judgement[j]));
      agreements.push_back(std::move(agreement));
    }
  }
  return agreements;
}

}  // namespace plumbline::coding
