#include <gtest/gtest.h>

#include <functional>
#include <limits>

#include "absl/strings/match.h"
#include "common/base/error.h"
#include "instruments/domain/instrument_key.h"
#include "instruments/domain/key_catalogue.h"

namespace plumbline::instruments {
namespace {

// Three whole-number items, a line and a category, with a score of every combination.
InstrumentKey GoodKey() {
  InstrumentKey key{.id = "good", .version = 1, .title = "Good", .respondent = "worker", .source = "this test"};
  for (int i = 1; i <= 3; ++i) {
    key.items.push_back({.id = std::to_string(i), .min = 0, .max = 3, .polarity = Polarity::kPositive});
  }
  key.items.push_back({.id = "4a", .kind = ResponseKind::kVisualAnalogue, .min = 0, .max = 10});
  key.items.push_back({.id = "5", .kind = ResponseKind::kCategory, .min = 0, .max = 1, .categories = {"no", "yes"}});
  key.scores.push_back({.id = "mean", .title = "Mean", .items = {"1", "2", "4a"}, .reversed_items = {"2"}});
  key.scores.push_back({.id = "sum",
                        .title = "Sum",
                        .items = {"1", "2", "3"},
                        .combination = Combination::kSum,
                        .missing = {MissingRuleKind::kProrated, 2},
                        .positive_points = {0, 0, 1, 1}});
  key.scores.push_back({.id = "line", .title = "Line", .items = {"4a"}, .combination = Combination::kSingle});
  key.scores.push_back({.id = "category", .title = "Category", .items = {"5"}, .combination = Combination::kCategory});
  key.norms.push_back({.score = "mean", .mean = 2.5, .source = "this test"});
  return key;
}

TEST(ValidateKeyTest, AcceptsEveryCombination) { EXPECT_TRUE(ValidateKey(GoodKey()).ok()) << ValidateKey(GoodKey()); }

struct BadKey {
  const char* name;
  std::function<void(InstrumentKey&)> spoil;
  const char* field;
  const char* says;
};

class BadKeyTest : public testing::TestWithParam<BadKey> {};

TEST_P(BadKeyTest, IsRefusedByPlaceAndRule) {
  InstrumentKey key = GoodKey();
  GetParam().spoil(key);
  const absl::Status status = ValidateKey(key);
  ASSERT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const auto detail = GetErrorDetail(status);
  ASSERT_TRUE(detail.has_value());
  bool found = false;
  for (const FieldViolation& violation : detail->violations) {
    found = found || (violation.field == GetParam().field && absl::StrContains(violation.description, GetParam().says));
  }
  EXPECT_TRUE(found) << status;
}

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

INSTANTIATE_TEST_SUITE_P(
    All, BadKeyTest,
    testing::Values(
        BadKey{"Id", [](InstrumentKey& k) { k.id = "Not An Id"; }, "id", "must be 1 to 63"},
        BadKey{"Version", [](InstrumentKey& k) { k.version = 0; }, "version", "1 or more"},
        BadKey{"NoTitle", [](InstrumentKey& k) { k.title = ""; }, "title", "is required"},
        BadKey{"NoSource", [](InstrumentKey& k) { k.source = ""; }, "source", "is required"},
        BadKey{"LongTitle", [](InstrumentKey& k) { k.title.assign(2001, 'x'); }, "title", "2001 bytes"},
        BadKey{"NoItems", [](InstrumentKey& k) { k.items.clear(); }, "items", "must have 1 to 500"},
        BadKey{"NoScores", [](InstrumentKey& k) { k.scores.clear(); }, "scores", "must have 1 to 100"},
        BadKey{"ItemTwice", [](InstrumentKey& k) { k.items[1].id = "1"; }, "items[1].id", "stands twice"},
        BadKey{"ItemId", [](InstrumentKey& k) { k.items[1].id = "2 b"; }, "items[1].id", "1 to 20"},
        BadKey{"EmptyRange", [](InstrumentKey& k) { k.items[0].max = 0; }, "items[0].max", "smaller to a larger"},
        BadKey{"NanRange", [](InstrumentKey& k) { k.items[0].max = kNan; }, "items[0].max", "smaller to a larger"},
        BadKey{"FractionRange", [](InstrumentKey& k) { k.items[0].max = 2.5; }, "items[0].max", "whole"},
        BadKey{"HugeRange", [](InstrumentKey& k) { k.items[0].max = 5000; }, "items[0].max", "1001 options"},
        BadKey{"CategoriesOnNumbers", [](InstrumentKey& k) { k.items[0].categories = {"a"}; }, "items[0].categories",
               "only an item of kind category"},
        BadKey{"CategoryTwice",
               [](InstrumentKey& k) {
                 k.items[4].categories = {"no", "no"};
               },
               "items[4].categories[1]", "stands twice"},
        BadKey{"CategoryRange", [](InstrumentKey& k) { k.items[4].max = 2; }, "items[4].max", "less 1"},
        BadKey{"ScoreTwice", [](InstrumentKey& k) { k.scores[1].id = "mean"; }, "scores[1].id", "stands twice"},
        BadKey{"UnknownItem", [](InstrumentKey& k) { k.scores[0].items[0] = "9"; }, "scores[0].items[0]",
               "no such item"},
        BadKey{"RepeatedItem", [](InstrumentKey& k) { k.scores[0].items[2] = "1"; }, "scores[0].items[2]",
               "stands twice"},
        BadKey{"NoScoreItems", [](InstrumentKey& k) { k.scores[0].items.clear(); }, "scores[0].items", "1 to 500"},
        BadKey{"ForeignReversal", [](InstrumentKey& k) { k.scores[0].reversed_items = {"3"}; },
               "scores[0].reversed_items[0]", "not an item of this score"},
        BadKey{"SingleOfTwo",
               [](InstrumentKey& k) {
                 k.scores[2].items = {"1", "2"};
               },
               "scores[2].items", "exactly one"},
        BadKey{"MeanOfCategory",
               [](InstrumentKey& k) {
                 k.scores[0].items = {"1", "5"};
               },
               "scores[0].items[1]", "combination category"},
        BadKey{"CategoryOfNumber", [](InstrumentKey& k) { k.scores[3].items = {"1"}; }, "scores[3].items[0]",
               "combination category"},
        BadKey{"ReversedCategory", [](InstrumentKey& k) { k.scores[3].reversed_items = {"5"}; },
               "scores[3].combination", "neither reversed"},
        BadKey{"TooManyAnswered", [](InstrumentKey& k) { k.scores[1].missing.min_answered = 4; },
               "scores[1].missing.min_answered", "must be 1 to 3"},
        BadKey{"NoneAnswered", [](InstrumentKey& k) { k.scores[1].missing.min_answered = 0; },
               "scores[1].missing.min_answered", "must be 1 to 3"},
        BadKey{"ProratedMean",
               [](InstrumentKey& k) {
                 k.scores[0].missing = {MissingRuleKind::kProrated, 1};
               },
               "scores[0].missing.rule", "prorated goes with a sum"},
        BadKey{"CountWithNoneAllowed", [](InstrumentKey& k) { k.scores[0].missing.min_answered = 2; },
               "scores[0].missing.min_answered", "only"},
        BadKey{"PointsCount",
               [](InstrumentKey& k) {
                 k.scores[1].positive_points = {0, 1};
               },
               "scores[1].points.positive", "4 options"},
        BadKey{"PointsPolarity", [](InstrumentKey& k) { k.items[1].polarity = Polarity::kUnspecified; },
               "scores[1].points", "polarity"},
        BadKey{"PointsNan", [](InstrumentKey& k) { k.scores[1].positive_points[2] = kNan; }, "scores[1].points",
               "must be a number"},
        BadKey{"PointsAndReversal", [](InstrumentKey& k) { k.scores[1].reversed_items = {"1"}; },
               "scores[1].reversed_items", "not both"},
        BadKey{"NormOfNothing", [](InstrumentKey& k) { k.norms[0].score = "none"; }, "norms[0].score",
               "no such score"}),
    [](const auto& test) { return test.param.name; });

TEST(KeyCatalogueTest, FindsVersionsAndTheNewest) {
  InstrumentKey second = GoodKey();
  second.version = 2;
  InstrumentKey other = GoodKey();
  other.id = "another";
  const auto keys = KeyCatalogue::Create({second, GoodKey(), other});
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ((*keys->Find("good"))->version, 2);
  EXPECT_EQ((*keys->Find("good", 1))->version, 1);
  EXPECT_EQ(keys->Find("good", 3).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(keys->Find("good", -1).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(keys->Find("bad").status())->metadata["resource"], "instruments/bad");
  ASSERT_EQ(keys->Newest().size(), 2u);
  EXPECT_EQ(keys->Newest()[0]->id, "another");
}

TEST(KeyCatalogueTest, RefusesARepeatedVersionAndABadKeyByName) {
  const auto twice = KeyCatalogue::Create({GoodKey(), GoodKey()});
  EXPECT_TRUE(absl::StrContains(twice.status().message(), "good@1: version")) << twice.status();
  InstrumentKey bad = GoodKey();
  bad.items.clear();
  const auto refused = KeyCatalogue::Create({bad});
  EXPECT_TRUE(absl::StrContains(refused.status().message(), "good@1: items")) << refused.status();
}

}  // namespace
}  // namespace plumbline::instruments
