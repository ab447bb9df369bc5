#include "cli/simulate/simulate.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/simulate/folder.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/stats/descriptives.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/economics/v1/economics.pb.h"
#include "plumbline/gateway/v1/reports.pb.h"
#include "plumbline/gateway/v1/trials.pb.h"

namespace plumbline::simulate {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

const std::string kSource = PLUMBLINE_SOURCE_DIR;
// The seed of examples/trial, as its README.md says.
constexpr uint64_t kExampleSeed = 2026;
// Bounds of sample means are this many standard errors: with some 60 means checked, chance alone passes them once in
// several hundred seeds, and the seeds are fixed.
constexpr double kStandardErrors = 4;

std::string Read(const std::string& path) {
  auto text = ReadTextFile(kSource + "/" + path);
  EXPECT_TRUE(text.ok()) << text.status();
  return text.value_or("");
}

std::string ParametersText() { return Read("data/simulation/pilot-parameters.json"); }
std::string BankText() { return Read("data/simulation/question-bank.json"); }

Parameters ShippedParameters() {
  auto parameters = ParseParameters(ParametersText(), "pilot-parameters.json");
  EXPECT_TRUE(parameters.ok()) << parameters.status();
  return *parameters;
}

QuestionBank ShippedBank() {
  auto bank = ParseQuestionBank(BankText(), "question-bank.json");
  EXPECT_TRUE(bank.ok()) << bank.status();
  return *bank;
}

Files ShippedTranscriptFiles() {
  auto files = ReadFolder(kSource + "/examples/trial-transcripts", /*recursive=*/false);
  EXPECT_TRUE(files.ok()) << files.status();
  return *files;
}

std::vector<SourceTranscript> ShippedTranscripts() {
  auto transcripts = ParseSourceTranscripts(ShippedTranscriptFiles());
  EXPECT_TRUE(transcripts.ok()) << transcripts.status();
  return *transcripts;
}

Files Make(uint64_t seed, int authorities, const std::vector<SourceTranscript>& transcripts) {
  auto files = Simulate(ShippedParameters(), ShippedBank(), transcripts, {.seed = seed, .authorities = authorities});
  EXPECT_TRUE(files.ok()) << files.status();
  return *files;
}

// A trial large enough for means to be held against the parameters.
const Files& LargeTrial() {
  static const auto* const files = new Files(Make(7, 100, {}));
  return *files;
}

CsvTable Table(const Files& files, const std::string& name) {
  auto table = CsvTable::Parse(files.at(name));
  EXPECT_TRUE(table.ok()) << name << ": " << table.status();
  return *table;
}

std::string LastPart(const std::string& name) { return name.substr(name.rfind('/') + 1); }

// Ids of the members of a trial, and the arm of each.
struct Roster {
  explicit Roster(const Files& files) : json(Json::parse(files.at("members.json"))) {
    for (const auto& authority : json["authorities"]) authorities.insert(LastPart(authority["name"]));
    for (const auto& team : json["teams"]) team_arms[LastPart(team["name"])] = team["arm"];
    for (const auto& one : json["participants"]) {
      participants[LastPart(one["name"])] = team_arms.at(one["team"].get<std::string>());
    }
    for (const auto& one : json["sessions"]) {
      sessions[LastPart(one["name"])] = team_arms.at(one["team"].get<std::string>());
    }
  }
  Json json;
  std::set<std::string> authorities;
  std::map<std::string, std::string> team_arms;
  std::map<std::string, std::string> participants;
  std::map<std::string, std::string> sessions;
};

void ExpectMean(const std::string& what, const std::vector<double>& values, const Moments& wanted,
                double design_effect) {
  const auto described = stats::Describe(values);
  ASSERT_TRUE(described.ok());
  ASSERT_GT(described->n, 50) << what;
  const double tolerance = kStandardErrors * wanted.sd * std::sqrt(design_effect / static_cast<double>(described->n));
  EXPECT_NEAR(*described->mean.value, wanted.mean, tolerance) << what;
  // The SD of a skewed sample wanders more than its mean: within a quarter.
  EXPECT_NEAR(*described->sd.value, wanted.sd, 0.25 * wanted.sd) << what;
}

TEST(SimulateTest, ExampleIsWhatItsSeedMakes) {
  const auto committed = ReadFolder(kSource + "/examples/trial", /*recursive=*/true);
  ASSERT_TRUE(committed.ok()) << committed.status();
  const Files made = Make(kExampleSeed, 12, ShippedTranscripts());
  std::set<std::string> names;
  for (const auto& [name, content] : *committed) names.insert(name);
  for (const auto& [name, content] : made) {
    EXPECT_TRUE(names.contains(name)) << "missing in examples/trial: " << name;
    if (names.contains(name)) {
      EXPECT_TRUE(committed->at(name) == content) << "differs: " << name;
    }
    names.erase(name);
  }
  EXPECT_TRUE(names.empty()) << "not made by the seed: " << *names.begin();
}

TEST(SimulateTest, SameSeedSameBytesOtherSeedOthers) {
  const auto transcripts = ShippedTranscripts();
  EXPECT_TRUE(Make(11, 4, transcripts) == Make(11, 4, transcripts));
  const Files one = Make(11, 4, transcripts);
  const Files other = Make(12, 4, transcripts);
  for (const char* name : {"members.json", "responses.csv", "report.json", "coding/codes.csv"}) {
    EXPECT_NE(one.at(name), other.at(name)) << name;
  }
}

// A larger trial begins with the smaller one: streams belong to what they are for, not to the order of drawing.
TEST(SimulateTest, MoreAuthoritiesChangeNothingOfTheFirst) {
  const std::string small = Make(3, 2, {}).at("coding/codes.csv");
  EXPECT_EQ(Make(3, 5, {}).at("coding/codes.csv").substr(0, small.size()), small);
}

TEST(SimulateTest, EveryReferenceResolves) {
  const Files files = Make(kExampleSeed, 12, ShippedTranscripts());
  const Roster roster(files);
  EXPECT_EQ(roster.authorities.size(), 12u);
  EXPECT_EQ(roster.team_arms.size(), 24u);
  EXPECT_EQ(roster.sessions.size(), 48u);
  std::map<std::string, std::set<std::string>> arms;
  for (const auto& team : roster.json["teams"]) {
    EXPECT_TRUE(roster.authorities.contains(team["authority"].get<std::string>()));
    arms[team["authority"]].insert(team["arm"]);
  }
  for (const auto& [authority, of_authority] : arms) EXPECT_EQ(of_authority.size(), 2u) << authority;
  std::set<std::string> waves;
  const Json trial = Json::parse(files.at("trial.json"));
  for (const auto& wave : trial["trial"]["waves"]) waves.insert(wave["id"]);
  EXPECT_TRUE(trial["trial"]["synthetic"].get<bool>());
  EXPECT_THAT(trial["trial"]["title"].get<std::string>(), HasSubstr("Synthetic"));
  for (const auto& session : roster.json["sessions"]) {
    EXPECT_TRUE(roster.participants.contains(session["supervisor"].get<std::string>()));
    EXPECT_TRUE(waves.contains(session["wave"].get<std::string>()));
  }
  const CsvTable responses = Table(files, "responses.csv");
  for (size_t row = 0; row < responses.rows(); ++row) {
    ASSERT_TRUE(roster.participants.contains(responses.Cell(row, "participant"))) << row;
    ASSERT_TRUE(waves.contains(responses.Cell(row, "wave"))) << row;
  }
  const Json report = Json::parse(files.at("report.json"));
  EXPECT_EQ(report["study"], "studies/" + Json::parse(files.at("study.json"))["studyId"].get<std::string>());
  std::set<std::string> unit_costs;
  for (const auto& [name, content] : files) {
    if (name.starts_with("unit-costs/")) {
      unit_costs.insert("unitCosts/" + Json::parse(content)["unitCostId"].get<std::string>());
    }
  }
  for (const auto& id : report["sessionUnitCosts"]) EXPECT_TRUE(unit_costs.contains(id.get<std::string>())) << id;
  EXPECT_TRUE(unit_costs.contains(report["training"]["supervisorUnitCost"].get<std::string>()));
  EXPECT_TRUE(unit_costs.contains(report["training"]["lecturerUnitCost"].get<std::string>()));
  std::set<std::string> outcomes;
  for (const auto& outcome : report["outcomes"]) outcomes.insert(outcome["outcome"]);
  for (const auto& stream : report["benefits"]["streams"]) {
    EXPECT_TRUE(outcomes.contains(stream["id"].get<std::string>())) << stream;
  }
}

TEST(SimulateTest, EveryQuestionIsCodedOnceByEveryCoder) {
  const Files files = Make(kExampleSeed, 12, ShippedTranscripts());
  const Roster roster(files);
  const CsvTable questions = Table(files, "coding/questions.csv");
  const CsvTable codes = Table(files, "coding/codes.csv");
  const auto key = [](const CsvTable& table, size_t row) {
    return absl::StrCat(table.Cell(row, "session"), "|", table.Cell(row, "turn"), "|", table.Cell(row, "question"));
  };
  std::map<std::string, std::set<std::string>> coders;
  std::set<std::string> sessions;
  for (size_t row = 0; row < questions.rows(); ++row) {
    EXPECT_TRUE(coders.emplace(key(questions, row), std::set<std::string>{}).second)
        << "twice: " << key(questions, row);
    sessions.insert(questions.Cell(row, "session"));
  }
  EXPECT_EQ(sessions.size(), roster.sessions.size());
  for (size_t row = 0; row < codes.rows(); ++row) {
    const auto question = coders.find(key(codes, row));
    ASSERT_NE(question, coders.end()) << key(codes, row);
    EXPECT_TRUE(question->second.insert(codes.Cell(row, "coder")).second) << key(codes, row);
    EXPECT_EQ(codes.Cell(row, "outcomes_focused") == "1", !codes.Cell(row, "nominated").empty()) << key(codes, row);
  }
  for (const auto& [question, by] : coders) EXPECT_EQ(by.size(), 3u) << question;
  size_t transcripts = 0;
  for (const auto& [name, content] : files) {
    if (!name.starts_with("coding/") || name.ends_with("questions.csv") || name.ends_with("codes.csv")) continue;
    ++transcripts;
    EXPECT_TRUE(sessions.contains(name.substr(7, name.rfind('.') - 7))) << name;
  }
  EXPECT_EQ(transcripts, 12u);
}

// The names and types of every field are those of the contracts.
template <typename Message>
void ExpectMessage(const Files& files, const std::string& name) {
  Message message;
  const auto status = google::protobuf::util::JsonStringToMessage(files.at(name), &message);
  EXPECT_TRUE(status.ok()) << name << ": " << status.ToString();
}

TEST(SimulateTest, JsonFilesAreTheMessagesThatRunReads) {
  const Files files = Make(kExampleSeed, 12, {});
  ExpectMessage<gateway::v1::CreateTrialRequest>(files, "trial.json");
  ExpectMessage<gateway::v1::BatchCreateMembersRequest>(files, "members.json");
  ExpectMessage<coding::v1::CreateStudyRequest>(files, "study.json");
  ExpectMessage<gateway::v1::ReportSpec>(files, "report.json");
  ExpectMessage<economics::v1::CreateUnitCostRequest>(files, "unit-costs/supervisor.json");
  economics::v1::CreateUnitCostRequest worker;
  ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(files.at("unit-costs/social-worker.json"), &worker).ok());
  EXPECT_EQ(worker.unit_cost().median_gbp_per_hour(), 17.63);
  EXPECT_EQ(worker.unit_cost().low_gbp_per_hour(), 0) << "the pilot prints a median only";
}

