#include "cli/results_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;
using testing::HasSubstr;
using testing::Not;

v1::SessionFidelity SessionOf(int items) {
  v1::SessionFidelity session;
  session.set_session("visit");
  session.set_questions(items);
  session.set_questions_in_all(items);
  return session;
}

std::string Table(const v1::StudyReport& report, const v1::SessionFidelity& session) {
  SessionTable table(report);
  table.Add(session);
  return table.ToString();
}

void AddEntry(const std::string& id, int count, google::protobuf::RepeatedPtrField<v1::EntryCount>& entries) {
  entries.Add()->set_entry(id);
  entries.rbegin()->set_count(count);
}

TEST(SessionTableTest, AListIsHeldAgainstItsThreshold) {
  v1::StudyReport report;
  report.mutable_fidelity()->mutable_threshold()->set_numerator(1);
  AddEntry("1", 1, *report.mutable_entries());
  v1::SessionFidelity session = SessionOf(4);
  session.set_questions_in_all(9);
  session.set_outcomes_focused(1);
  session.mutable_share()->set_value(0.25);
  EXPECT_EQ(Table(report, session),
            "  session  items   outcomes-focused  undecided  outcome  criterion met\n"
            "  -------  ------  ----------------  ---------  -------  -------------\n"
            "  visit    4 of 9                 1          0    25.0%  no\n");
  EXPECT_THAT(TotalsText(report), HasSubstr("without an agreed nomination"));
  EXPECT_THAT(TotalsText(report), HasSubstr("sessions that meet the criterion"));
}

TEST(SessionTableTest, YesOrNoWithoutAThresholdMeetsNothing) {
  v1::StudyReport report;
  report.mutable_fidelity();
  v1::SessionFidelity session = SessionOf(2);
  session.mutable_share()->set_value(0.5);
  EXPECT_THAT(Table(report, session), HasSubstr("outcomes-focused"));
  EXPECT_THAT(Table(report, session), HasSubstr("50.0%"));
  EXPECT_THAT(Table(report, session), Not(HasSubstr("criterion")));
  EXPECT_THAT(TotalsText(report), Not(HasSubstr("criterion")));
  EXPECT_THAT(TotalsText(report), Not(HasSubstr("nomination")));
}

TEST(SessionTableTest, CategoriesAreCountedByEntry) {
  v1::StudyReport report;
  for (const char* entry : {"low", "mid", "high"}) AddEntry(entry, 3, *report.mutable_entries());
  v1::SessionFidelity session = SessionOf(8);
  session.set_undecided(1);
  AddEntry("low", 2, *session.mutable_nominations());
  AddEntry("mid", 5, *session.mutable_nominations());
  AddEntry("high", 0, *session.mutable_nominations());
  EXPECT_EQ(Table(report, session),
            "  session  items  undecided  items by entry\n"
            "  -------  -----  ---------  --------------\n"
            "  visit        8          1  low 2, mid 5\n");
  EXPECT_THAT(TotalsText(report), HasSubstr("items that are low"));
  EXPECT_THAT(TotalsText(report), Not(HasSubstr("nomination")));
}

TEST(SessionTableTest, DomainsGiveTheirRating) {
  v1::StudyReport report;
  AddEntry("systemic", 1, *report.mutable_domain_ratings());
  AddEntry("curiosity", 1, *report.mutable_entries());
  v1::SessionFidelity session = SessionOf(1);
  session.set_rating("systemic");
  AddEntry("curiosity", 1, *session.mutable_nominations());
  EXPECT_THAT(Table(report, session), HasSubstr("rating\n"));
  EXPECT_THAT(Table(report, session), HasSubstr("systemic\n"));
  EXPECT_THAT(Table(report, session), Not(HasSubstr("outcomes-focused")));
  EXPECT_THAT(TotalsText(report), HasSubstr("rated systemic"));
  EXPECT_THAT(TotalsText(report), HasSubstr("sessions with curiosity"));
}

TEST(SessionTableTest, SkillsAndNumbersGiveTheirMeans) {
  v1::StudyReport skills;
  skills.mutable_ratings();
  v1::SessionFidelity session = SessionOf(1);
  v1::SessionScore& score = *session.add_scores();
  score.set_id("overall");
  score.mutable_value()->set_value(3.5);
  EXPECT_THAT(Table(skills, session), HasSubstr("mean of all skills\n"));
  EXPECT_THAT(Table(skills, session), HasSubstr("3.50"));
  v1::StudyReport numbers;
  numbers.mutable_numbers()->mutable_mean()->set_value(6.25);
  session.mutable_number()->set_value(6.25);
  EXPECT_THAT(Table(numbers, session), HasSubstr("6.250"));
  EXPECT_THAT(Table(numbers, session), Not(HasSubstr("criterion")));
  EXPECT_THAT(TotalsText(numbers), HasSubstr("mean of the items"));
}

}  // namespace
}  // namespace plumbline::cli
