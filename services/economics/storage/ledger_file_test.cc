#include "economics/storage/ledger_file.h"

#include <string>

#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

using ::testing::Contains;
using ::testing::Field;
using ::testing::HasSubstr;

TEST(LedgerFile, ReadsEveryField) {
  const char kText[] = R"json({"title": "T", "nodes": [
      {"id": "a", "label": "A", "unit": "GBP", "source": "S", "price_year": 2018, "given": 2.5, "given_granularity": 0.5,
       "note": "N"},
      {"id": "t", "source": "S", "counts": [{"value": 1, "count": 2}, {"value": 2.5, "count": 0}]},
      {"id": "p", "source": "S", "printed": 1200, "printed_granularity": 100,
       "rounding": {"mode": "ROUNDING_MODE_DOWN", "granularity": 100}},
      {"id": "f", "source": "S", "formula": "a + mean_counts(t)", "printed": 3.5, "printed_granularity": 0.1,
       "pinned": true}]})json";
  const auto ledger = ParseLedger(kText, "x.json");
  ASSERT_TRUE(ledger.ok()) << ledger.status();
  const auto& nodes = ledger->spec().nodes;
  EXPECT_EQ(ledger->spec().title, "T");
  EXPECT_EQ(nodes[0].price_year, 2018);
  EXPECT_DOUBLE_EQ(nodes[0].given_granularity, 0.5);
  EXPECT_EQ(nodes[1].counts.size(), 2u);
  EXPECT_DOUBLE_EQ(nodes[2].printed->granularity, 100);
  EXPECT_EQ(nodes[2].rounding.mode, RoundingMode::kDown);
  EXPECT_TRUE(nodes[3].pinned);
  // What was read writes and reads the same.
  const std::string written = WriteLedgerSpec(ledger->spec());
  const auto again = ParseLedgerSpec(written, "again.json");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(WriteLedgerSpec(*again), written);
  EXPECT_EQ(again->nodes[0].note, "N");
  EXPECT_DOUBLE_EQ(again->nodes[1].counts[1].value, 2.5);
  EXPECT_DOUBLE_EQ(again->nodes[2].rounding.granularity, 100);
  EXPECT_TRUE(again->nodes[3].pinned);
}

struct Bad {
  const char* text;
  const char* field;
  const char* rule;
};

class LedgerFileRefuses : public ::testing::TestWithParam<Bad> {};

TEST_P(LedgerFileRefuses, NamingFileNodeAndRule) {
  const auto ledger = ParseLedger(GetParam().text, "x.json");
  ASSERT_EQ(ledger.status().code(), absl::StatusCode::kInvalidArgument) << GetParam().text;
  const auto detail = GetErrorDetail(ledger.status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_THAT(detail->violations, Contains(Field(&FieldViolation::field, GetParam().field))) << ledger.status();
  EXPECT_THAT(std::string(ledger.status().message()), HasSubstr(GetParam().rule));
}

const Bad kBad[] = {

    {"", "x.json", "must be JSON"},
    {"[1]", "x.json", "JSON object"},
    {"{}", "x.json: nodes", ""},
    {R"({"nodes": 3})", "x.json: nodes", "array"},
    {R"({"nodes": [3]})", "x.json: nodes[0]", "object"},
    {R"({"nodes": [{"id": "a", "source": "s", "printed": "3"}]})", "x.json: nodes[a].printed", "number"},
    {R"({"nodes": [{"id": "a", "source": "s", "given": 1, "extra": 1}]})", "x.json: nodes[a].extra", "known"},
    {R"({"nodes": [{"id": "a", "source": 1, "given": 1}]})", "x.json: nodes[a].source", "text"},
    {R"({"nodes": [{"id": "a", "source": "s", "formula": "1", "rounding": {"mode": "UP", "granularity": 1}}]})",
     "x.json: nodes[a].rounding.mode", "ROUNDING_MODE_HALF_UP"},
    {R"({"nodes": [{"id": "a", "source": "s", "given": 1, "printed_granularity": 1}]})",
     "x.json: nodes[a].printed_granularity", "printed figure"},
    {R"({"nodes": [{"id": "a", "source": "s", "given": 1, "price_year": 2018.5}]})", "x.json: nodes[a].price_year",
     "whole number"},
    {R"({"nodes": [{"id": "a", "source": "s", "counts": [{"value": 1, "count": 1.5}]}]})",
     "x.json: nodes[a].counts[0].count", "whole number"},
    {R"({"nodes": [{"id": "a", "source": "s", "formula": "1 +"}]})", "x.json: nodes[a].formula column 4",
     "end of formula"}};

INSTANTIATE_TEST_SUITE_P(Texts, LedgerFileRefuses, ::testing::ValuesIn(kBad));

TEST(LedgerFile, HasLimits) {
  EXPECT_EQ(ParseLedger(std::string(kMaxLedgerFileBytes + 1, ' '), "x").status().code(),
            absl::StatusCode::kInvalidArgument);
  std::string deep = "{\"nodes\": " + std::string(100000, '[');
  EXPECT_FALSE(ParseLedger(deep, "x").ok());
  EXPECT_EQ(ReadLedger("/nonexistent/x.json").status().code(), absl::StatusCode::kNotFound);
}

TEST(UnitCostFile, RefusesWhatIsWrong) {
  EXPECT_TRUE(ParseUnitCost(R"({"id": "a", "role": "r", "median_gbp_per_hour": 20, "price_year": 2018, "source": "s"})",
                            "x.json")
                  .ok());
  const auto bad = ParseUnitCost(R"({"id": "A", "role": "r", "median_gbp_per_hour": 20, "price_year": 2018,
                                     "source": "s"})",
                                 "x.json");
  EXPECT_THAT(std::string(bad.status().message()), HasSubstr("x.json: id"));
  const auto low = ParseUnitCost(R"({"id": "a", "role": "r", "low_gbp_per_hour": 30, "median_gbp_per_hour": 20,
                                     "price_year": 2018, "source": "s"})",
                                 "x.json");
  EXPECT_THAT(std::string(low.status().message()), HasSubstr("above the median"));
  EXPECT_TRUE(ReadUnitCosts("/nonexistent").ok());
}

}  // namespace
}  // namespace plumbline::economics