TEST(SimulateTest, SessionsComeOutNearThePilot) {
  const Files& files = LargeTrial();
  const Roster roster(files);
  const Parameters parameters = ShippedParameters();
  std::map<std::string, std::map<std::string, std::pair<int, int>>> votes;  // session, question: yes and all
  const CsvTable codes = Table(files, "coding/codes.csv");
  int unanimous = 0, items = 0;
  for (size_t row = 0; row < codes.rows(); ++row) {
    auto& vote = votes[codes.Cell(row, "session")][codes.Cell(row, "turn") + codes.Cell(row, "question")];
    vote.first += codes.Cell(row, "outcomes_focused") == "1" ? 1 : 0;
    ++vote.second;
  }
  ByArm<std::vector<double>> share, questions, minutes;
  for (const auto& session : roster.json["sessions"]) {
    const std::string id = LastPart(session["name"]);
    const Arm arm = roster.sessions.at(id) == "intervention" ? Arm::kIntervention : Arm::kComparison;
    int yes = 0;
    for (const auto& [question, vote] : votes.at(id)) {
      yes += 2 * vote.first > vote.second ? 1 : 0;
      unanimous += vote.first == 0 || vote.first == vote.second ? 1 : 0;
      ++items;
    }
    const auto asked = static_cast<double>(votes.at(id).size());
    share[arm].push_back(yes / asked);
    questions[arm].push_back(asked);
    int seconds = 0;
    ASSERT_TRUE(absl::SimpleAtoi(absl::StrReplaceAll(session["duration"].get<std::string>(), {{"s", ""}}), &seconds));
    minutes[arm].push_back(seconds / 60.0);
  }
  for (const Arm arm : kAllArms) {
    // Two sessions of a team share its part of the score: design effect 1 + icc. Majority of three at 0.974 turns one
    // question in 500, and draws of questions are cut to 5..150: both far below the bounds.
    ExpectMean("share", share[arm], parameters.sessions.share[arm], 1.05);
    ExpectMean("questions", questions[arm], parameters.sessions.questions[arm], 1);
    ExpectMean("minutes", minutes[arm], parameters.sessions.minutes[arm], 1);
  }
  const double agreement = 98.0 / 106;
  EXPECT_NEAR(static_cast<double>(unanimous) / items, agreement,
              kStandardErrors * std::sqrt(agreement * (1 - agreement) / items));
}

