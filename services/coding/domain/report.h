#ifndef PLUMBLINE_CODING_DOMAIN_REPORT_H_
#define PLUMBLINE_CODING_DOMAIN_REPORT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/agreement.h"
#include "coding/domain/agreement_tally.h"
#include "coding/domain/ratings.h"
#include "coding/domain/results.h"
#include "coding/domain/suggest.h"
#include "common/stats/clustered_share.h"
#include "common/stats/descriptives.h"

// A study as a whole: everything that is reported about it, gathered in one pass over its sessions.
namespace plumbline::coding {

// The rules that stand behind every figure, for people; the same for every study.
inline constexpr char kMissingPolicy[] =
    "Only coders who were given an item count, and of these only those who answered; a skipped item counts as answered "
    "by nobody. An item that nobody answered is undecided.";
inline constexpr char kTiePolicy[] =
    "An outcome takes more than half of the answers. Anything less is undecided: it counts among all items and never "
    "as "
    "either outcome, and the adjudicator's code decides it where there is one. Ratings and numbers are the coders' "
    "means.";

struct StudyCounts {
  int64_t sessions = 0;
  int64_t items = 0;
  int64_t questions_in_all = 0;  // that the sessions have: more than items where a sample was drawn
  int64_t unanimous = 0;
  int64_t undecided = 0;
  int64_t adjudicated = 0;
  int64_t no_agreed_nomination = 0;
  int64_t assigned_codes = 0;
  int64_t skipped_codes = 0;
  int64_t missing_codes = 0;
};

// Outcomes-focused questions of all questions (nominated lists and binary frames).
struct FidelitySummary {
  // Over all questions of the sessions, with an interval that takes those of one session as alike. Where a sample was
  // drawn each session weighs by the questions it has (CountOf).
  stats::ClusteredShare share;
  // Over sessions with questions: the shares of what was coded of them, each session counted once.
  stats::Descriptives by_session;
  int64_t sessions = 0;           // with questions
  int64_t meeting = 0;            // of these, those of which what was coded meets the criterion
  stats::Estimate meeting_share;  // meeting / sessions, Wilson's interval; kNoData without a threshold
};

// Agreement between the coders on one judgement: the unweighted measures, the weighted ones beside them where WeightsOf
// names weights, and by pair and coder with those weights.
struct JudgementAgreement {
  Judgement judgement;
  std::vector<std::string> categories;  // all tables of `report` follow them
  AgreementReport report;
  std::string left_out;  // why there is nothing in `report`: more distinct numbers than the measures take
};

// Agreement on every judgement of a tally, each at its level and with its weights. `details` unset: by category, pair
// and coder is left empty. `plan` unset: no bootstrap. `progress` goes over all judgements, each taking the same share;
// an error ends the work and is returned.
absl::StatusOr<std::vector<JudgementAgreement>> MeasureJudgements(const AgreementTally& tally, bool details,
                                                                  const std::optional<BootstrapPlan>& plan,
                                                                  const BootstrapProgress& progress);

// What the pre-coder proposes against what the coders' majority says. It is no coder: see suggest.h.
struct SuggestionAgreement {
  std::string rules;  // "ofs-pilot@1"
  // counts[majority][proposed], no before yes, over the items with a majority.
  int64_t counts[2][2] = {{0, 0}, {0, 0}};
  stats::ClusteredShare percent;  // of equal judgements, with the items of one session taken as alike
  // Without an interval, kNotIndependent, where a session has several items: there is none here that takes them as
  // alike.
  stats::Estimate cohen_kappa;
  int64_t nominations = 0;           // items where both say yes and the coders agree on a nomination
  int64_t equal_nominations = 0;     // of these, where it is the proposed one
  stats::Estimate nomination_share;  // stats::ComputeClusteredShare over sessions

  int64_t items() const { return counts[0][0] + counts[0][1] + counts[1][0] + counts[1][1]; }
};

struct StudyReport {
  StudyCounts counts;
  std::optional<FidelitySummary> fidelity;  // nominated lists and binary frames
  std::vector<JudgementAgreement> agreement;
  std::vector<RepeatAgreement> repeats;  // drift check; empty without repeated items
  // Every entry of the frame and of how many items it is the outcome.
  std::vector<std::pair<std::string, int64_t>> entries;
  // Domain presence: every rating, best first, and how many sessions have it.
  std::vector<std::pair<std::string, int64_t>> domain_ratings;
  std::optional<RatingSummary> ratings;        // rated skills
  std::optional<stats::Descriptives> numbers;  // numeric: of the items' means
  // Where there are rules for the frame. Not where the study showed them: who answers after a look at what is proposed
  // would be held against it.
  std::optional<SuggestionAgreement> suggestions;
};

// Takes the sessions of a study one by one. Its memory grows with the number of sessions (24 bytes each, three times
// that with a suggester) and of distinct patterns of codes: not with that of items, but for numbers, whose patterns may
// all differ. Finish needs 4 bytes for each item and coder besides, one judgement at a time. What AddSession answers is
// the caller's to keep. A report is a function of the study's codes, the plan's replicates and its seed: the number of
// threads moves no digit.
class StudyPass {
 public:
  // Everything outlives the pass. suggester: nullptr where there are no rules for the frame; items then need no text.
  StudyPass(const Study& study, const Frame& frame, const Suggester* suggester);

  // All items of one session, and how many questions it has in all (FidelityOfSession). INVALID_ARGUMENT for codes that
  // do not fit the frame.
  absl::StatusOr<SessionFidelity> AddSession(const std::string& session, std::span<const CodedItem> items,
                                             std::optional<int> questions_in_all = std::nullopt);
  absl::Status AddRepeat(const RepeatedItem& repeated);

  // `plan` unset: no bootstrap. `progress` is called between chunks of it; an error ends the work and is returned.
  absl::StatusOr<StudyReport> Finish(const std::optional<BootstrapPlan>& plan, const BootstrapProgress& progress) const;

 private:
  void CountSession(const SessionFidelity& session);
  void CompareSuggestions(std::span<const CodedItem> items, std::span<const ItemOutcome> outcomes);
  absl::StatusOr<FidelitySummary> Fidelity() const;
  absl::StatusOr<SuggestionAgreement> Suggestions() const;

  const Frame& frame_;
  const Suggester* suggester_;
  StudyCounts counts_;
  AgreementTally tally_;
  RepeatTally repeats_;
  std::vector<stats::ClusterCount> sessions_;  // outcomes-focused of all, where there are questions
  int64_t meeting_ = 0;
  std::map<std::string, int64_t> entries_;
  std::map<std::string, int64_t> domain_ratings_;
  std::optional<RatingTally> ratings_;
  std::map<double, int64_t> numbers_;
  SuggestionAgreement suggestions_;
  std::vector<stats::ClusterCount> equal_suggestions_;  // by session
  std::vector<stats::ClusterCount> equal_nominations_;  // likewise
};

// The sessions of a study, in its order, and its report without resampling.
struct StudyResults {
  std::vector<SessionFidelity> sessions;
  StudyReport report;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_REPORT_H_
