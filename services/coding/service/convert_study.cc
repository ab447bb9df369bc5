#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/stats_proto/convert.h"

// Studies and their key between messages and the domain.
namespace plumbline::coding {
namespace {

// Enumerators and their messages; what is not specified means the first.
template <typename Enum, typename Message, size_t N>
using Pairs = std::array<std::pair<Enum, Message>, N>;

constexpr Pairs<StudyPurpose, v1::StudyPurpose, 2> kPurposes = {
    {{StudyPurpose::kMain, v1::STUDY_PURPOSE_MAIN}, {StudyPurpose::kTraining, v1::STUDY_PURPOSE_TRAINING}}};
constexpr Pairs<SuggestionMode, v1::SuggestionMode, 3> kSuggestions = {
    {{SuggestionMode::kNever, v1::SUGGESTION_MODE_NEVER},
     {SuggestionMode::kAfterAnswer, v1::SUGGESTION_MODE_AFTER_ANSWER},
     {SuggestionMode::kBeforeAnswer, v1::SUGGESTION_MODE_BEFORE_ANSWER}}};
constexpr Pairs<StudyState, v1::StudyState, 4> kStates = {{{StudyState::kOpen, v1::STUDY_STATE_OPEN},
                                                           {StudyState::kPreparing, v1::STUDY_STATE_PREPARING},
                                                           {StudyState::kAdjudicating, v1::STUDY_STATE_ADJUDICATING},
                                                           {StudyState::kClosed, v1::STUDY_STATE_CLOSED}}};
constexpr Pairs<PassingRule::Measure, v1::PassingMeasure, 3> kMeasures = {
    {{PassingRule::Measure::kNone, v1::PASSING_MEASURE_UNSPECIFIED},
     {PassingRule::Measure::kPercent, v1::PASSING_MEASURE_PERCENT},
     {PassingRule::Measure::kKappa, v1::PASSING_MEASURE_KAPPA}}};

template <typename Enum, typename Message, size_t N>
Message MessageOf(const Pairs<Enum, Message, N>& pairs, Enum value) {
  for (const auto& [known, message] : pairs) {
    if (known == value) return message;
  }
  return pairs[0].second;
}

template <typename Enum, typename Message, size_t N>
Enum ValueOf(const Pairs<Enum, Message, N>& pairs, Message message, const char* field, Violations& violations) {
  for (const auto& [value, known] : pairs) {
    if (known == message) return value;
  }
  const int number = static_cast<int>(message);
  if (number != 0) violations.Add(field, absl::StrCat(number), "is not a known value");
  return pairs[0].first;
}

Fraction FractionOr(bool given, const v1::Fraction& fraction, Fraction fallback) {
  return given ? Fraction{fraction.numerator(), fraction.denominator()} : fallback;
}

v1::Fraction FractionToProto(const Fraction& fraction) {
  v1::Fraction out;
  out.set_numerator(fraction.numerator);
  out.set_denominator(fraction.denominator);
  return out;
}

// The instants a timestamp may hold: years 1 to 9999.
absl::Time TimeFromProto(const google::protobuf::Timestamp& time, const char* field, Violations& violations) {
  constexpr int64_t kFirstSecond = -62'135'596'800;
  constexpr int64_t kLastSecond = 253'402'300'799;
  if (time.seconds() < kFirstSecond || time.seconds() > kLastSecond || time.nanos() < 0 || time.nanos() > 999'999'999) {
    violations.Add(field, absl::StrCat(time.seconds(), " s ", time.nanos(), " ns"),
                   "must be an instant of years 1 to 9999");
    return absl::InfiniteFuture();
  }
  // The database keeps microseconds.
  return absl::FromUnixSeconds(time.seconds()) + absl::Microseconds(time.nanos() / 1000);
}

}  // namespace

absl::StatusOr<Study> StudyFromProto(const v1::CreateStudyRequest& request, const std::string& id, absl::Time now) {
  Violations violations;
  Study study;
  study.id = id;
  study.title = request.title();
  study.sessions.assign(request.sessions().begin(), request.sessions().end());
  study.coders.assign(request.coders().begin(), request.coders().end());
  study.seed = request.seed();
  study.create_time = now;
  study.purpose = ValueOf(kPurposes, request.purpose(), "purpose", violations);
  study.suggestions = ValueOf(kSuggestions, request.suggestions(), "suggestions", violations);
  study.sample.share = FractionOr(request.sample().has_share(), request.sample().share(), {1, 1});
  study.sample.max_per_session = request.sample().max_per_session();
  const v1::AssignmentRule& assignment = request.assignment();
  study.assignment.coders_per_item = assignment.coders_per_item();
  study.assignment.overlap = FractionOr(assignment.has_overlap(), assignment.overlap(), {1, 1});
  study.assignment.repeats = FractionOr(assignment.has_repeats(), assignment.repeats(), {0, 1});
  study.adjudicator = request.adjudicator();
  if (request.has_deadline()) study.deadline = TimeFromProto(request.deadline(), "deadline", violations);
  study.passing.measure = ValueOf(kMeasures, request.passing_rule().measure(), "passing_rule.measure", violations);
  study.passing.minimum = request.passing_rule().minimum();
  if (!request.requires_training().empty()) {
    const auto training = operations::ParseName(request.requires_training(), "studies", "requires_training");
    if (training.ok()) {
      study.requires_training = *training;
    } else {
      violations.Add("requires_training", request.requires_training(), "must be \"studies/{study}\"");
    }
  }
  const auto frame = operations::ParseName(request.frame(), "frames", "frame");
  if (frame.ok()) {
    study.frame_id = *frame;
  } else {
    violations.Add("frame", request.frame(), "must be \"frames/{frame}\"");
  }
  CheckStudy(study, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return study;
}

absl::Status ApplyUpdate(const v1::UpdateStudyRequest& request, absl::Time now, Study& study) {
  Violations violations;
  if (request.update_mask().paths().empty()) violations.AddMissing("update_mask");
  for (const std::string& path : request.update_mask().paths()) {
    if (path == "title") {
      study.title = request.study().title();
      CheckTitle(study.title, violations);
    } else if (path == "deadline") {
      study.deadline = request.study().has_deadline()
                           ? TimeFromProto(request.study().deadline(), "study.deadline", violations)
                           : absl::InfiniteFuture();
      if (study.deadline <= now) {
        violations.Add("study.deadline", absl::FormatTime(absl::RFC3339_full, study.deadline, absl::UTCTimeZone()),
                       "must lie in the future");
      }
    } else {
      violations.Add("update_mask", path, "must be title or deadline: the rest of a study never changes");
    }
  }
  return violations.ToStatus();
}

std::string Etag(const Study& study) {
  return absl::StrCat(absl::Hex(absl::ToUnixMicros(study.create_time)), "-", study.revision);
}

v1::PassingRule ToProto(const PassingRule& rule) {
  v1::PassingRule out;
  out.set_measure(MessageOf(kMeasures, rule.measure));
  out.set_minimum(rule.minimum);
  return out;
}

v1::Study ToProto(const Study& study) {
  v1::Study out;
  out.set_name(absl::StrCat("studies/", study.id));
  out.set_title(study.title);
  out.set_frame(absl::StrCat("frames/", study.frame_id));
  out.set_frame_version(study.frame_version);
  for (const std::string& coder : study.coders) out.add_coders(coder);
  // The seed and the order of the sessions rebuild the key, so nobody reads them while codes are taken.
  const bool closed = study.state == StudyState::kClosed;
  if (closed) {
    for (const std::string& session : study.sessions) out.add_sessions(session);
    out.set_seed(study.seed);
    *out.mutable_close_time() = operations::ToProto(study.close_time);
  }
  out.set_state(MessageOf(kStates, study.state));
  out.set_item_count(study.item_count);
  *out.mutable_create_time() = operations::ToProto(study.create_time);
  out.set_etag(Etag(study));
  out.set_purpose(MessageOf(kPurposes, study.purpose));
  *out.mutable_sample()->mutable_share() = FractionToProto(study.sample.share);
  out.mutable_sample()->set_max_per_session(study.sample.max_per_session);
  out.mutable_assignment()->set_coders_per_item(study.assignment.coders_per_item);
  *out.mutable_assignment()->mutable_overlap() = FractionToProto(study.assignment.overlap);
  *out.mutable_assignment()->mutable_repeats() = FractionToProto(study.assignment.repeats);
  out.set_adjudicator(study.adjudicator);
  if (study.deadline != absl::InfiniteFuture()) *out.mutable_deadline() = operations::ToProto(study.deadline);
  out.set_suggestions(MessageOf(kSuggestions, study.suggestions));
  out.set_session_count(study.session_count);
  if (!study.requires_training.empty()) {
    out.set_requires_training(absl::StrCat("studies/", study.requires_training));
  }
  if (study.passing.measure != PassingRule::Measure::kNone) *out.mutable_passing_rule() = ToProto(study.passing);
  return out;
}

v1::StudyKeyEntry ToProto(const StudyItem& item) {
  v1::StudyKeyEntry out;
  out.set_item(item.key.item_id);
  out.set_session(item.key.session);
  out.set_turn(item.key.turn);
  out.set_question_number(item.key.question_number);
  out.set_repeat_of(item.repeat_of);
  return out;
}

v1::CoderReliability ToProto(const std::string& coder, const CheckFigures& figures, int missing) {
  v1::CoderReliability out;
  out.set_coder(coder);
  out.set_compared(static_cast<int32_t>(figures.compared));
  out.set_missing(missing);
  *out.mutable_percent() = stats::ToProto(figures.percent);
  std::string method = "Cohen's kappa";
  if (figures.weights == stats::AgreementWeights::kLinear) absl::StrAppend(&method, ", linear weights");
  if (figures.kappa.interval_reason == stats::Undefined::kNotIndependent) {
    absl::StrAppend(&method, "; no interval: the judgements of an item are not independent");
  }
  *out.mutable_kappa() = stats::ToProto(figures.kappa, method, figures.compared);
  for (const auto& [said, count] : figures.confusion) {
    v1::Confusion& cell = *out.add_confusion();
    cell.set_expected(said.first);
    cell.set_given(said.second);
    cell.set_count(static_cast<int32_t>(count));
  }
  return out;
}

}  // namespace plumbline::coding
