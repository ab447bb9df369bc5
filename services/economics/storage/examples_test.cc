// The printed figures of the two evaluations, held against their own arithmetic: what the example files must say.
#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "economics/domain/ledger_check.h"
#include "economics/storage/ledger_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::economics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

struct Checked {
  std::map<std::string, NodeResult> results;
  std::map<std::string, LedgerNode> nodes;
  LedgerReport report;
};

Checked CheckFile(const std::string& file) {
  Checked out;
  const auto ledger = ReadLedger(std::string(PLUMBLINE_SOURCE_DIR) + "/examples/" + file);
  EXPECT_TRUE(ledger.ok()) << ledger.status();
  if (!ledger.ok()) return out;
  auto report = CheckLedger(*ledger);
  EXPECT_TRUE(report.ok()) << report.status();
  if (!report.ok()) return out;
  out.report = *report;
  for (size_t i = 0; i < ledger->size(); ++i) {
    out.results[report->nodes[i].id] = report->nodes[i];
    out.nodes[report->nodes[i].id] = ledger->spec().nodes[i];
  }
  return out;
}

std::set<std::string> WithVerdict(const Checked& checked, Verdict verdict) {
  std::set<std::string> out;
  for (const auto& [id, result] : checked.results) {
    if (result.verdict == verdict) out.insert(id);
  }
  return out;
}

TEST(PilotResponses, EveryTotalIsReproduced) {
  const Checked c = CheckFile("pilot/responses.json");
  EXPECT_EQ(c.report.does_not_follow, 0);
  EXPECT_EQ(c.report.rounding_only, 0);
  EXPECT_EQ(c.results.at("workers_left_percent").verdict, Verdict::kReproduced);  // 16 of 50: 32 %
  EXPECT_EQ(c.results.at("families_final").value, 21);                            // 40 - 11 - 8
  EXPECT_EQ(c.report.reproduced, 16);
}

TEST(PilotMeasures, FlagsHeadingsThatContradictTable1) {
  const Checked c = CheckFile("pilot/measures.json");
  EXPECT_THAT(WithVerdict(c, Verdict::kDoesNotFollow),
              UnorderedElementsAre("criterion_of_i", "lass_approach_n_i", "lass_relationship_n_i", "lass_needs_n_i",
                                   "lass_representative_n_i", "concern_n_t2_i_forms"));
  EXPECT_EQ(c.results.at("most_focused_c").verdict, Verdict::kReproduced);   // 13.04 = 3 / 23
  EXPECT_EQ(c.results.at("least_focused_i").verdict, Verdict::kReproduced);  // 21.21 = 14 / 66
  // "seven of the twelve" against 11 recordings
  EXPECT_EQ(c.results.at("criterion_of_i").value, 11);
  EXPECT_EQ(c.nodes.at("criterion_of_i").printed->value, 12);
  // Table 5: percentages leave no response out.
  EXPECT_EQ(c.results.at("concern_low_medium_percent_t2_i").verdict, Verdict::kReproduced);
  EXPECT_DOUBLE_EQ(c.results.at("concern_low_medium_percent_t2_i").value, 87.5);
}

TEST(PilotEconomics, SessionCosts) {
  const Checked c = CheckFile("pilot/economics.json");
  EXPECT_EQ(c.results.at("cost_i").verdict, Verdict::kRoundingOnly);  // 15.56, printed 15.55
  EXPECT_DOUBLE_EQ(c.results.at("cost_i").value, 15.56);
  EXPECT_EQ(c.results.at("cost_c").verdict, Verdict::kRoundingOnly);  // 22.90, printed 22.91
  EXPECT_DOUBLE_EQ(c.results.at("cost_c").value, 22.90);
  EXPECT_EQ(c.results.at("cost_se_i").verdict, Verdict::kReproduced);
  EXPECT_EQ(c.results.at("cost_se_c").verdict, Verdict::kReproduced);
}

TEST(PilotEconomics, YearlySavingDoesNotFollow) {
  const Checked c = CheckFile("pilot/economics.json");
  EXPECT_THAT(WithVerdict(c, Verdict::kDoesNotFollow), UnorderedElementsAre("saving_family"));
  const NodeResult& saving = c.results.at("saving_family");
  EXPECT_DOUBLE_EQ(c.nodes.at("saving_family").printed->value, 88.23);
  EXPECT_DOUBLE_EQ(saving.value, 88.32);
  EXPECT_NEAR(saving.unrounded, 88.10, 0.005);
  EXPECT_NEAR(saving.range->low, 88.00, 0.005);
  EXPECT_NEAR(saving.range->high, 88.21, 0.005);
  EXPECT_THAT(saving.explanation, HasSubstr("88.32"));
  EXPECT_THAT(saving.explanation, HasSubstr("88.23 does not follow"));
  for (const char* id : {"saving_worker", "saving_total"}) {
    EXPECT_EQ(c.results.at(id).verdict, Verdict::kReproduced) << id;
    EXPECT_TRUE(c.results.at(id).inherits_flag) << id;
    EXPECT_THAT(c.results.at(id).flagged_inputs, ElementsAre("saving_family")) << id;
  }
  EXPECT_DOUBLE_EQ(c.results.at("saving_worker").value, 2646.90);
  EXPECT_DOUBLE_EQ(c.results.at("saving_total").value, 132345);
}

