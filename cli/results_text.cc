#include "cli/results_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

// "low 2, mid 5"; entries that nothing came out as are left out.
std::string CountsText(const google::protobuf::RepeatedPtrField<v1::EntryCount>& entries) {
  std::vector<std::string> parts;
  for (const v1::EntryCount& entry : entries) {
    if (entry.count() > 0) parts.push_back(absl::StrCat(entry.entry(), " ", entry.count()));
  }
  return absl::StrJoin(parts, ", ");
}

// "12", or "12 of 40" where a sample was drawn.
std::string ItemsText(const v1::SessionFidelity& session) {
  std::string items = absl::StrCat(session.questions());
  if (session.questions_in_all() > session.questions()) absl::StrAppend(&items, " of ", session.questions_in_all());
  return items;
}

void AddCounts(const v1::StudyReport& report, TextTable& table) {
  const v1::StudyCounts& counts = report.counts();
  table.Add({"sessions", absl::StrCat(counts.sessions())});
  table.Add({"items", absl::StrCat(counts.items())});
  if (counts.questions_in_all() > counts.items()) {
    table.Add({"drawn at random from questions", absl::StrCat(counts.questions_in_all())});
  }
  table.Add({"coded unanimously", absl::StrCat(counts.unanimous())});
  table.Add({"undecided", absl::StrCat(counts.undecided())});
  table.Add({"adjudicated", absl::StrCat(counts.adjudicated())});
  // Yes or no with entries is a list to nominate from.
  if (report.has_fidelity() && report.entries_size() > 0) {
    table.Add({"without an agreed nomination", absl::StrCat(counts.no_agreed_nomination())});
  }
  table.Add({"codes skipped", absl::StrCat(counts.skipped_codes())});
  table.Add({"codes missing", absl::StrCat(counts.missing_codes())});
}

void AddOutcomes(const v1::StudyReport& report, TextTable& table) {
  if (report.has_fidelity()) {
    const v1::FidelitySummary& fidelity = report.fidelity();
    table.Add({"outcomes-focused, % (95% interval by session)", StatisticText(fidelity.questions().share(), 1, 100)});
    if (fidelity.has_threshold()) {
      table.Add({"sessions that meet the criterion",
                 absl::StrCat(fidelity.meeting_criterion(), " of ", fidelity.sessions())});
    }
    return;
  }
  for (const v1::EntryCount& rating : report.domain_ratings()) {
    table.Add({absl::StrCat("rated ", rating.entry()), absl::StrCat(rating.count())});
  }
  if (report.has_numbers()) {
    table.Add({"mean of the items", StatisticText(report.numbers().mean(), 3)});
    table.Add({"standard deviation", StatisticText(report.numbers().sd(), 3)});
  }
  if (report.has_ratings()) return;  // a table of their own
  const char* const what = report.domain_ratings_size() > 0 ? "sessions with " : "items that are ";
  for (const v1::EntryCount& entry : report.entries()) {
    table.Add({absl::StrCat(what, entry.entry()), absl::StrCat(entry.count())});
  }
}

}  // namespace

std::string StatisticText(const common::v1::Statistic& statistic, int decimals, double scale) {
  return statistic.has_value() ? Fixed(scale * statistic.value(), decimals) : statistic.undefined().explanation();
}

std::string StatisticText(const common::v1::Estimate& estimate, int decimals, double scale) {
  std::string text = StatisticText(estimate.value(), decimals, scale);
  if (estimate.has_lower() && estimate.has_upper()) {
    absl::StrAppend(&text, " (", Fixed(scale * estimate.lower(), decimals), " to ",
                    Fixed(scale * estimate.upper(), decimals), ")");
  }
  return text;
}

SessionTable::SessionTable(const v1::StudyReport& report)
    : outcome_(OutcomeOf(report)), criterion_(report.fidelity().has_threshold()), table_(Header()) {}

SessionTable::Outcome SessionTable::OutcomeOf(const v1::StudyReport& report) {
  if (report.has_fidelity()) return Outcome::kShare;
  if (report.domain_ratings_size() > 0) return Outcome::kDomains;
  if (report.has_ratings()) return Outcome::kSkills;
  if (report.has_numbers()) return Outcome::kNumber;
  return Outcome::kEntries;
}

TextTable SessionTable::Header() const {
  switch (outcome_) {
    case Outcome::kShare: {
      std::vector<std::string> header = {"session", "items", "outcomes-focused", "undecided", "outcome"};
      if (criterion_) header.emplace_back("criterion met");
      return TextTable(header);
    }
    case Outcome::kDomains:
      return TextTable({"session", "items", "undecided", "rating"});
    case Outcome::kSkills:
      return TextTable({"session", "items", "undecided", "mean of all skills"});
    case Outcome::kNumber:
      return TextTable({"session", "items", "undecided", "mean"});
    case Outcome::kEntries:
      break;
  }
  return TextTable({"session", "items", "undecided", "items by entry"});
}

std::string SessionTable::OutcomeText(const v1::SessionFidelity& session) const {
  switch (outcome_) {
    case Outcome::kShare:
      return session.share().has_value() ? absl::StrCat(StatisticText(session.share(), 1, 100), "%") : "";
    case Outcome::kDomains:
      return session.rating();
    case Outcome::kSkills:
      for (const v1::SessionScore& score : session.scores()) {
        if (score.id() == "overall") return StatisticText(score.value(), 2);
      }
      return "";
    case Outcome::kNumber:
      return session.has_number() ? StatisticText(session.number(), 3) : "";
    case Outcome::kEntries:
      break;
  }
  return CountsText(session.nominations());
}

void SessionTable::Add(const v1::SessionFidelity& session) {
  std::vector<std::string> row = {session.session(), ItemsText(session)};
  if (outcome_ == Outcome::kShare) row.push_back(absl::StrCat(session.outcomes_focused()));
  row.push_back(absl::StrCat(session.undecided()));
  row.push_back(OutcomeText(session));
  if (criterion_) row.emplace_back(session.meets_criterion() ? "yes" : "no");
  table_.Add(row);
}

std::string TotalsText(const v1::StudyReport& report) {
  TextTable table({"study", "value"});
  AddCounts(report, table);
  AddOutcomes(report, table);
  return table.ToString();
}

}  // namespace plumbline::cli
