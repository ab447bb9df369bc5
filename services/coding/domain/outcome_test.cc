#include "coding/domain/outcome.h"

#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::ElementsAre;

using Codes = std::vector<std::optional<Code>>;

std::optional<Code> Missing() { return std::nullopt; }
std::optional<Code> Make(const std::function<void(Code&)>& fill) {
  Code code;
  code.version = 1;
  fill(code);
  return code;
}
std::optional<Code> Yes(const std::string& nomination = "") {
  return Make([&](Code& code) {
    code.outcomes_focused = true;
    code.nomination = nomination;
  });
}
std::optional<Code> No() {
  return Make([](Code&) {});
}
std::optional<Code> Skip() {
  return Make([](Code& code) { code.skip_reason = "inaudible"; });
}
std::optional<Code> Present(std::set<std::string> entries) {
  return Make([&](Code& code) { code.present = std::move(entries); });
}
std::optional<Code> Category(const std::string& category) {
  return Make([&](Code& code) { code.category = category; });
}
std::optional<Code> Rate(std::map<std::string, int> ratings) {
  return Make([&](Code& code) { code.ratings = std::move(ratings); });
}
std::optional<Code> Number(double number) {
  return Make([&](Code& code) { code.number = number; });
}

Frame ListFrame() {
  Frame frame;
  frame.id = "list";
  frame.kind = FrameKind::kNominatedList;
  frame.entries = {{"1", "One", ""}, {"2", "Two", ""}, {"4a", "Four", ""}};
  frame.threshold = Fraction{1, 3};
  return frame;
}

Frame DomainFrame() {
  Frame frame;
  frame.id = "domains";
  frame.kind = FrameKind::kDomainPresence;
  frame.unit = FrameUnit::kSession;
  frame.entries = {{"a", "A", ""}, {"b", "B", ""}, {"c", "C", ""}};
  frame.domain_ratings = {{"full", "Full", 3, {"c"}}, {"part", "Part", 2, {}}, {"none", "None", 0, {}}};
  return frame;
}

Frame SkillsFrame() {
  Frame frame;
  frame.id = "skills";
  frame.kind = FrameKind::kRatedSkills;
  frame.unit = FrameUnit::kSession;
  frame.rating_min = 1;
  frame.rating_max = 5;
  frame.entries = {{"warm", "Warm", "relationship"}, {"clear", "Clear", "authority"}, {"firm", "Firm", "authority"}};
  return frame;
}

Frame KindOnly(FrameKind kind) {
  Frame frame = ListFrame();
  frame.kind = kind;
  frame.threshold.reset();
  return frame;
}

ItemOutcome Of(const Frame& frame, const Codes& codes, const std::optional<Code>& adjudicated = std::nullopt) {
  const auto outcome = Decide(frame, codes, adjudicated);
  EXPECT_TRUE(outcome.ok()) << outcome.status();
  return outcome.ok() ? *outcome : ItemOutcome{};
}

TEST(DecideYesNo, MajorityOfThoseWhoAnswered) {
  const auto majority = [](const Codes& codes) { return Of(ListFrame(), codes).majority; };
  EXPECT_EQ(majority({Yes("1"), Yes("1"), No()}), Majority::kYes);
  EXPECT_EQ(majority({No(), Yes("1"), No()}), Majority::kNo);
  EXPECT_EQ(majority({Yes("1"), Missing(), No()}), Majority::kUndecided);
  EXPECT_EQ(majority({Yes("1"), Missing(), Missing()}), Majority::kYes);
  EXPECT_EQ(majority({Missing(), Missing(), Missing()}), Majority::kUndecided);
  EXPECT_EQ(majority({Yes("1"), No()}), Majority::kUndecided);
  EXPECT_EQ(majority({}), Majority::kUndecided);
}

TEST(DecideYesNo, ASkippedItemIsNotAnswered) {
  const ItemOutcome outcome = Of(ListFrame(), {Yes("1"), Skip(), No()});
  EXPECT_EQ(outcome.majority, Majority::kUndecided);  // one yes and one no, not one yes and two no
  EXPECT_EQ(outcome.assigned, 3);
  EXPECT_EQ(outcome.answered, 2);
  EXPECT_EQ(outcome.skipped, 1);
  EXPECT_EQ(outcome.missing(), 0);
  const ItemOutcome skipped = Of(ListFrame(), {Skip(), Skip()});
  EXPECT_EQ(skipped.decided_by, DecidedBy::kNobody);
  EXPECT_EQ(skipped.answered, 0);
  EXPECT_FALSE(skipped.unanimous);
}

