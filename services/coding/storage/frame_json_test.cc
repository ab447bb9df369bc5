#include "coding/storage/frame_json.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "coding/domain/test_frames.h"
#include "coding/domain/test_violations.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using testing::HasSubstr;

// Every shipped frame loads, is valid, and survives being written and read again.
TEST(ShippedFrames, AreValidAndComplete) {
  const auto frames = LoadFrames(absl::StrCat(PLUMBLINE_SOURCE_DIR, "/data/frames"));
  ASSERT_TRUE(frames.ok()) << frames.status();
  std::map<std::string, Frame> by_id;
  for (const Frame& frame : *frames) {
    by_id[frame.id] = frame;
    const auto again = FrameFromJson(FrameToJson(frame));
    ASSERT_TRUE(again.ok()) << frame.id << ": " << again.status();
    EXPECT_EQ(FrameToJson(*again), FrameToJson(frame));
    EXPECT_FALSE(frame.source.empty());
  }
  // The pilot's list: 1 to 10 with 4a; the threshold of Harkness and Hensley is one third.
  ASSERT_EQ(by_id["ofs-pilot"].entries.size(), 11u);
  EXPECT_TRUE(by_id["ofs-pilot"].HasEntry("4a"));
  EXPECT_EQ(by_id["ofs-pilot"].threshold->numerator, 1);
  EXPECT_EQ(by_id["ofs-pilot"].threshold->denominator, 3);
  EXPECT_EQ(by_id["harkness-hensley"].entries.size(), 10u);
  EXPECT_EQ(by_id["six-questions"].entries.size(), 6u);
  EXPECT_EQ(by_id["binary"].kind, FrameKind::kBinary);
  // Focus on Practice, Appendix 5: five domains; systemic takes all with support for practice, green shoots four.
  const Frame& systemic = by_id["systemic-supervision"];
  ASSERT_EQ(systemic.entries.size(), 5u);
  EXPECT_EQ(RateDomains(systemic, {"relational", "family-voice", "risk-talk", "curiosity", "support-for-practice"})->id,
            "systemic");
  EXPECT_EQ(RateDomains(systemic, {"relational", "family-voice", "risk-talk", "curiosity"})->id, "green-shoots");
  EXPECT_EQ(RateDomains(systemic, {"relational", "family-voice", "risk-talk"})->id, "not-systemic");
  // The body text says "the majority of the domains" where the appendix says four.
  const Frame& majority = by_id["systemic-supervision-majority"];
  EXPECT_EQ(RateDomains(majority, {"relational", "family-voice", "risk-talk"})->id, "green-shoots");
  EXPECT_EQ(RateDomains(majority, {"relational", "family-voice"})->id, "not-systemic");
  EXPECT_EQ(RateDomains(majority, {"relational", "family-voice", "risk-talk", "curiosity", "support-for-practice"})->id,
            "systemic");
  // Pairs, and a number from 0 to 10.
  std::map<std::string, std::string> categories;
  for (const char* id : {"goal-alignment", "goal-specificity", "thematic-transfer"}) {
    EXPECT_EQ(by_id[id].kind, FrameKind::kCategorical) << id;
    EXPECT_EQ(by_id[id].unit, FrameUnit::kPair) << id;
    for (const FrameEntry& entry : by_id[id].entries) categories[id] += entry.id + " ";
  }
  EXPECT_EQ(categories["goal-alignment"], "aligned partly different ");
  EXPECT_EQ(categories["goal-specificity"], "general specific ");
  EXPECT_EQ(categories["thematic-transfer"], "relational family-voice risk-talk curiosity support-for-practice none ");
  EXPECT_EQ(by_id["scaling"].kind, FrameKind::kNumeric);
  EXPECT_EQ(by_id["scaling"].number_min, 0.0);
  EXPECT_EQ(by_id["scaling"].number_max, 10.0);
  // Seven skills in two groups, 1 to 5.
  const Frame& skills = by_id["direct-practice-skills"];
  ASSERT_EQ(skills.entries.size(), 7u);
  std::map<std::string, int> groups;
  for (const FrameEntry& entry : skills.entries) ++groups[entry.group];
  EXPECT_EQ(groups, (std::map<std::string, int>{{"relationship", 4}, {"authority", 3}}));
}