// Scores one sheet by the shipped key, read here anew; nullopt where an item is missing.
std::optional<double> ScoreByKey(const Json& score, const Json& key, const std::map<std::string, std::string>& sheet) {
  double sum = 0;
  for (const auto& item : score["items"]) {
    const std::string id = item;
    const auto answer = sheet.find(id);
    double value = 0;
    if (answer == sheet.end() || !absl::SimpleAtod(answer->second, &value)) return std::nullopt;
    for (const auto& reversed : score.value("reversed_items", Json::array())) {
      if (reversed == item) value = 8 - value;  // only forms from 1 to 7 have reversed items
    }
    if (score.contains("points")) {
      for (const auto& entry : key["items"]) {
        if (entry["id"] == item)
          value = score["points"][entry["polarity"].get<std::string>()][static_cast<size_t>(value)];
      }
    }
    sum += value;
  }
  return score["combination"] == "mean" ? sum / static_cast<double>(score["items"].size()) : sum;
}

TEST(SimulateTest, ScoresByTheShippedKeysComeOutNearThePilot) {
  const Files& files = LargeTrial();
  const Roster roster(files);
  std::map<std::string, std::map<std::pair<std::string, std::string>, std::map<std::string, std::string>>> sheets;
  const CsvTable responses = Table(files, "responses.csv");
  for (size_t row = 0; row < responses.rows(); ++row) {
    sheets[responses.Cell(row, "instrument")][{responses.Cell(row, "wave"), responses.Cell(row, "participant")}]
          [responses.Cell(row, "item")] = responses.Cell(row, "value");
  }
  int checked = 0;
  for (const Form& form : ShippedParameters().responses.forms) {
    if (form.kind == FormKind::kCategory) continue;
    const Json key = Json::parse(Read(absl::StrCat("data/instruments/", form.instrument, "-v1.json")));
    for (const FormScore& score : form.scores) {
      const Json* in_key = nullptr;
      for (const auto& entry : key["scores"]) {
        if (entry["id"] == score.id) in_key = &entry;
      }
      ASSERT_NE(in_key, nullptr) << form.instrument << " " << score.id;
      for (const auto& [wave, moments] : score.waves) {
        ByArm<std::vector<double>> values;
        for (const auto& [who, sheet] : sheets[form.instrument]) {
          if (who.first != wave) continue;
          const bool treated = roster.participants.at(who.second) == "intervention";
          const auto value = ScoreByKey(*in_key, key, sheet);
          if (value) values[treated ? Arm::kIntervention : Arm::kComparison].push_back(*value);
        }
        for (const Arm arm : kAllArms) {
          // Five people in a team: design effect 1 + 4 icc.
          ExpectMean(absl::StrCat(form.instrument, " ", score.id, " ", wave, " ", ToString(arm)), values[arm],
                     moments[arm], 1.2);
          ++checked;
        }
      }
    }
  }
  EXPECT_EQ(checked, 32);
}

