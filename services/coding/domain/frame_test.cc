#include "coding/domain/frame.h"

#include <functional>
#include <limits>
#include <string>

#include "coding/domain/test_frames.h"
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
          "a source",
          FrameUnit::kSession};
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
          "a source",
          FrameUnit::kSession};
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
  for (const FrameKind kind : AllKinds()) EXPECT_TRUE(ValidateFrame(TestFrame(kind)).ok()) << ToString(kind);
}

TEST(ValidateFrame, EachKindHasItsUnits) {
  const auto allowed = [](FrameKind kind, FrameUnit unit) {
    Frame frame = TestFrame(kind);
    frame.unit = unit;
    return ValidateFrame(frame).ok();
  };
  for (const FrameKind kind : AllKinds()) {
    const bool sessions = kind == FrameKind::kDomainPresence || kind == FrameKind::kRatedSkills;
    EXPECT_EQ(allowed(kind, FrameUnit::kQuestion), !sessions) << ToString(kind);
    EXPECT_EQ(allowed(kind, FrameUnit::kSession), kind != FrameKind::kNominatedList) << ToString(kind);
    EXPECT_EQ(allowed(kind, FrameUnit::kPair), !sessions && kind != FrameKind::kNominatedList) << ToString(kind);
    EXPECT_TRUE(allowed(kind, DefaultUnit(kind))) << ToString(kind);
  }
}

TEST(FrameNames, ReadBackWhatTheyWrite) {
  for (const FrameKind kind : AllKinds()) EXPECT_EQ(FrameKindFromString(ToString(kind)), kind);
  for (const FrameUnit unit : {FrameUnit::kQuestion, FrameUnit::kSession, FrameUnit::kPair}) {
    EXPECT_EQ(FrameUnitFromString(ToString(unit)), unit);
  }
  for (const FrameContext context : {FrameContext::kNone, FrameContext::kPreviousTurn}) {
    EXPECT_EQ(FrameContextFromString(ToString(context)), context);
  }
  EXPECT_EQ(FrameKindFromString("list"), std::nullopt);
  EXPECT_EQ(FrameUnitFromString(""), std::nullopt);
  EXPECT_EQ(FrameContextFromString("turn"), std::nullopt);
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
      {[](Frame& f) { f.unit = FrameUnit::kPair; }, "unit", "judges questions"},
      {[](Frame& f) {
         f = SkillFrame();
         f.unit = FrameUnit::kQuestion;
       },
       "unit", "judges whole sessions"},
      {[](Frame& f) {
         f = SkillFrame();
         f.context = FrameContext::kPreviousTurn;
       },
       "context", "only questions"},
      {[](Frame& f) {
         f = SkillFrame();
         f.rating_min = -1001;
       },
       "rating_min", "-1000 or more"},
      {[](Frame& f) {
         f = SkillFrame();
         f.rating_max = 1001;
       },
       "rating_max", "1000 or less"},
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings[1].required_entries = {"a", "a"};
       },
       "domain_ratings[1].required_entries", "stands twice"},
      // Whoever reaches "green" would have been given "systemic" already.
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings[0] = {"systemic", "Systemic", 4, {}};
       },
       "domain_ratings[1]", "can never be given"},
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings[1] = {"green", "Green", 0, {}};
       },
       "domain_ratings[2]", "can never be given"},
      {[](Frame& f) {
         f = SystemicFrame();
         f.domain_ratings[0] = {"systemic", "Systemic", 5, {"a"}};
         f.domain_ratings[1] = {"green", "Green", 5, {"a", "b"}};
       },
       "domain_ratings[1]", "can never be given"},
      {[](Frame& f) { f.number_min = 0; }, "number_min", "only numeric"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.number_max.reset();
       },
       "number_max", "required"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.number_max = f.number_min;
       },
       "number_max", "above number_min"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.number_min = -std::numeric_limits<double>::infinity();
       },
       "number_min", "finite"},
      // Squared distances of such numbers are infinite, and alpha would be NaN.
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.number_max = 1e200;
       },
       "number_max", "at most 1e15 either way"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.number_min = -1.1e15;
       },
       "number_min", "at most 1e15 either way"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.number_max = std::numeric_limits<double>::quiet_NaN();
       },
       "number_max", "finite"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kNumeric);
         f.entries = {{"1", "One", ""}};
       },
       "entries", "have no entries"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kOrdinal);
         f.entries.resize(1);
       },
       "entries", "must have 2 to 200"},
      {[](Frame& f) {
         f = TestFrame(FrameKind::kOrdinal);
         f.threshold = Fraction{1, 2};
       },
       "threshold", "only nominated lists"},
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

TEST(ValidateFrame, TheWidestBounds) {
  Frame frame = TestFrame(FrameKind::kNumeric);
  frame.number_min = -kMaxCodedNumber;
  frame.number_max = kMaxCodedNumber;
  EXPECT_TRUE(ValidateFrame(frame).ok()) << ValidateFrame(frame);
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
