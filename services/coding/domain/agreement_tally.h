#ifndef PLUMBLINE_CODING_DOMAIN_AGREEMENT_TALLY_H_
#define PLUMBLINE_CODING_DOMAIN_AGREEMENT_TALLY_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/coded_item.h"
#include "coding/domain/frame.h"
#include "common/stats/agreement.h"
#include "common/stats/agreement_details.h"

// What coders can agree on, and how often they gave which codes together: the input of the agreement measures, gathered
// in one pass over the items.
namespace plumbline::coding {

// One question that every code of an item answers.
//   nominated list, binary  "outcomes_focused": no, yes. Lists also "nomination": the entries and "none", over those
//                           who said yes
//   domain presence         "domain:<entry>" for each entry: absent, present; "rating": what each coder's domains give,
//                           ordinal
//   rated skills            "skill:<entry>" for each entry: the ratings, interval
//   categorical             "category", nominal
//   ordinal                 "category", ordinal
//   numeric                 "number", interval; its categories are the numbers that occur
struct Judgement {
  std::string id;
  std::string label;
  stats::MeasurementLevel level = stats::MeasurementLevel::kNominal;
  std::vector<std::string> categories;  // ids, in order; empty: the numbers that occur
  std::vector<double> values;           // of the categories, ascending; empty where those are
};

// The categories as people read them; `values` are those that occur, where the judgement names none. Different numbers
// have different names.
std::vector<std::string> CategoryNames(const Judgement& judgement, const std::vector<double>& values);

std::vector<Judgement> JudgementsOf(const Frame& frame);

// The weights of kappas and AC in a study, wherever a coder is held against one other: another coder, the majority,
// gold answers, the coder's own first look. Linear where the level is not nominal, since a neighbouring entry or rating
// is half an agreement; else none. They go by rank among the judgement's categories (stats::AgreementWeights): of
// numbers, among those that occur.
stats::AgreementWeights WeightsOf(stats::MeasurementLevel level);

// What codes say on each judgement of a frame. Not thread-safe.
class CodeReader {
 public:
  explicit CodeReader(const Frame& frame);  // outlives the reader

  const std::vector<Judgement>& judgements() const { return judgements_; }
  // The value of `code` on each judgement, among Judgement::values where those are given; nullopt where it says
  // nothing: all of them for a skipped one. INVALID_ARGUMENT for a code that does not fit the frame.
  absl::StatusOr<std::span<const std::optional<double>>> Read(const Code& code);

 private:
  absl::StatusOr<double> EntryValue(const std::string& entry) const;
  absl::Status ReadDomains(const Code& code);

  const Frame& frame_;
  std::vector<Judgement> judgements_;
  std::map<std::string, double> entry_values_;
  std::vector<std::optional<double>> values_;
};

class AgreementTally {
 public:
  // `frame` outlives the tally. coders: how many the study has.
  AgreementTally(const Frame& frame, size_t coders);

  // A coder who was not given the item, skipped it or did not answer is missing there.
  absl::Status Add(const CodedItem& item);

  const std::vector<Judgement>& judgements() const { return reader_.judgements(); }

  // Units x coders for one judgement, in an order that depends on the codes alone. Units without any code are left out.
  // Its memory: 4 bytes for each unit and coder. INVALID_ARGUMENT when more than 1,000 distinct numbers occur.
  absl::StatusOr<stats::CodeTable> Table(size_t judgement) const;
  // The values of that table's categories: those of the judgement, or the numbers that occur.
  std::vector<double> CategoryValues(size_t judgement) const;

 private:
  // The codes of one unit: a value for each coder, nullopt where missing.
  using Pattern = std::vector<std::optional<double>>;

  CodeReader reader_;
  size_t coders_;
  std::vector<std::map<Pattern, int64_t>> counts_;  // by judgement
  std::vector<Pattern> scratch_;                    // of the item at hand, by judgement
};

// One coder's agreement with himself on one judgement, over the items that came twice.
struct RepeatAgreement {
  int coder = 0;  // place in Study::coders
  std::string judgement;
  // Of the confusion table, first look by second look: those of the judgement, or the numbers that occur where both
  // looks gave one. Empty, as that table is, where no number did, or more of them than the coefficients take (1,000).
  std::vector<std::string> categories;
  stats::AgreementWeights weights = stats::AgreementWeights::kNone;  // of the coefficients
  stats::PairAgreement agreement;
};

// Gathers first and second looks; see stats::IntraCoderAgreement, with the weights of WeightsOf. Its memory: an entry
// of about 80 bytes for each different pair of looks by one coder at one judgement, however many items there are; of
// numbers, all may differ.
class RepeatTally {
 public:
  explicit RepeatTally(const Frame& frame) : reader_(frame) {}

  absl::Status Add(const RepeatedItem& repeated);
  // By coder, then judgement. A coder without repeats is not there.
  absl::StatusOr<std::vector<RepeatAgreement>> Finish() const;

 private:
  using Look = std::optional<double>;
  using Pairs = std::map<std::pair<Look, Look>, int64_t>;  // first and second look, and how often they met

  static absl::StatusOr<RepeatAgreement> Measure(int coder, const Judgement& judgement, const Pairs& pairs);

  CodeReader reader_;
  std::map<int, std::vector<Pairs>> pairs_;  // coder, judgement
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_AGREEMENT_TALLY_H_
