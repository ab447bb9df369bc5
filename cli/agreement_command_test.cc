#include "cli/agreement_command.h"

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "common/base/csv.h"
#include "common/base/env.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"

namespace plumbline::cli {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

constexpr char kKrippendorffC[] =
    "unit,A,B,C,D\n1,1,1,,1\n2,2,2,3,2\n3,3,3,3,3\n4,3,3,3,3\n5,2,2,2,2\n6,1,2,3,4\n7,4,4,4,4\n8,1,1,2,1\n"
    "9,2,2,2,2\n10,NA,5,5,5\n11,,,1,1\n12,,,3,\n";

struct Outcome {
  int code = 0;
  std::string out;
  std::string error;

  Json json() const { return Json::parse(out); }
  Json measure(const std::string& id) const {
    const Json all = json();
    for (const Json& measure : all["measures"]) {
      if (measure["id"] == id) return measure;
    }
    return {};
  }
};

Outcome Execute(const std::string& csv, AgreementOptions options) {
  options.file = "-";
  std::istringstream in(csv);
  std::ostringstream out;
  testing::internal::CaptureStderr();
  Outcome run;
  run.code = Agreement(options, in, out);
  run.error = testing::internal::GetCapturedStderr();
  run.out = out.str();
  return run;
}

AgreementOptions JsonOptions() {
  AgreementOptions options;
  options.json = true;
  options.replicates = 500;
  return options;
}

TEST(AgreementCommand, JsonHoldsEveryMeasureOfKrippendorffsTable) {
  AgreementOptions options = JsonOptions();
  options.level = "ratio";
  options.weights = "quadratic";
  const Outcome run = Execute(kKrippendorffC, options);
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_EQ(run.out.find('\n'), run.out.size() - 1);
  const Json json = run.json();
  EXPECT_EQ(json["counts"]["units"], 12);
  EXPECT_EQ(json["counts"]["missing"], 7);
  EXPECT_EQ(json["counts"]["unanimous"], 8);
  EXPECT_EQ(json["coders"], Json::parse(R"(["A", "B", "C", "D"])"));
  EXPECT_EQ(json["categories"], Json::parse(R"(["1", "2", "3", "4", "5"])"));
  // Published: Krippendorff's .743, .815, .849, .797; irrCAC's README for the rest.
  const std::map<std::string, double> values = {{"krippendorff-alpha-nominal", 0.743421},
                                                {"krippendorff-alpha-ordinal", 0.815388},
                                                {"krippendorff-alpha-interval", 0.849107},
                                                {"krippendorff-alpha-ratio", 0.797403},
                                                {"fleiss-kappa-missing", 0.76117},
                                                {"gwet-ac1", 0.77544},
                                                {"brennan-prediger", 0.77273},
                                                {"percent-pairwise", 0.818182},
                                                {"gwet-ac2-quadratic", 0.914001}};
  for (const auto& [id, value] : values) {
    const Json measure = run.measure(id);
    EXPECT_NEAR(measure["value"].get<double>(), value, 5e-6) << id;
    EXPECT_GT(measure["standard_error"].get<double>(), 0) << id;
    EXPECT_EQ(measure["interval"]["kind"], "t") << id;
    EXPECT_EQ(measure["bootstrap"]["replicates"], 500) << id;
    EXPECT_LE(measure["bootstrap"]["interval"]["low"].get<double>(), value) << id;
    EXPECT_EQ(measure["units"].get<int>() + measure["units_left_out"].get<int>(), 12) << id;
  }
  EXPECT_NEAR(run.measure("gwet-ac1")["p"].get<double>(), 0.000208721, 5e-10);
  EXPECT_EQ(json["by_category"].size(), 5u);
  ASSERT_EQ(json["by_pair"].size(), 6u);
  EXPECT_EQ(json["by_pair"][0]["confusion"].size(), 5u);
  EXPECT_EQ(json["by_coder"][0]["missing"], 3);
}

TEST(AgreementCommand, NoVariationIsNullWithItsReason) {
  const Outcome run = Execute("A,B\n1,1\n1,1\n", JsonOptions());
  ASSERT_EQ(run.code, 0) << run.error;
  const Json all = run.json();
  for (const Json& measure : all["measures"]) {
    if (measure["id"].get<std::string>().rfind("percent", 0) == 0) {
      EXPECT_EQ(measure["value"], 1.0);
      continue;
    }
    EXPECT_TRUE(measure["value"].is_null()) << measure;
    EXPECT_EQ(measure["undefined"], "undefined for lack of variation");
    EXPECT_TRUE(measure["interval"].is_null());
    EXPECT_TRUE(measure["bootstrap"]["interval"].is_null());
  }
}

TEST(AgreementCommand, DigitsDependOnTheSeedAndOnNothingElse) {
  AgreementOptions options = JsonOptions();
  const Outcome one = Execute(kKrippendorffC, options);
  for (const unsigned threads : {2u, 7u}) {
    options.threads = threads;
    EXPECT_EQ(Execute(kKrippendorffC, options).out, one.out);
  }
  options.seed = 2;
  EXPECT_NE(Execute(kKrippendorffC, options).out, one.out);
}

TEST(AgreementCommand, LongFormIsTheSameTable) {
  AgreementOptions options = JsonOptions();
  std::string long_form = "unit,coder,code\n";
  const auto wide = CsvTable::Parse(kKrippendorffC);
  for (size_t row = 0; row < wide->rows(); ++row) {
    for (const char* coder : {"A", "B", "C", "D"}) {
      long_form += CsvLine({wide->Cell(row, "unit"), coder, wide->Cell(row, coder)});
    }
  }
  const Outcome run = Execute(kKrippendorffC, options);
  options.long_form = true;
  EXPECT_EQ(Execute(long_form, options).out, run.out);
}

TEST(AgreementCommand, TextForPeople) {
  AgreementOptions options;
  options.replicates = 300;
  const Outcome run = Execute(kKrippendorffC, options);
  ASSERT_EQ(run.code, 0) << run.error;
  for (const char* part :
       {"12 units, 4 coders, 5 categories; 7 of 48 codes missing; 8 of 11 units", "krippendorff-alpha-nominal  0.7434",
        "300 replicates, seed 1", "By category", "By pair of coders", "By coder"}) {
    EXPECT_THAT(run.out, HasSubstr(part));
  }
}

TEST(AgreementCommand, BadInputIsExitCodeTwoAndNamesThePlace) {
  const auto refused = [](const std::string& csv, const AgreementOptions& options, const std::string& part) {
    const Outcome run = Execute(csv, options);
    EXPECT_EQ(run.code, 2) << part;
    EXPECT_EQ(run.out, "") << part;
    EXPECT_THAT(run.error, HasSubstr(part));
  };
  AgreementOptions options;
  options.level = "interval";
  refused("A,B\n1,2\n3,x\n", options, "row 3, column B: value \"x\": must be a number");
  options.level = "metric";
  refused("A,B\n1,2\n", options, "--level");
  options.level = "nominal";
  options.weights = "cubic";
  refused("A,B\n1,2\n", options, "--weights");
  options.weights = "linear";
  refused("A,B\nx,y\n", options, "--categories");
  options.weights = "none";
  options.confidence = 95;
  refused("A,B\n1,2\n", options, "--confidence");
  options.confidence = 0.95;
  refused("", options, "header");
  refused("A,B\n1\n", options, "row 2");
  options.replicates = 2'000'000;
  refused("A,B\n1,2\n", options, "--replicates");
  std::ostringstream out;
  options.file = "/no/such/file.csv";
  testing::internal::CaptureStderr();
  EXPECT_EQ(Agreement(options, std::cin, out), 2);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("/no/such/file.csv"));
}

