#include "instruments/domain/scoring.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::instruments {
namespace {

int RequiredAnswers(const ScoreKey& score) {
  return score.missing.kind == MissingRuleKind::kNoneAllowed ? static_cast<int>(score.items.size())
                                                             : score.missing.min_answered;
}

std::string Explain(const ScoreKey& key, const std::vector<std::string>& left_out) {
  constexpr size_t kMaxNamed = 12;
  const size_t named = std::min(left_out.size(), kMaxNamed);
  std::string items = absl::StrJoin(left_out.begin(), left_out.begin() + static_cast<std::ptrdiff_t>(named), ", ");
  if (named < left_out.size()) absl::StrAppend(&items, " and ", left_out.size() - named, " more");
  return absl::StrCat("items left out: ", items, "; the rule ", ToString(key.missing.kind), " asks for ",
                      RequiredAnswers(key), " of ", key.items.size(), " answered");
}

Score ScoreOne(const InstrumentKey& key, const ScoreKey& score_key, const AnswerSheet& sheet) {
  Score score;
  score.score = score_key.id;
  score.items = static_cast<int>(score_key.items.size());
  score.missing = score_key.missing;
  score.direction = score_key.direction;
  score.combination = score_key.combination;
  double sum = 0;
  std::vector<std::string> left_out;
  for (const std::string& id : score_key.items) {
    const ItemKey& item = *key.FindItem(id);
    const std::optional<double>& answer = sheet[static_cast<size_t>(&item - key.items.data())];
    if (!answer.has_value()) {
      left_out.push_back(id);
      continue;
    }
    ++score.answered;
    sum += ItemPoints(score_key, item, *answer);
    if (score_key.combination == Combination::kCategory) score.category = item.categories[static_cast<size_t>(*answer)];
  }
  if (score.answered == 0 || score.answered < RequiredAnswers(score_key)) {
    score.value =
        stats::Figure::None(score.answered == 0 ? stats::Undefined::kNoData : stats::Undefined::kTooFewValues);
    score.explanation = Explain(score_key, left_out);
    return score;
  }
  const double answered = score.answered;
  switch (score_key.combination) {
    case Combination::kMean:
      score.value = stats::Figure::Of(sum / answered);
      break;
    case Combination::kSum:
      score.value = stats::Figure::Of(left_out.empty() ? sum : sum * score.items / answered);
      break;
    case Combination::kSingle:
    case Combination::kCategory:
      score.value = stats::Figure::Of(sum);
      break;
  }
  return score;
}

}  // namespace

std::vector<Score> ScoreSheet(const InstrumentKey& key, const AnswerSheet& sheet) {
  std::vector<Score> scores;
  scores.reserve(key.scores.size());
  for (const ScoreKey& score_key : key.scores) scores.push_back(ScoreOne(key, score_key, sheet));
  return scores;
}

absl::StatusOr<ScoredResponse> ScoreSubmission(const InstrumentKey& key, const Submission& submission,
                                               std::string_view place) {
  Violations violations;
  CheckParticipantAndWave(submission.participant, submission.wave, place, violations);
  const std::string answers_place =
      place.empty() ? "answers" : absl::StrCat(absl::string_view(place.data(), place.size()), ".answers");
  ScoredResponse scored{.instrument = key.id,
                        .key_version = key.version,
                        .participant = submission.participant,
                        .wave = submission.wave,
                        .sheet = CheckAnswers(key, submission.answers, answers_place, violations),
                        .scores = {}};
  RETURN_IF_ERROR(violations.ToStatus());
  scored.scores = ScoreSheet(key, scored.sheet);
  return scored;
}

absl::StatusOr<std::vector<ScoredResponse>> ScoreBatch(const KeyCatalogue& keys,
                                                       const std::vector<Submission>& submissions) {
  Violations violations;
  std::vector<ScoredResponse> batch;
  batch.reserve(submissions.size());
  std::map<std::tuple<std::string, std::string, std::string>, size_t> first;
  for (size_t s = 0; s < submissions.size(); ++s) {
    const Submission& submission = submissions[s];
    const std::string place = absl::StrCat("responses[", s, "]");
    const auto key = keys.Find(submission.instrument);
    if (!key.ok()) {
      violations.Add(place + ".instrument", submission.instrument, "there is no such instrument");
      continue;
    }
    const auto [it, is_new] = first.try_emplace({submission.instrument, submission.participant, submission.wave}, s);
    if (!is_new) {
      violations.Add(
          place, absl::StrCat(submission.participant, " in ", submission.wave),
          absl::StrCat("answers ", submission.instrument, " a second time, after responses[", it->second, "]"));
      continue;
    }
    CheckParticipantAndWave(submission.participant, submission.wave, place, violations);
    AnswerSheet sheet = CheckAnswers(**key, submission.answers, place + ".answers", violations);
    if (!violations.empty()) continue;  // what follows is for a batch that can still be accepted
    std::vector<Score> scores = ScoreSheet(**key, sheet);
    batch.push_back({.instrument = (*key)->id,
                     .key_version = (*key)->version,
                     .participant = submission.participant,
                     .wave = submission.wave,
                     .sheet = std::move(sheet),
                     .scores = std::move(scores)});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return batch;
}

}  // namespace plumbline::instruments
