#include "coding/storage/frame_json.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
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

TEST(LoadFrames, SaysWhichFolder) {
  EXPECT_EQ(LoadFrames("/nonexistent").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace plumbline::coding
