// responses.csv: answers item by item, such that scoring them gives scores with the parameters' means and SDs.

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/simulate/draw.h"
#include "cli/simulate/parts.h"
#include "common/base/csv.h"

namespace plumbline::simulate {
namespace {

using Answers = std::map<std::string, std::string>;  // item to value; an item left out has ""

// `total` spread over `count` whole numbers from low to high with that sum: as even as it can be, then roughened by
// moving single points between random pairs, because people do not answer every item alike.
std::vector<int> Spread(int total, int count, int low, int high, stats::RandomStream& random) {
  std::vector<int> values(static_cast<size_t>(count), total / count);
  const int rest = total - (total / count) * count;
  for (int i = 0; i < rest; ++i) ++values[static_cast<size_t>(i)];
  for (size_t i = values.size() - 1; i > 0; --i) {
    std::swap(values[i], values[random.UniformU32(static_cast<uint32_t>(i + 1))]);
  }
  for (int move = 0; move < count / 2; ++move) {
    int& from = values[random.UniformU32(static_cast<uint32_t>(count))];
    int& to = values[random.UniformU32(static_cast<uint32_t>(count))];
    if (&from == &to || from == low || to == high) continue;
    --from;
    ++to;
  }
  return values;
}

class ResponseWriter {
 public:
  ResponseWriter(const Parameters& parameters, const Cast& cast)
      : design_(parameters.design), shape_(parameters.responses), cast_(cast) {}

  std::string Write() {
    csv_ = CsvLine({"instrument", "participant", "wave", "item", "value"});
    for (const Form& form : shape_.forms) {
      for (const auto& [wave, rates] : form.response_rates) WriteWave(form, wave, rates);
    }
    return std::move(csv_);
  }

 private:
  // One person who fills in one form in one wave.
  struct Sheet {
    const Form& form;
    const std::string& wave;
    const Team& team;
    const Worker& worker;
    stats::RandomStream random;
    double team_part;
    double person_part;
  };

  bool IsAsked(const Form& form, const std::string& wave, const Worker& worker) const {
    if (form.respondent == Respondent::kRecordedWorker && !worker.recorded) return false;
    return !(worker.leaves && wave == design_.last_wave);
  }

  void WriteWave(const Form& form, const std::string& wave, const ByArm<double>& rates) {
    for (const Team& team : cast_.teams) {
      const std::string team_purpose = absl::StrCat("team/", form.instrument);
      for (const Worker& worker : team.workers) {
        if (!IsAsked(form, wave, worker)) continue;
        Sheet sheet{.form = form,
                    .wave = wave,
                    .team = team,
                    .worker = worker,
                    .random = Stream(cast_.seed, absl::StrCat("form/", form.instrument, "/", wave), worker.index),
                    .team_part = Stream(cast_.seed, team_purpose, team.index).Normal(),
                    .person_part = Stream(cast_.seed, absl::StrCat("person/", form.instrument), worker.index).Normal()};
        if (sheet.random.UniformDouble() >= rates[team.arm]) continue;
        Append(sheet, Answer(sheet));
      }
    }
  }

  void Append(Sheet& sheet, const Answers& answers) {
    const std::string& person = sheet.form.respondent == Respondent::kFamily ? sheet.worker.family : sheet.worker.id;
    for (const std::string& item : sheet.form.items) {
      const auto answer = answers.find(item);
      std::string value = answer == answers.end() ? "" : answer->second;
      if (sheet.form.kind != FormKind::kCategory && sheet.random.UniformDouble() < shape_.item_nonresponse) value = "";
      csv_ += CsvLine({sheet.form.instrument, person, sheet.wave, item, value});
    }
  }

  Answers Answer(Sheet& sheet) const {
    if (sheet.form.kind == FormKind::kCategory) return AnswerCategory(sheet);
    Answers answers;
    for (const FormScore& score : sheet.form.scores) {
      const auto moments = score.waves.find(sheet.wave);
      if (moments == score.waves.end()) continue;
      const double z = NormalScore(sheet.team_part, sheet.person_part, sheet.random.Normal(),
                                   shape_.intracluster_correlation, shape_.within_person_correlation);
      const Moments& wanted = moments->second[sheet.team.arm];
      switch (sheet.form.kind) {
        case FormKind::kMean:
          AnswerMean(sheet, score, BoundedValue(wanted, sheet.form.minimum, sheet.form.maximum, z), answers);
          break;
        case FormKind::kLine:
          answers[score.items[0]] =
              absl::StrFormat("%.1f", BoundedValue(wanted, sheet.form.minimum, sheet.form.maximum, z));
          break;
        default:
          AnswerCases(sheet, score, BoundedValue(wanted, 0, static_cast<double>(score.items.size()), z), answers);
      }
    }
    return answers;
  }

  static void AnswerMean(Sheet& sheet, const FormScore& score, double value, Answers& answers) {
    const auto low = static_cast<int>(sheet.form.minimum);
    const auto high = static_cast<int>(sheet.form.maximum);
    const auto count = static_cast<int>(score.items.size());
    const std::vector<int> points =
        Spread(static_cast<int>(std::lround(value * count)), count, low, high, sheet.random);
    for (size_t i = 0; i < score.items.size(); ++i) {
      const bool reversed = std::find(score.reversed_items.begin(), score.reversed_items.end(), score.items[i]) !=
                            score.reversed_items.end();
      answers[score.items[i]] = absl::StrCat(reversed ? low + high - points[i] : points[i]);
    }
  }

  // GHQ-12 answers 0 to 3. Under the corrected scoring 2 and 3 count for a positive item, 1 to 3 for a negative one.
  static void AnswerCases(Sheet& sheet, const FormScore& score, double value, Answers& answers) {
    std::vector<int> counted(score.items.size(), 0);
    std::fill_n(counted.begin(), std::lround(value), 1);
    for (size_t i = counted.size() - 1; i > 0; --i) {
      std::swap(counted[i], counted[sheet.random.UniformU32(static_cast<uint32_t>(i + 1))]);
    }
    const std::vector<std::string>& positive = sheet.form.positive_items;
    for (size_t i = 0; i < score.items.size(); ++i) {
      const bool is_positive = std::find(positive.begin(), positive.end(), score.items[i]) != positive.end();
      const uint32_t below = is_positive ? 2 : 1;  // options that do not count
      const uint32_t option =
          counted[i] == 1 ? below + sheet.random.UniformU32(4 - below) : sheet.random.UniformU32(below);
      answers[score.items[i]] = absl::StrCat(option);
    }
  }

  static Answers AnswerCategory(Sheet& sheet) {
    const auto counts = sheet.form.category_counts.find(sheet.wave);
    if (counts == sheet.form.category_counts.end()) return {};
    const CategoryCounts& of_arm = counts->second[sheet.team.arm];
    std::vector<double> weights = of_arm.counts;
    weights.push_back(of_arm.no_response);
    const size_t chosen = WeightedChoice(weights, sheet.random);
    if (chosen == of_arm.counts.size()) return {};
    return {{sheet.form.items[0], absl::StrCat(chosen)}};
  }

  const Design& design_;
  const Responses& shape_;
  const Cast& cast_;
  std::string csv_;
};

}  // namespace

void WriteResponses(const Parameters& parameters, const Cast& cast, Files& files) {
  files["responses.csv"] = ResponseWriter(parameters, cast).Write();
}

}  // namespace plumbline::simulate