TEST(SimulateTest, AnswersStayInRangeAndPeopleLeave) {
  const Files& files = LargeTrial();
  const Parameters parameters = ShippedParameters();
  std::map<std::string, std::set<std::string>> alliance;  // by wave
  size_t blank = 0, asked = 0;
  const CsvTable responses = Table(files, "responses.csv");
  for (size_t row = 0; row < responses.rows(); ++row) {
    const auto form =
        std::find_if(parameters.responses.forms.begin(), parameters.responses.forms.end(),
                     [&](const Form& candidate) { return candidate.instrument == responses.Cell(row, "instrument"); });
    ASSERT_NE(form, parameters.responses.forms.end());
    if (form->instrument == "swai") alliance[responses.Cell(row, "wave")].insert(responses.Cell(row, "participant"));
    const std::string& value = responses.Cell(row, "value");
    if (form->kind != FormKind::kCategory) ++asked;
    if (value.empty()) {
      if (form->kind != FormKind::kCategory) ++blank;
      continue;
    }
    double number = 0;
    ASSERT_TRUE(absl::SimpleAtod(value, &number)) << value;
    ASSERT_TRUE(number >= form->minimum && number <= form->maximum) << form->instrument << " " << value;
  }
  EXPECT_NEAR(static_cast<double>(blank) / static_cast<double>(asked), 0.004,
              kStandardErrors * std::sqrt(0.004 / static_cast<double>(asked)));
  // 1000 workers, 32% of whom leave, 26 of 34 of the others answer at the end.
  const double expected = 1000 * 0.68 * 26 / 34;
  EXPECT_NEAR(static_cast<double>(alliance["t3"].size()), expected,
              kStandardErrors * std::sqrt(expected * (1 - expected / 1000)));
  EXPECT_GT(alliance["t1"].size(), 950u);
}

