#ifndef PLUMBLINE_CLI_RESULTS_TEXT_H_
#define PLUMBLINE_CLI_RESULTS_TEXT_H_

#include <string>

#include "cli/output.h"
#include "plumbline/coding/v1/results.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/common/v1/statistics.pb.h"

// Results of a closed study in tables for people. What a frame does not ask about has no column and no row: a zero
// there would read as a finding.
namespace plumbline::cli {

// The value, or why there is none.
std::string StatisticText(const common::v1::Statistic& statistic, int decimals, double scale = 1);
// "0.281 (0.120 to 0.442)".
std::string StatisticText(const common::v1::Estimate& estimate, int decimals, double scale = 1);

// One row for each session, gathered while they come in a page at a time.
class SessionTable {
 public:
  explicit SessionTable(const coding::v1::StudyReport& report);
  void Add(const coding::v1::SessionFidelity& session);
  std::string ToString() const { return table_.ToString(); }

 private:
  // What a frame makes of a session, told from what its report carries.
  enum class Outcome { kShare, kDomains, kSkills, kNumber, kEntries };
  static Outcome OutcomeOf(const coding::v1::StudyReport& report);
  TextTable Header() const;
  std::string OutcomeText(const coding::v1::SessionFidelity& session) const;

  const Outcome outcome_;
  const bool criterion_;  // the frame has a threshold
  TextTable table_;
};

// How many there are of everything in the study, and what came of it over all sessions.
std::string TotalsText(const coding::v1::StudyReport& report);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_RESULTS_TEXT_H_