TEST(PilotEconomics, TrainingLinesAndTotals) {
  const Checked c = CheckFile("pilot/economics.json");
  EXPECT_EQ(c.results.at("training_median").verdict, Verdict::kRoundingOnly);
  EXPECT_DOUBLE_EQ(c.results.at("training_median").value, 510.94);  // printed 511.00
  EXPECT_EQ(c.results.at("total_median").verdict, Verdict::kReproduced);
  EXPECT_DOUBLE_EQ(c.results.at("total_median").value, 1884.07);
  EXPECT_EQ(c.results.at("total_low").verdict, Verdict::kRoundingOnly);  // the lines add up to 1,726.96
  EXPECT_DOUBLE_EQ(c.results.at("total_low").value, 1726.96);
  EXPECT_EQ(c.results.at("total_high").verdict, Verdict::kRoundingOnly);  // 2,053.49
  EXPECT_DOUBLE_EQ(c.results.at("total_high").value, 2053.49);
  // Every line of Table 11 is either reproduced or rounding; these are the ones the printed rates give exactly.
  std::set<std::string> reproduced;
  for (const auto& [id, result] : c.results) {
    if (!id.starts_with("als") && !id.starts_with("training_")) continue;
    if (result.verdict == Verdict::kReproduced) reproduced.insert(id);
  }
  EXPECT_THAT(reproduced, UnorderedElementsAre("als5_high", "als6_low", "als6_high", "als7_low", "als7_high"));
}

TEST(FocusOnPracticeEconomics, DifferencesFromRoundedCells) {
  const Checked c = CheckFile("focus-on-practice/economics.json");
  EXPECT_EQ(c.results.at("need_did").verdict, Verdict::kRoundingOnly);
  EXPECT_NEAR(c.results.at("need_did").value, 105.9, 1e-9);
  EXPECT_EQ(c.results.at("absence_did").verdict, Verdict::kRoundingOnly);
  EXPECT_NEAR(c.results.at("absence_did").value, 0.9, 1e-9);
  for (const char* id : {"lac_did", "cpp_did", "turnover_did", "vacancy_did", "agency_did"}) {
    EXPECT_EQ(c.results.at(id).verdict, Verdict::kReproduced) << id;
  }
  EXPECT_THAT(WithVerdict(c, Verdict::kRoundingOnly),
              UnorderedElementsAre("need_did", "absence_did", "need_composite_change", "vacancy_composite_change",
                                   "absence_treated_change", "need_year", "need_year_footnote", "agency_saving"));
}

