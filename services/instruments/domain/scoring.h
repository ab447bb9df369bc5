#ifndef PLUMBLINE_INSTRUMENTS_DOMAIN_SCORING_H_
#define PLUMBLINE_INSTRUMENTS_DOMAIN_SCORING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/stats/figure.h"
#include "instruments/domain/instrument_key.h"
#include "instruments/domain/key_catalogue.h"
#include "instruments/domain/response.h"

namespace plumbline::instruments {

// One score of one response, with what is needed to know how it came about.
struct Score {
  std::string score;        // id of the ScoreKey
  stats::Figure value;      // kNoData: no item answered; kTooFewValues: fewer than the missing rule asks for
  std::string explanation;  // why there is no value, naming the items left out; "" where there is one
  int answered = 0;
  int items = 0;
  MissingRule missing;
  Direction direction = Direction::kNone;
  Combination combination = Combination::kMean;
  std::string category;  // label, for kCategory with a value
};

// Every score of `key` for one checked sheet (as many entries as the key has items), in the order of the key.
//
// Points are those of ItemPoints(). Sum, prorated with a of k items answered: sum of points * k / a. Mean: sum of
// points / a. Points are added in the order of the score's items, so the order in which answers arrive changes no
// digit.
std::vector<Score> ScoreSheet(const InstrumentKey& key, const AnswerSheet& sheet);

// A response that was checked and scored.
struct ScoredResponse {
  std::string instrument;
  int key_version = 0;
  std::string participant;
  std::string wave;
  AnswerSheet sheet;
  std::vector<Score> scores;
};

// Checks one submission against `key` and scores it. INVALID_ARGUMENT naming everything wrong, under `place`.
absl::StatusOr<ScoredResponse> ScoreSubmission(const InstrumentKey& key, const Submission& submission,
                                               std::string_view place);

// The same for many, by the newest keys; results are in the order of the submissions. All or nothing: INVALID_ARGUMENT
// names each bad place ("responses[3].answers[0].value"), an unknown instrument, and a participant who answers one
// instrument twice in one wave.
absl::StatusOr<std::vector<ScoredResponse>> ScoreBatch(const KeyCatalogue& keys,
                                                       const std::vector<Submission>& submissions);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_DOMAIN_SCORING_H_