// The difference-in-differences of the rows, computed here by its definition, lies near the published one. Variance of
// an authority's change: level variation times the group's change, plus change variation times the later level; weights
// with a coefficient of variation of 0.32 cost a tenth.
TEST(SimulateTest, OutcomesOfAuthoritiesComeOutNearFocusOnPractice) {
  const Parameters parameters = ShippedParameters();
  const Json report = Json::parse(LargeTrial().at("report.json"));
  ASSERT_EQ(report["outcomes"].size(), parameters.authorities.outcomes.size());
  for (size_t i = 0; i < report["outcomes"].size(); ++i) {
    const Outcome& wanted = parameters.authorities.outcomes[i];
    std::map<std::pair<bool, bool>, std::pair<double, double>> sums;  // (treated, after): weighted sum, weights
    ASSERT_EQ(report["outcomes"][i]["rows"].size(), 400u);
    for (const auto& row : report["outcomes"][i]["rows"]) {
      auto& [sum, weights] = sums[{row["treated"], row["after"]}];
      sum += row["value"].get<double>() * row["weight"].get<double>();
      weights += row["weight"].get<double>();
    }
    const auto mean = [&](bool treated, bool after) {
      return sums[{treated, after}].first / sums[{treated, after}].second;
    };
    const double estimate = mean(false, true) - mean(false, false) - (mean(true, true) - mean(true, false));
    const double published =
        wanted.comparison_after - wanted.comparison_before - (wanted.treated_after - wanted.treated_before);
    const auto variance = [&](double before, double after) {
      return std::pow(parameters.authorities.level_variation * (after - before), 2) +
             std::pow(parameters.authorities.change_variation * after, 2);
    };
    const double error = std::sqrt(1.1 / 100 *
                                   (variance(wanted.treated_before, wanted.treated_after) +
                                    variance(wanted.comparison_before, wanted.comparison_after)));
    EXPECT_NEAR(estimate, published, kStandardErrors * error + 0.02) << wanted.id;  // rows are rounded to tenths
  }
}

std::string Refusal(const absl::Status& status) {
  std::string out(status.message());
  if (const auto detail = GetErrorDetail(status)) {
    for (const auto& violation : detail->violations)
      absl::StrAppend(&out, "\n", violation.field, " ", violation.description);
  }
  return out;
}

