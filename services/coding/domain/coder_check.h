#ifndef PLUMBLINE_CODING_DOMAIN_CODER_CHECK_H_
#define PLUMBLINE_CODING_DOMAIN_CODER_CHECK_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "common/stats/agreement.h"
#include "common/stats/figure.h"

// One coder held against gold answers (training) or against their own first look (drift). The measures are those of
// common/stats.
namespace plumbline::coding {

struct CheckFigures {
  int64_t compared = 0;   // judgements
  stats::Figure percent;  // 100 * equal / compared; kNoPairs where nothing was compared
  // Cohen's kappa of expected against given, with the weights of WeightsOf: linear in ordinal frames and ratings, by
  // rank among all entries or ratings the frame has, and of numbers, by rank among those that were said; else
  // unweighted. kNoVariation where all said one and the same; kTooLarge where more than
  // stats::CodeTable::kMaxCategories different numbers were said. Standard error and interval are for independent
  // judgements: kNotIndependent where an item gives several, one for each entry.
  stats::Estimate kappa;
  stats::AgreementWeights weights = stats::AgreementWeights::kNone;                // of kappa
  std::vector<std::pair<std::pair<std::string, std::string>, int64_t>> confusion;  // (expected, given), counts above 0
};

// Collects pairs of codes of one frame. A pair where either was skipped counts for nothing. What is compared:
//   nominated list, binary  yes or no, one an item
//   domain presence         present or not, one an item and entry
//   rated skills            the rating, one an item and entry
//   categorical, ordinal    the entry, one an item
//   numeric                 the number, one an item
class CoderCheck {
 public:
  // `frame` outlives this object.
  explicit CoderCheck(const Frame& frame) : frame_(frame) {}
  void Add(const Code& expected, const Code& given);
  absl::StatusOr<CheckFigures> Figures() const;

 private:
  std::vector<std::string> Categories() const;  // in their order, where the frame has one

  const Frame& frame_;
  std::map<std::pair<std::string, std::string>, int64_t> counts_;
  std::set<double> numbers_;  // that were said
};

// Whether the rule is met. Never with kNone, with answers missing, or where the figure is undefined.
bool Passes(const PassingRule& rule, const CheckFigures& figures, int missing);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_CODER_CHECK_H_
