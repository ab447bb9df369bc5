#ifndef PLUMBLINE_CLI_SIMULATE_PARAMETERS_H_
#define PLUMBLINE_CLI_SIMULATE_PARAMETERS_H_

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

// What a synthetic trial is made from: figures of published evaluations, read from a data file in which every figure
// stands with its source (data/simulation/pilot-parameters.json). Plain data; const use from several threads is safe.
namespace plumbline::simulate {

// Arms in the order of the trial.
enum class Arm { kIntervention = 0, kComparison = 1 };
inline constexpr size_t kArms = 2;
inline constexpr std::array<Arm, kArms> kAllArms = {Arm::kIntervention, Arm::kComparison};
const char* ToString(Arm arm);  // "intervention", "comparison": ids of the arms and names in the data file

template <typename T>
struct ByArm {
  std::array<T, kArms> values{};
  const T& operator[](Arm arm) const { return values[static_cast<size_t>(arm)]; }
  T& operator[](Arm arm) { return values[static_cast<size_t>(arm)]; }
};

struct Moments {
  double mean = 0;
  double sd = 0;  // of single values, n - 1
};

// Sizes. The pilot had one team in each arm; a trial has many.
struct Design {
  int supervisors_per_team = 0;
  int workers_per_team = 0;  // each with one family
  int sessions_per_team = 0;
  double turnover = 0;       // share of workers who leave between the first and the last wave
  std::string session_wave;  // wave in which sessions are recorded
  std::string last_wave;     // wave that workers who left do not answer
};

struct Sessions {
  ByArm<Moments> share;                         // of the supervisor's questions that are outcomes-focused, 0 to 1
  ByArm<Moments> questions;                     // number asked
  ByArm<Moments> minutes;                       // length
  double length_correlation = 0;                // between number of questions and length, of their normal scores
  std::map<std::string, double> entry_weights;  // how often each list question is the one asked, relative
};

struct Coding {
  std::vector<std::string> coders;
  double judgement_accuracy = 0;   // chance that a coder's yes or no is the true one
  double nomination_accuracy = 0;  // chance that a coder nominates the true entry; else any other, all alike
};

// Who fills in a form.
enum class Respondent { kWorker, kRecordedWorker, kFamily };

// How answers are made from scores.
//   kMean      whole numbers whose mean over the score's items is the score
//   kLine      one visual analogue line for each score, to one decimal
//   kCases     GHQ-12: as many items count one under the corrected scoring as the score says
//   kCategory  one answer, drawn with given chances
enum class FormKind { kMean, kLine, kCases, kCategory };

struct FormScore {
  std::string id;
  std::vector<std::string> items;
  std::vector<std::string> reversed_items;
  std::map<std::string, ByArm<Moments>> waves;  // kMean, kLine, kCases
};

// `categories` may end in an answer left out.
struct CategoryCounts {
  std::vector<double> counts;
  double no_response = 0;
};

struct Form {
  std::string instrument;
  Respondent respondent = Respondent::kWorker;
  FormKind kind = FormKind::kMean;
  std::vector<std::string> items;           // all items of the form, as the key has them
  std::vector<std::string> positive_items;  // kCases
  double minimum = 0;
  double maximum = 0;
  std::vector<FormScore> scores;
  std::map<std::string, ByArm<double>> response_rates;           // by wave: share of those asked who answered
  std::map<std::string, ByArm<CategoryCounts>> category_counts;  // kCategory, by wave
};

struct Responses {
  double intracluster_correlation = 0;   // of normal scores within a team
  double within_person_correlation = 0;  // between any two scores of a person on one form, team part included
  double item_nonresponse = 0;           // chance that a single item is left out
  std::vector<Form> forms;
};

enum class Weight { kChildren, kSocialWorkers };

struct Outcome {
  std::string id;
  std::string label;
  std::string unit;
  std::string source;
  Weight weight = Weight::kChildren;
  double treated_before = 0;
  double treated_after = 0;
  double comparison_before = 0;
  double comparison_after = 0;
  // What one case costs, GBP; 0: not valued.
  double value_per_case_gbp = 0;
  double per = 0;               // what a difference is per: 10000 or 100
  double case_granularity = 0;  // rounding of the number of cases
  std::string value_source;
};

struct Authorities {
  Moments children;               // aged 5 to 16 in one authority
  Moments social_workers;         // full-time equivalents in one authority
  double weight_growth = 0;       // of both, from before to after
  double level_variation = 0;     // coefficient of variation of an outcome between authorities
  double change_variation = 0;    // coefficient of variation of an authority's own change
  double programme_cost_gbp = 0;  // for each authority
  std::string programme_cost_source;
  int price_year = 0;
  std::vector<Outcome> outcomes;
};

struct UnitCost {
  std::string id;
  std::string role;
  double low = 0;     // GBP an hour; 0: not known
  double median = 0;  // GBP an hour
  double high = 0;    // GBP an hour; 0: not known
  std::string source;
};

struct TrainingEvent {
  std::string label;
  double hours = 0;
  int supervisors = 0;
  int lecturers = 0;
  double travel_gbp = 0;
};

struct Costs {
  int price_year = 0;
  std::vector<UnitCost> unit_costs;
  std::vector<std::string> session_unit_costs;
  std::string supervisor_unit_cost;
  std::string lecturer_unit_cost;
  std::vector<TrainingEvent> training;
};

struct Parameters {
  Design design;
  Sessions sessions;
  Coding coding;
  Responses responses;
  Authorities authorities;
  Costs costs;
};

inline constexpr size_t kMaxParameterBytes = 1u << 20;
inline constexpr double kMaxQuestions = 150;  // of one session; longer draws are cut to it
inline constexpr double kMinQuestions = 5;

// Reads the data file. INVALID_ARGUMENT with the place (`file` first, then the path in the JSON), value and rule of
// what is wrong: text that is not JSON, a field that is missing or of another type, a figure without a source, a chance
// outside 0 to 1, a mean outside its range, an SD that no distribution on the range can have, a reference to a unit
// cost or wave that does not exist.
absl::StatusOr<Parameters> ParseParameters(std::string_view text, std::string_view file);

}  // namespace plumbline::simulate

#endif  // PLUMBLINE_CLI_SIMULATE_PARAMETERS_H_