TEST(DecideYesNo, UnanimityNeedsTwoCodersAndAllOfThem) {
  EXPECT_TRUE(Of(ListFrame(), {Yes("1"), Yes("2"), Yes("1")}).unanimous);
  EXPECT_FALSE(Of(ListFrame(), {Yes("1"), Yes("1"), Missing()}).unanimous);
  EXPECT_FALSE(Of(ListFrame(), {Yes("1"), Yes("1"), Skip()}).unanimous);
  EXPECT_FALSE(Of(ListFrame(), {Missing(), Missing()}).unanimous);
  EXPECT_FALSE(Of(ListFrame(), {Yes("1")}).unanimous);  // single coding agrees with nobody
}

TEST(DecideYesNo, NominationNeedsMoreThanHalfOfTheYes) {
  const auto nomination = [](const Codes& codes) { return Of(ListFrame(), codes).nomination; };
  EXPECT_EQ(nomination({Yes("1"), Yes("1"), Yes("2")}), "1");
  EXPECT_EQ(nomination({Yes("1"), Yes("2"), Yes("4a")}), "");
  EXPECT_EQ(nomination({Yes("1"), Yes("2"), No()}), "");
  EXPECT_EQ(nomination({Yes("1"), Yes("1"), No()}), "1");
  EXPECT_EQ(nomination({Yes("1"), Yes(), Yes()}), "");  // two of three did not say
  EXPECT_EQ(nomination({Yes("1"), No(), No()}), "");    // the majority is no
}

TEST(DecideYesNo, TheAdjudicatorDecidesWhereTheCodersDoNotAndOnlyThere) {
  const ItemOutcome split = Of(ListFrame(), {Yes("1"), No()}, Yes("2"));
  EXPECT_EQ(split.majority, Majority::kYes);
  EXPECT_EQ(split.nomination, "2");
  EXPECT_EQ(split.decided_by, DecidedBy::kAdjudicator);
  EXPECT_EQ(split.yes, 1);  // the adjudicator is no coder
  EXPECT_EQ(split.answered, 2);
  const ItemOutcome decided = Of(ListFrame(), {No(), No()}, Yes("2"));
  EXPECT_EQ(decided.majority, Majority::kNo);
  EXPECT_EQ(decided.decided_by, DecidedBy::kCoders);
  EXPECT_EQ(Of(ListFrame(), {Yes("1"), No()}, Skip()).decided_by, DecidedBy::kNobody);
}

TEST(DecideDomains, MajorityByDomainThenTheRatingOfTheAgreedSet) {
  const ItemOutcome outcome = Of(DomainFrame(), {Present({"a", "b"}), Present({"a", "c"}), Present({"a", "b", "c"})});
  EXPECT_THAT(outcome.present, ElementsAre("a", "b", "c"));  // no coder but one found all three
  ASSERT_TRUE(outcome.rating.has_value());
  EXPECT_EQ(outcome.rating->id, "full");
  EXPECT_FALSE(outcome.unanimous);
  EXPECT_TRUE(Of(DomainFrame(), {Present({"a"}), Present({"a"})}).unanimous);
  EXPECT_EQ(Of(DomainFrame(), {Present({}), Present({})}).rating->id, "none");
}

TEST(DecideDomains, TwoCodersWhoDisagreeLeaveTheSessionUndecided) {
  const Codes codes = {Present({"a", "b"}), Present({"a"})};
  const ItemOutcome outcome = Of(DomainFrame(), codes);
  EXPECT_EQ(outcome.decided_by, DecidedBy::kNobody);
  EXPECT_FALSE(outcome.rating.has_value());
  EXPECT_THAT(outcome.undecided, ElementsAre("b"));
  EXPECT_TRUE(NeedsAdjudication(DomainFrame(), codes));
  // The third says yes to b, and no to a: the coders agreed on a, so that stands.
  const ItemOutcome adjudicated = Of(DomainFrame(), codes, Present({"b", "c"}));
  EXPECT_THAT(adjudicated.present, ElementsAre("a", "b"));
  EXPECT_EQ(adjudicated.rating->id, "part");
  EXPECT_EQ(adjudicated.decided_by, DecidedBy::kAdjudicator);
  EXPECT_TRUE(adjudicated.undecided.empty());
}

TEST(DecideCategory, MoreThanHalfOrUndecided) {
  const Frame frame = KindOnly(FrameKind::kCategorical);
  EXPECT_EQ(Of(frame, {Category("1"), Category("2"), Category("1")}).category, "1");
  EXPECT_EQ(Of(frame, {Category("1"), Category("2"), Category("4a")}).category, "");
  EXPECT_EQ(Of(frame, {Category("1"), Category("2")}).decided_by, DecidedBy::kNobody);
  EXPECT_EQ(Of(frame, {Category("1"), Category("2")}, Category("4a")).category, "4a");
  // The middle of an ordinal scale is no majority either.
  EXPECT_EQ(Of(KindOnly(FrameKind::kOrdinal), {Category("1"), Category("2"), Category("4a")}).category, "");
}