TEST(SimulateTest, BadParametersAreRefusedByName) {
  const struct {
    const char* from;
    const char* to;
    const char* place;
    const char* rule;
  } cases[] = {
      {"\"value\": 0.32", "\"value\": 1.32", "p.json: design.turnover.value", "from 0 to 1"},
      {"\"sessions_per_team\": {\"value\": 2", "\"sessions_per_team\": {\"value\": 9", "p.json: design",
       "more sessions than it has workers"},
      {"\"mean\": 0.084, \"sd\": 0.036", "\"mean\": 0.084, \"sd\": 0.9",
       "p.json: sessions.outcomes_focused_share.comparison", "no distribution"},
      {"\"weight_growth\": {\"value\": 0.02, \"source\"", "\"weight_growth\": {\"value\": 0.02, \"sauce\"",
       "p.json: authorities.weight_growth.source", ""},
      {"\"session_unit_costs\": [\"supervisor\"", "\"session_unit_costs\": [\"porter\"", "p.json: costs",
       "must be the id of one of the unit costs"},
      {"\"reversed_items\": [\"4\", \"10\"]", "\"reversed_items\": [\"4\", \"99\"]",
       "p.json: responses.forms[5].scores[2]", "must be one of the form's items"},
      {"\"kind\": \"cases\"", "\"kind\": \"guess\"", "p.json: responses.forms[3]", "must be one of mean, line"},
      {"\"judgement_accuracy\"", "\"judgment_accuracy\"", "p.json: coding.judgement_accuracy", ""},
  };
  const std::string text = ParametersText();
  for (const auto& [from, to, place, rule] : cases) {
    ASSERT_NE(text.find(from), std::string::npos) << from;
    const auto parsed = ParseParameters(absl::StrReplaceAll(text, {{from, to}}), "p.json");
    ASSERT_FALSE(parsed.ok()) << to;
    EXPECT_EQ(parsed.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(Refusal(parsed.status()), HasSubstr(place));
    EXPECT_THAT(Refusal(parsed.status()), HasSubstr(rule));
  }
  for (const std::string& bad :
       {std::string("{"), std::string("[]"), std::string(""), std::string(kMaxParameterBytes + 1, ' ')}) {
    EXPECT_FALSE(ParseParameters(bad, "p.json").ok());
  }
}

TEST(SimulateTest, BadBankTranscriptsAndRequestsAreRefusedByName) {
  const auto bank = ParseQuestionBank(absl::StrReplaceAll(BankText(), {{"{issue}?\"", "{isue}?\""}}), "b.json");
  ASSERT_FALSE(bank.ok());
  EXPECT_THAT(Refusal(bank.status()), HasSubstr("{isue}"));

  Files files = ShippedTranscriptFiles();
  files["questions.csv"] +=
      "case-list,2,When?,direct,0,\n"        // the worker's turn
      "case-list,900,When?,direct,0,\n"      // no such turn
      "case-list,3,Never said?,direct,0,\n"  // other words
      "nobody,1,When?,direct,0,\n";
  const auto transcripts = ParseSourceTranscripts(files);
  ASSERT_FALSE(transcripts.ok());
  for (const char* rule : {"must be a turn of the supervisor", "the transcript has no such turn",
                           "the turn does not hold these words", "must stand in transcripts.csv"}) {
    EXPECT_THAT(Refusal(transcripts.status()), HasSubstr(rule));
  }

  const Parameters parameters = ShippedParameters();
  EXPECT_THAT(Refusal(Simulate(parameters, ShippedBank(), {}, {.seed = 0, .authorities = 12}).status()),
              HasSubstr("seed"));
  EXPECT_THAT(Refusal(Simulate(parameters, ShippedBank(), {}, {.seed = 1, .authorities = 1}).status()),
              HasSubstr("authorities"));
  QuestionBank without = ShippedBank();
  without.outcomes_focused.erase("4a");
  EXPECT_THAT(Refusal(Simulate(parameters, without, {}, {.seed = 1, .authorities = 2}).status()), HasSubstr("4a"));
}

TEST(SimulateTest, NothingIsWrittenOver) {
  const std::string folder = absl::StrCat(::testing::TempDir(), "/plumbline_simulate_test_folder");
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  ASSERT_TRUE(WriteFolder(folder, {{"a/b.txt", "one"}, {"empty.txt", ""}}).ok());
  const auto back = ReadFolder(folder, /*recursive=*/true);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, (Files{{"a/b.txt", "one"}, {"empty.txt", ""}}));
  EXPECT_EQ(WriteFolder(folder, {{"c.txt", "two"}}).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReadFolder(folder, /*recursive=*/true)->size(), 2u);
  std::filesystem::remove_all(folder, error);
}

}  // namespace
}  // namespace plumbline::simulate