// Three independent blind codings of 106 real questions, kept outside the repository.
TEST(AgreementCommand, ThreeCodingsOf106Questions) {
  const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
  if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: transcripts/codes.csv is not at hand";
  std::ifstream file(shared + "/transcripts/codes.csv");
  if (!file) GTEST_SKIP() << "no transcripts/codes.csv under PLUMBLINE_SHARED";
  std::stringstream text;
  text << file.rdbuf();
  const auto codes = CsvTable::Parse(text.str());
  std::string long_form = "unit,coder,code\n";
  for (size_t row = 0; row < codes->rows(); ++row) {
    long_form +=
        CsvLine({codes->Cell(row, "blind_item"), codes->Cell(row, "coder"), codes->Cell(row, "outcomes_focused")});
  }
  AgreementOptions options = JsonOptions();
  options.long_form = true;
  const Outcome run = Execute(long_form, options);
  ASSERT_EQ(run.code, 0) << run.error;
  EXPECT_NEAR(run.measure("fleiss-kappa")["value"].get<double>(), 0.880631, 5e-7);
  EXPECT_NEAR(run.measure("krippendorff-alpha-nominal")["value"].get<double>(), 0.881006, 5e-7);
  EXPECT_EQ(run.json()["counts"]["unanimous"], 98);
  EXPECT_EQ(run.json()["counts"]["units"], 106);
}

}  // namespace
}  // namespace plumbline::cli