TEST(DecideSkills, MeansOfTheCodersBySkillGroupAndOverall) {
  const ItemOutcome outcome = Of(
      SkillsFrame(), {Rate({{"warm", 2}, {"clear", 3}, {"firm", 5}}), Rate({{"warm", 3}, {"clear", 3}, {"firm", 4}})});
  EXPECT_DOUBLE_EQ(*outcome.ratings.at("warm"), 2.5);
  EXPECT_DOUBLE_EQ(*outcome.skills.groups.at("relationship"), 2.5);
  EXPECT_DOUBLE_EQ(*outcome.skills.groups.at("authority"), 3.75);
  EXPECT_DOUBLE_EQ(*outcome.skills.overall, 20.0 / 6);  // of the skills, not of the groups
  EXPECT_FALSE(outcome.unanimous);
}

// One coder gives the digits of AverageSkills.
TEST(DecideSkills, OneCoderIsTheFramesOwnRule) {
  const std::map<std::string, int> ratings = {{"warm", 1}, {"clear", 4}, {"firm", 5}};
  const ItemOutcome outcome = Of(SkillsFrame(), {Rate(ratings)});
  const auto expected = AverageSkills(SkillsFrame(), ratings);
  ASSERT_TRUE(expected.ok()) << expected.status();
  EXPECT_EQ(*outcome.skills.overall, *expected->overall);
  for (const auto& [group, mean] : expected->groups) EXPECT_EQ(*outcome.skills.groups.at(group), *mean) << group;
  EXPECT_FALSE(Decide(SkillsFrame(), Codes{Rate({{"warm", 1}})}).ok());
}

TEST(DecideNumber, MeanMedianAndSpread) {
  const ItemOutcome outcome = Of(KindOnly(FrameKind::kNumeric), {Number(1), Number(2), Number(6)});
  EXPECT_DOUBLE_EQ(*outcome.number, 3);
  EXPECT_DOUBLE_EQ(*outcome.median, 2);
  EXPECT_DOUBLE_EQ(*outcome.sd, std::sqrt(7.0));
  EXPECT_DOUBLE_EQ(*outcome.maximum, 6);
  const ItemOutcome one = Of(KindOnly(FrameKind::kNumeric), {Number(4), Skip()});
  EXPECT_DOUBLE_EQ(*one.number, 4);
  EXPECT_EQ(one.sd.reason, stats::Undefined::kTooFewValues);
  EXPECT_FALSE(Of(KindOnly(FrameKind::kNumeric), {Skip()}).number.defined());
}

TEST(NeedsAdjudicationTest, WhenAllHaveAnsweredOrSkippedAndNothingFollows) {
  const Frame list = ListFrame();
  EXPECT_TRUE(NeedsAdjudication(list, Codes{Yes("1"), No()}));
  EXPECT_TRUE(NeedsAdjudication(list, Codes{Yes("1"), No(), Skip()}));
  EXPECT_FALSE(NeedsAdjudication(list, Codes{Yes("1"), Yes("2")}));  // no agreed nomination is an answer
  EXPECT_FALSE(NeedsAdjudication(list, Codes{Yes("1"), No(), Missing()}));
  EXPECT_TRUE(NeedsAdjudication(list, Codes{Yes("1"), No(), Missing()}, /*wait_for_missing=*/false));
  EXPECT_FALSE(NeedsAdjudication(list, Codes{Missing(), Missing()}, /*wait_for_missing=*/false));
  EXPECT_TRUE(NeedsAdjudication(list, Codes{Skip(), Skip()}));
  EXPECT_FALSE(NeedsAdjudication(list, Codes{Skip(), Missing()}));
  EXPECT_FALSE(NeedsAdjudication(list, Codes{}));
  EXPECT_FALSE(NeedsAdjudication(KindOnly(FrameKind::kNumeric), Codes{Number(1), Number(9)}));
  EXPECT_TRUE(NeedsAdjudication(KindOnly(FrameKind::kOrdinal), Codes{Category("1"), Category("2")}));
}

// As results read an item: those it was not given to are not there, the adjudicator has a place of his own.
TEST(NeedsAdjudicationTest, OnAnItemAsResultsReadIt) {
  CodedItem item;
  item.codes = {{0, Yes("1")}, {4, No()}, {kAdjudicatorIndex, No()}};
  EXPECT_TRUE(NeedsAdjudication(ListFrame(), item));  // whether or not he has answered
  const auto outcome = Decide(ListFrame(), item);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->assigned, 2);
  EXPECT_EQ(outcome->majority, Majority::kNo);
  EXPECT_EQ(outcome->decided_by, DecidedBy::kAdjudicator);
}

}  // namespace
}  // namespace plumbline::coding
