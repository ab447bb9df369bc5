#include "coding/domain/frame.h"

#include <functional>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::HasSubstr;

Frame ListFrame() {
  return {"list", 1,  "List",    FrameKind::kNominatedList, {{"1", "One", ""}, {"4a", "Four", ""}}, Fraction{1, 3}, 0,
          0,      {}, "a source"};
}

Frame SystemicFrame() {
  return {"systemic",
          1,
          "Systemic",
          FrameKind::kDomainPresence,
          {{"a", "A", ""}, {"b", "B", ""}, {"c", "C", ""}, {"d", "D", ""}, {"support", "E", ""}},
          std::nullopt,
          0,
          0,
          {{"systemic", "Systemic", 5, {"support"}}, {"green", "Green", 4, {}}, {"none", "None", 0, {}}},
          "a source"};
}

Frame SkillFrame() {
  return {"skills",
          1,
          "Skills",
          FrameKind::kRatedSkills,
          {{"x", "X", "one"}, {"y", "Y", "one"}, {"z", "Z", "two"}},
          std::nullopt,
          1,
          5,
          {},
          "a source"};
}

TEST(Threshold, ComparesWholeNumbers) {
  const Fraction third{1, 3};
  EXPECT_TRUE(third.ReachedBy(1, 3));
  EXPECT_FALSE(third.ReachedBy(33, 100));
  EXPECT_TRUE(third.ReachedBy(34, 100));
  EXPECT_FALSE(third.ReachedBy(333333333, 1000000000));  // 33.3333333 %: rounded it would pass
  EXPECT_FALSE(third.ReachedBy(0, 0));
}

TEST(ValidateFrame, AcceptsGoodFrames) {
  EXPECT_TRUE(ValidateFrame(ListFrame()).ok());
  EXPECT_TRUE(ValidateFrame(SystemicFrame()).ok());
  EXPECT_TRUE(ValidateFrame(SkillFrame()).ok());
}

TEST(ValidateFrame, NamesWhatIsWrong) {
  struct Case {
    std::function<void(Frame&)> spoil;
    const char* field;
    const char* rule;
  };
  const std::vector<Case> cases = {
      {[](Frame& f) { f.id = "A b"; }, "id", "1 to 63 characters"},
      {[](Frame& f) { f.version = 0; }, "version", "1 or more"},
      {[](Frame& f) { f.title = ""; }, "title", "required"},
      {[](Frame& f) { f.source = ""; }, "source", "required"},
      {[](Frame& f) { f.entries.clear(); }, "entries", "must have 1 to 200"},
      {[](Frame& f) { f.entries[1].id = "1"; }, "entries[1].id", "stands twice"},
      {[](Frame& f) { f.entries[1].id = "a b"; }, "entries[1].id", "letters, digits"},
      {[](Frame& f) { f.entries[1].label = "One"; }, "entries[1].label", "stands twice"},
      {[](Frame& f) { f.entries[0].group = "g"; }, "entries[0].group", "only rated skills"},
      {[](Frame& f) { f.threshold.reset(); }, "threshold", "required"},
      {[](Frame& f) {
         f.threshold = Fraction{0, 3};
       },
       "threshold", "above 0"},
      {[](Frame& f) {
         f.threshold = Fraction{4, 3};
       },
       "threshold", "at most 1"},
      {[](Frame& f) {
         f.threshold = Fraction{1, -3};
       },
       "threshold", "positive denominator"},
      {[](Frame& f) { f.rating_max = 5; }, "rating_min", "only rated skills"},
      {[](Frame& f) {
         f.domain_ratings = {{"a", "A", 0, {}}};
       },
       "domain_ratings", "only domain presence"},
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings.pop_back();
       },
       "domain_ratings[1]", "takes no domains"},
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings[0].min_domains = 6;
       },
       "min_domains", "0 to 5"},
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings[0].required_entries = {"q"};
       },
       "required_entries", "not an entry"},
      {[](Frame& f) {
         f = SkillFrame();
         f.rating_max = 1;
       },
       "rating_max", "above rating_min"},
      {[](Frame& f) {
         f = SkillFrame();
         f.entries[0].group = "";
       },
       "entries[0].group", "required"},
  };
  for (const Case& c : cases) {
    Frame frame = ListFrame();
    c.spoil(frame);
    const absl::Status status = ValidateFrame(frame);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << c.field;
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.field));
    EXPECT_THAT(std::string(status.message()), HasSubstr(c.rule));
  }
}

// Rule of the Focus on Practice evaluation, Appendix 5: five domains with support for practice, four of five, else not.
TEST(RateDomains, FollowsTheRule) {
  const Frame frame = SystemicFrame();
  EXPECT_EQ(RateDomains(frame, {"a", "b", "c", "d", "support"})->id, "systemic");
  EXPECT_EQ(RateDomains(frame, {"a", "b", "c", "d"})->id, "green");
  EXPECT_EQ(RateDomains(frame, {"a", "b", "c", "support"})->id, "green");
  EXPECT_EQ(RateDomains(frame, {"a", "b", "support"})->id, "none");
  EXPECT_EQ(RateDomains(frame, {})->id, "none");
  EXPECT_EQ(RateDomains(frame, {"q"}).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(RateDomains(ListFrame(), {}).ok());
}

TEST(AverageSkills, MeansOfGroupsAndOfAllSkills) {
  const auto means = AverageSkills(SkillFrame(), {{"x", 2}, {"y", 3}, {"z", 5}});
  ASSERT_TRUE(means.ok());
  EXPECT_DOUBLE_EQ(*means->groups.at("one"), 2.5);
  EXPECT_DOUBLE_EQ(*means->groups.at("two"), 5);
  EXPECT_DOUBLE_EQ(*means->overall, 10.0 / 3);  // not the mean of 2.5 and 5
  const auto part = AverageSkills(SkillFrame(), {{"x", 2}});
  EXPECT_EQ(part->groups.at("one").reason, stats::Undefined::kTooFewValues);
  EXPECT_EQ(part->groups.at("two").reason, stats::Undefined::kNoData);
  EXPECT_FALSE(part->overall.defined());
  EXPECT_FALSE(AverageSkills(SkillFrame(), {{"x", 6}}).ok());
  EXPECT_FALSE(AverageSkills(SkillFrame(), {{"q", 3}}).ok());
}

}  // namespace
}  // namespace plumbline::coding
