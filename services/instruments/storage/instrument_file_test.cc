#include "instruments/storage/instrument_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/base/error.h"
#include "instruments/storage/test_shipped_keys.h"

namespace plumbline::instruments {
namespace {

constexpr char kGood[] = R"({
  "id": "demo", "version": 2, "title": "Demo", "respondent": "worker", "source": "this test",
  "items": [{"from": 1, "to": 2, "kind": "whole_number", "min": 1, "max": 4, "polarity": "negative"},
            {"id": "3a", "kind": "category", "categories": ["no", "yes"]}],
  "scores": [{"id": "sum", "title": "Sum", "items": ["1", "2"], "combination": "sum", "direction": "lower_is_better",
              "missing": {"rule": "prorated", "min_answered": 1}, "points": {"positive": [0, 0, 1, 1], "negative": [0, 1, 1, 1]}},
             {"id": "answer", "title": "Answer", "items": ["3a"], "combination": "category", "direction": "none",
              "missing": {"rule": "none_allowed"}}]
})";

TEST(InstrumentFileTest, ReadsEveryField) {
  const auto key = ParseInstrument(kGood, "demo.json");
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->id, "demo");
  EXPECT_EQ(key->version, 2);
  ASSERT_EQ(key->items.size(), 3u);
  EXPECT_EQ(key->items[1].id, "2");
  EXPECT_EQ(key->items[1].polarity, Polarity::kNegative);
  EXPECT_EQ(key->items[2].max, 1);
  EXPECT_EQ(key->scores[0].missing, (MissingRule{MissingRuleKind::kProrated, 1}));
  EXPECT_THAT(key->scores[0].negative_points, testing::ElementsAre(0, 1, 1, 1));
  EXPECT_EQ(key->scores[0].direction, Direction::kLowerIsBetter);
}

struct BadFile {
  const char* name;
  std::string from;
  std::string to;
  const char* says;
};

class BadFileTest : public testing::TestWithParam<BadFile> {};

TEST_P(BadFileTest, IsRefusedByFilePlaceAndRule) {
  const std::string text = absl::StrReplaceAll(kGood, {{GetParam().from, GetParam().to}});
  ASSERT_NE(text, kGood);
  const auto key = ParseInstrument(text, "demo.json");
  ASSERT_FALSE(key.ok());
  EXPECT_EQ(key.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(absl::StrContains(key.status().message(), "demo.json: ")) << key.status();
  EXPECT_TRUE(absl::StrContains(key.status().message(), GetParam().says)) << key.status();
}

INSTANTIATE_TEST_SUITE_P(
    All, BadFileTest,
    testing::Values(BadFile{"NotJson", "\"Demo\",", "\"Demo\"", "line 2"},
                    BadFile{"CutShort", "]\n}", "", "must be JSON"},
                    BadFile{"FieldTwice", "\"title\": \"Demo\"", "\"title\": \"Demo\", \"title\": \"Other\"", "title"},
                    BadFile{"UnknownField", "\"respondent\"", "\"respondant\"", "respondent: is required"},
                    BadFile{"UnknownScoreField", "\"rule\": \"none_allowed\"", "\"rule\": \"none_allowed\", \"k\": 1",
                            "scores[1].missing.k"},
                    BadFile{"MissingField", "\"direction\": \"none\",", "", "scores[1].direction: is required"},
                    BadFile{"WrongType", "\"version\": 2", "\"version\": \"2\"",
                            "version: value \"2\": must be a whole"},
                    BadFile{"VersionTooLarge", "\"version\": 2", "\"version\": 99999999999", "must be a whole number"},
                    BadFile{"FractionVersion", "\"version\": 2", "\"version\": 2.5", "must be a whole number"},
                    BadFile{"UnknownName", "lower_is_better", "lower_is_worse",
                            "scores[0].direction: value \"lower_is_worse\": must be one of"},
                    BadFile{"BadRun", "\"to\": 2", "\"to\": 100000", "must run within 1 to 500"},
                    BadFile{"NotAList", "[\"3a\"]", "\"3a\"", "scores[1].items: value \"3a\": must be a list"},
                    BadFile{"NotTexts", "[\"3a\"]", "[3]", "must hold texts only"},
                    BadFile{"NotAnObject", "{\"rule\": \"none_allowed\"}", "7", "must be an object"},
                    BadFile{"BrokenRule", "[\"3a\"]", "[\"9\"]", "scores[1].items[0]: value \"9\""}),
    [](const auto& test) { return test.param.name; });

TEST(InstrumentFileTest, RefusesDepthAndSize) {
  const auto deep = ParseInstrument(std::string(100'000, '['), "deep.json");
  EXPECT_EQ(deep.status().code(), absl::StatusCode::kInvalidArgument);
  const auto nested = ParseInstrument("{\"notes\":[[[[[[[[1]]]]]]]]}", "nested.json");
  EXPECT_TRUE(absl::StrContains(nested.status().message(), "8 levels")) << nested.status();
  const auto large = ParseInstrument(std::string(kMaxInstrumentFileBytes + 1, ' '), "large.json");
  EXPECT_TRUE(absl::StrContains(large.status().message(), "large.json")) << large.status();
}

TEST(LoadInstrumentsTest, ShipsTheInstrumentsOfThePilot) {
  std::vector<std::string> ids;
  for (const InstrumentKey* key : ShippedKeys().Newest()) ids.push_back(key->id);
  EXPECT_THAT(ids, testing::ElementsAre("concern", "ghq-12", "lass", "meeting-rating", "swai", "wai-s", "wai-s-low"));
  ASSERT_EQ(ShippedKey("swai").norms.size(), 2u);
  EXPECT_TRUE(absl::StrContains(ShippedKey("swai").norms[0].note, "wrong way round"));
}

class FolderTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "instrument_folder_test";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  void WriteFile(const std::string& name, const std::string& text) { std::ofstream(folder_ / name) << text; }

  std::filesystem::path folder_;
};

TEST_F(FolderTest, NamesAMissingFolderAnEmptyFolderAndABadFile) {
  EXPECT_EQ(LoadInstruments((folder_ / "none").string()).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(LoadInstruments(folder_.string()).status().code(), absl::StatusCode::kFailedPrecondition);
  WriteFile("a.json", kGood);
  WriteFile("readme.txt", "not a key");
  EXPECT_TRUE(LoadInstruments(folder_.string()).ok());
  WriteFile("b.json", kGood);
  EXPECT_TRUE(absl::StrContains(LoadInstruments(folder_.string()).status().message(), "demo@2"));
  WriteFile("b.json", "{");
  EXPECT_TRUE(absl::StrContains(LoadInstruments(folder_.string()).status().message(), "b.json: line 1"));
  WriteFile("b.json", std::string(kMaxInstrumentFileBytes + 10, ' '));
  EXPECT_TRUE(absl::StrContains(LoadInstruments(folder_.string()).status().message(), "b.json"));
}

}  // namespace
}  // namespace plumbline::instruments