TEST(FrameFromJson, NamesWhatIsWrong) {
  EXPECT_EQ(FrameFromJson("{").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(FrameFromJson("[]").ok());
  EXPECT_FALSE(FrameFromJson(std::string(kMaxFrameBytes + 1, ' ')).ok());
  const auto bad = FrameFromJson(
      R"({"id": 3, "version": 1.5, "title": "T", "kind": "odd", "entries": [{"id": "1", "colour": "red"}, 7],
          "threshold": {"numerator": 99999999999}, "extra": true})");
  const std::string text = ViolationsText(bad.status());
  for (const char* part : {"id: ", "version: ", "source: ", "kind: ", "entries[0].colour", "entries[0].label",
                           "entries[1]", "threshold.numerator", "threshold.denominator", "extra: "}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  const auto twice = FrameFromJson(
      R"({"id": "f", "version": 1, "title": "T", "source": "S", "kind": "nominated_list",
          "threshold": {"numerator": 2, "denominator": 1}, "entries": [{"id": "1", "label": "L"}]})");
  EXPECT_THAT(ViolationsText(twice.status()), HasSubstr("threshold: "));
}

// Frames of every kind, unit and context survive being written and read, and one without a unit has that of its kind.
TEST(FrameFromJson, ReadsWhatFrameToJsonWrites) {
  for (const FrameKind kind : AllKinds()) {
    for (const FrameUnit unit : {FrameUnit::kQuestion, FrameUnit::kSession, FrameUnit::kPair}) {
      for (const FrameContext context : {FrameContext::kNone, FrameContext::kPreviousTurn}) {
        Frame frame = TestFrame(kind);
        frame.unit = unit;
        frame.context = context;
        if (!ValidateFrame(frame).ok()) continue;
        if (kind == FrameKind::kNumeric) frame.number_min = 0.1;
        const std::string text = FrameToJson(frame);
        const auto back = FrameFromJson(text);
        ASSERT_TRUE(back.ok()) << text << back.status();
        EXPECT_EQ(FrameToJson(*back), text);
        EXPECT_EQ(back->unit, unit);
        EXPECT_EQ(back->context, context);
        EXPECT_EQ(back->number_min, frame.number_min);
        EXPECT_EQ(back->number_max, frame.number_max);
      }
    }
    std::string text = FrameToJson(TestFrame(kind));
    const std::string unit = absl::StrCat("\"unit\":\"", ToString(DefaultUnit(kind)), "\",");
    const size_t at = text.find(unit);
    ASSERT_NE(at, std::string::npos) << text;
    text.erase(at, unit.size());
    const auto without = FrameFromJson(text);
    ASSERT_TRUE(without.ok()) << text << without.status();
    EXPECT_EQ(without->unit, DefaultUnit(kind));
  }
}

TEST(FrameFromJson, NamesUnknownUnitsContextsAndBounds) {
  const auto bad = FrameFromJson(
      R"({"id": "f", "version": 1, "title": "T", "source": "S", "kind": "numeric", "entries": [], "unit": "turn",
          "context": 3, "number_min": "0", "number_max": 1e999})");
  EXPECT_THAT(ViolationsText(bad.status()), HasSubstr("must be JSON"));  // 1e999 is no number
  const auto cut = FrameFromJson("{\"id\": \"f\",\n \"version\": 1,\n \"entries\": [1,],\n}");
  EXPECT_THAT(ViolationsText(cut.status()), HasSubstr("line 3"));
  const auto named = FrameFromJson(
      R"({"id": "f", "version": 1, "title": "T", "source": "S", "kind": "numeric", "entries": [], "unit": "turn",
          "context": 3, "number_min": "0", "number_max": 1})");
  for (const char* part : {"unit: value \"turn\": must be question, session or pair",
                           "context: ", "number_min: value \"string\": must be a number"}) {
    EXPECT_THAT(ViolationsText(named.status()), HasSubstr(part));
  }
}

TEST(LoadFrames, SaysWhichFolder) {
  EXPECT_EQ(LoadFrames("/nonexistent").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace plumbline::coding
