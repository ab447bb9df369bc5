#ifndef PLUMBLINE_CODING_DOMAIN_RESULTS_H_
#define PLUMBLINE_CODING_DOMAIN_RESULTS_H_

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
#include "coding/domain/outcome.h"
#include "coding/domain/study.h"
#include "common/stats/clustered_share.h"
#include "common/stats/figure.h"

// From codes to what became of each session. How one item is decided: outcome.h. The study as a whole: report.h.
namespace plumbline::coding {

// What became of one session. Where the study draws a sample, all counts, the share and the criterion are those of the
// questions drawn, which stand for the session.
struct SessionFidelity {
  std::string session;
  int outcomes_focused = 0;      // questions with majority yes
  int questions = 0;             // items of the session: the questions that were coded
  int questions_in_all = 0;      // that the session has: as many, or more where they are a random sample
  int undecided = 0;             // among `questions`, not among `outcomes_focused`
  stats::Figure share;           // outcomes_focused / questions; kNoData where the frame does not ask yes or no
  bool meets_criterion = false;  // outcomes_focused * denominator >= questions * numerator; false without threshold
  // Every entry, in the order of the frame, and of how many items it is the outcome: the agreed nomination, a domain
  // that is present, the category.
  std::vector<std::pair<std::string, int>> nominations;

  int unanimous = 0;
  int adjudicated = 0;
  int no_agreed_nomination = 0;  // majority yes without one (nominated lists only)
  int assigned_codes = 0;
  int skipped_codes = 0;
  int missing_codes = 0;

  std::optional<DomainRating> rating;            // domain presence; none while undecided
  std::map<std::string, stats::Figure> ratings;  // rated skills, by entry
  SkillMeans skills;                             // rated skills
  stats::Figure number;                          // numeric: mean over the items that have a number
};

// `items`: all of the session. questions_in_all: that the session has; nullopt: as many as items. INVALID_ARGUMENT for
// a code that does not fit the frame. `outcomes`, where given, gets the outcome of each item.
absl::StatusOr<SessionFidelity> FidelityOfSession(const Frame& frame, const std::string& session,
                                                  std::span<const CodedItem> items,
                                                  std::optional<int> questions_in_all = std::nullopt,
                                                  std::vector<ItemOutcome>* outcomes = nullptr);

// The session in a share over sessions: each coded question stands for questions_in_all / questions of its session, so
// that sessions weigh as much as they have questions, however many of them were drawn.
stats::ClusterCount CountOf(const SessionFidelity& session);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_RESULTS_H_
