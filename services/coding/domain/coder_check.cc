#include "coding/domain/coder_check.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "coding/domain/agreement_tally.h"
#include "common/base/number_text.h"
#include "common/base/status_macros.h"
#include "common/stats/agreement.h"
#include "common/stats/code_table.h"

namespace plumbline::coding {
namespace {

// 0 and -0 are one number; their texts differ.
double OneZero(double number) { return number == 0 ? 0 : number; }

// What a code says, one text for each judgement. A number's text reads back as the same number, so that texts are equal
// exactly where numbers are.
std::vector<std::string> Judgements(const Frame& frame, const Code& code) {
  std::vector<std::string> said;
  switch (frame.kind) {
    case FrameKind::kNominatedList:
    case FrameKind::kBinary:
      return {code.outcomes_focused ? "yes" : "no"};
    case FrameKind::kDomainPresence:
      for (const FrameEntry& entry : frame.entries) said.push_back(code.present.count(entry.id) > 0 ? "yes" : "no");
      return said;
    case FrameKind::kRatedSkills:
      for (const FrameEntry& entry : frame.entries) {
        const auto rating = code.ratings.find(entry.id);
        said.push_back(rating == code.ratings.end() ? "" : absl::StrCat(rating->second));
      }
      return said;
    case FrameKind::kCategorical:
    case FrameKind::kOrdinal:
      return {code.category};
    case FrameKind::kNumeric:
      return {code.number ? NumberText(OneZero(*code.number)) : ""};
  }
  return said;
}

// Whether one item gives several of the judgements that are compared.
bool SeveralOfAnItem(const Frame& frame) {
  const bool by_entry = frame.kind == FrameKind::kDomainPresence || frame.kind == FrameKind::kRatedSkills;
  return by_entry && frame.entries.size() > 1;
}

}  // namespace

void CoderCheck::Add(const Code& expected, const Code& given) {
  if (!expected.skip_reason.empty() || !given.skip_reason.empty()) return;
  const std::vector<std::string> left = Judgements(frame_, expected);
  const std::vector<std::string> right = Judgements(frame_, given);
  for (size_t j = 0; j < left.size(); ++j) ++counts_[{left[j], right[j]}];
  for (const Code* code : {&expected, &given}) {
    if (code->number) numbers_.insert(OneZero(*code->number));
  }
}

std::vector<std::string> CoderCheck::Categories() const {
  std::vector<std::string> categories;
  if (frame_.kind == FrameKind::kOrdinal) {
    for (const FrameEntry& entry : frame_.entries) categories.push_back(entry.id);
  } else if (frame_.kind == FrameKind::kRatedSkills) {
    for (int rating = frame_.rating_min; rating <= frame_.rating_max; ++rating) {
      categories.push_back(absl::StrCat(rating));
    }
  } else if (frame_.kind == FrameKind::kNumeric) {
    for (const double number : numbers_) categories.push_back(NumberText(number));
  } else {
    std::set<std::string> used;
    for (const auto& [said, count] : counts_) {
      used.insert(said.first);
      used.insert(said.second);
    }
    categories.assign(used.begin(), used.end());
  }
  return categories;
}

absl::StatusOr<CheckFigures> CoderCheck::Figures() const {
  CheckFigures figures;
  // The judgements of one frame that are compared here are all of one level.
  figures.weights = WeightsOf(JudgementsOf(frame_).front().level);
  int64_t equal = 0;
  bool one_thing = counts_.size() == 1;
  for (const auto& [said, count] : counts_) {
    figures.compared += count;
    if (said.first == said.second) equal += count;
    one_thing = one_thing && said.first == said.second;
    figures.confusion.emplace_back(said, count);
  }
  if (figures.compared == 0) {
    figures.percent = stats::Figure::None(stats::Undefined::kNoPairs);
    figures.kappa.value = stats::Figure::None(stats::Undefined::kNoPairs);
    figures.kappa.interval_reason = stats::Undefined::kNoPairs;
    return figures;
  }
  figures.percent = stats::Figure::Of(100.0 * static_cast<double>(equal) / static_cast<double>(figures.compared));
  if (one_thing) {
    figures.kappa.value = stats::Figure::None(stats::Undefined::kNoVariation);
    figures.kappa.interval_reason = stats::Undefined::kNoVariation;
    return figures;
  }
  const std::vector<std::string> categories = Categories();
  if (categories.size() > stats::CodeTable::kMaxCategories) {
    figures.kappa.value = stats::Figure::None(stats::Undefined::kTooLarge);
    figures.kappa.interval_reason = stats::Undefined::kTooLarge;
    return figures;
  }
  std::map<std::string, size_t> place;
  for (size_t c = 0; c < categories.size(); ++c) place[categories[c]] = c;
  std::vector<std::vector<double>> table(categories.size(), std::vector<double>(categories.size(), 0));
  for (const auto& [said, count] : counts_) {
    const auto left = place.find(said.first);
    const auto right = place.find(said.second);
    if (left == place.end() || right == place.end()) {
      return absl::InternalError("a stored code is none that its frame allows");
    }
    table[left->second][right->second] += static_cast<double>(count);
  }
  ASSIGN_OR_RETURN(const stats::AgreementResult kappa, stats::CohenKappaFromCounts(table, figures.weights));
  figures.kappa = SeveralOfAnItem(frame_) ? stats::WithoutInterval(kappa.estimate, stats::Undefined::kNotIndependent)
                                          : kappa.estimate;
  return figures;
}

bool Passes(const PassingRule& rule, const CheckFigures& figures, int missing) {
  if (missing > 0) return false;
  switch (rule.measure) {
    case PassingRule::Measure::kNone:
      return false;
    case PassingRule::Measure::kPercent:
      return figures.percent.defined() && *figures.percent >= rule.minimum;
    case PassingRule::Measure::kKappa:
      break;
  }
  return figures.kappa.value.defined() && *figures.kappa.value >= rule.minimum;
}

}  // namespace plumbline::coding