TEST(FocusOnPracticeEconomics, Monetisation) {
  const Checked c = CheckFile("focus-on-practice/economics.json");
  const auto reproduced = [&c](const char* id, double value) {
    EXPECT_EQ(c.results.at(id).verdict, Verdict::kReproduced) << id << ": " << c.results.at(id).explanation;
    EXPECT_NEAR(c.results.at(id).value, value, 1e-6) << id;
  };
  reproduced("lac_cases", 62);
  reproduced("lac_year", 85200);
  reproduced("lac_case_cost", 188300);
  reproduced("lac_saving", 11'700'000);
  EXPECT_NEAR(c.results.at("lac_saving").from_printed_inputs, 11'674'600, 1e-3);
  reproduced("cpp_cases", 103);
  reproduced("cpp_year", 17950);
  reproduced("cpp_case_cost", 14700);
  reproduced("cpp_saving", 1'510'000);
  reproduced("need_cases", 788);
  reproduced("need_case_cost", 1260);
  reproduced("need_saving", 992'900);
  reproduced("agency_cost_2018", 62700);
  reproduced("employed_cost", 42700);
  reproduced("premium", 22700);
  reproduced("premium_percent", 53);
  reproduced("agency_fte", 37.5);
  reproduced("total_benefit", 15'050'000);
  EXPECT_NEAR(c.results.at("total_benefit").from_printed_inputs, 15'056'000, 1e-3);
  EXPECT_EQ(c.nodes.at("total_benefit").rounding.mode, RoundingMode::kDown);
  reproduced("total_cost", 7'950'000);
  reproduced("ratio", 1.89);
  reproduced("net_benefit", 7'100'000);
  EXPECT_FALSE(c.results.at("ratio").inherits_flag);
}

TEST(FocusOnPracticeEconomics, FlagsTheFootnoteAndTheText) {
  const Checked c = CheckFile("focus-on-practice/economics.json");
  EXPECT_THAT(WithVerdict(c, Verdict::kDoesNotFollow),
              UnorderedElementsAre("cpp_year_footnote", "cpp_case_cost_footnote", "lac_text_composite_change",
                                   "cpp_text_treated_change", "cpp_text_composite_change"));
  const NodeResult& footnote = c.results.at("cpp_case_cost_footnote");
  EXPECT_NEAR(footnote.from_printed_inputs, 14309.27, 0.01);  // 17,493 x 0.818, printed 14,700
  EXPECT_TRUE(footnote.inherits_flag);
}

TEST(FocusOnPracticeMatching, NeighboursStandInOrderOfDistance) {
  const Checked c = CheckFile("focus-on-practice/matching.json");
  EXPECT_EQ(c.report.reproduced, 14);
  // Brent and Derbyshire are the same distance away in the printed digits.
  EXPECT_THAT(WithVerdict(c, Verdict::kRoundingOnly), UnorderedElementsAre("place_hammersmith_derbyshire"));
  EXPECT_NEAR(c.results.at("distance_hammersmith_brent").value, 2.22, 1e-9);
  EXPECT_NEAR(c.results.at("distance_hammersmith_derbyshire").value, 2.22, 1e-9);
  EXPECT_NEAR(c.results.at("highest_neighbour").value, 26.01, 1e-9);
}

TEST(FocusOnPracticeParticipants, OneShareDoesNotFollow) {
  const Checked c = CheckFile("focus-on-practice/participants.json");
  EXPECT_THAT(WithVerdict(c, Verdict::kDoesNotFollow), UnorderedElementsAre("role_advanced_percent"));
  EXPECT_DOUBLE_EQ(c.results.at("role_advanced_percent").value, 37.5);
  EXPECT_EQ(c.results.at("role_total").verdict, Verdict::kReproduced);  // the frequencies do add up to 16
  EXPECT_EQ(c.report.rounding_only, 0);
}

TEST(FocusOnPracticePractice, GroupMeansAreSwapped) {
  const Checked c = CheckFile("focus-on-practice/practice.json");
  EXPECT_THAT(WithVerdict(c, Verdict::kDoesNotFollow),
              UnorderedElementsAre("relationship_mean_1dp", "authority_mean_1dp", "text_collaboration_high",
                                   "text_clarity_high", "one_to_one_n"));
  EXPECT_NEAR(c.results.at("relationship_mean_1dp").value, 3.1, 1e-9);  // printed 3.4
  EXPECT_NEAR(c.results.at("authority_mean_1dp").value, 3.4, 1e-9);     // printed 3.1
  EXPECT_EQ(c.results.at("relationship_mean").verdict, Verdict::kReproduced);
  EXPECT_EQ(c.results.at("authority_mean").verdict, Verdict::kReproduced);
  EXPECT_EQ(c.results.at("overall_mean").verdict, Verdict::kReproduced);
  for (const char* skill :
       {"collaboration", "acceptance", "curiosity", "understanding", "purposefulness", "clarity", "child_focus"}) {
    for (const char* figure : {"_n", "_mean", "_median", "_mode", "_sd", "_min", "_max", "_mean_1dp"}) {
      EXPECT_EQ(c.results.at(std::string(skill) + figure).verdict, Verdict::kReproduced) << skill << figure;
    }
  }
  EXPECT_DOUBLE_EQ(c.results.at("collaboration_sd").value, 0.743);
  EXPECT_EQ(c.results.at("supervision_n").value, 15);
  EXPECT_EQ(c.results.at("pair_n").value, 14);
}

// Every file of both folders is a ledger, every printed node has a verdict, and what cannot be recomputed says why.
TEST(Examples, EveryPrintedFigureHasAVerdict) {
  int files = 0;
  for (const char* folder : {"pilot", "focus-on-practice"}) {
    for (const auto& entry :
         std::filesystem::directory_iterator(std::string(PLUMBLINE_SOURCE_DIR) + "/examples/" + folder)) {
      if (entry.path().extension() != ".json") continue;
      ++files;
      const Checked c = CheckFile(std::string(folder) + "/" + entry.path().filename().string());
      for (const auto& [id, node] : c.nodes) {
        const NodeResult& result = c.results.at(id);
        EXPECT_EQ(result.verdict == Verdict::kNotPrinted, !node.printed.has_value()) << id;
        EXPECT_FALSE(result.explanation.empty()) << id;
        EXPECT_FALSE(node.label.empty()) << id;
        EXPECT_TRUE(!result.range || result.range->Contains(result.unrounded)) << id;
      }
    }
  }
  EXPECT_EQ(files, 7);
}

TEST(UnitCosts, PilotTable9) {
  const auto costs = ReadUnitCosts(std::string(PLUMBLINE_SOURCE_DIR) + "/data/unit-costs");
  ASSERT_TRUE(costs.ok()) << costs.status();
  std::map<std::string, UnitCost> by_id;
  for (const UnitCost& cost : *costs) by_id[cost.id] = cost;
  EXPECT_DOUBLE_EQ(by_id.at("pilot-supervisor").median, 24.85);
  EXPECT_FALSE(by_id.at("pilot-social-worker").low.has_value());
  EXPECT_EQ(by_id.at("pilot-senior-lecturer").price_year, 2018);
}

}  // namespace
}  // namespace plumbline::economics
