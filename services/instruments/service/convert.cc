#include "instruments/service/convert.h"

#include <map>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/stats_proto/convert.h"
#include "instruments/domain/key_catalogue.h"

namespace plumbline::instruments {
namespace {

constexpr std::string_view kPageTokenPrefix = "1 ";

v1::Combination ToProto(Combination combination) {
  switch (combination) {
    case Combination::kSum:
      return v1::COMBINATION_SUM;
    case Combination::kMean:
      return v1::COMBINATION_MEAN;
    case Combination::kSingle:
      return v1::COMBINATION_SINGLE;
    case Combination::kCategory:
      return v1::COMBINATION_CATEGORY;
  }
  return v1::COMBINATION_UNSPECIFIED;
}

v1::MissingRule ToProto(MissingRuleKind kind) {
  switch (kind) {
    case MissingRuleKind::kNoneAllowed:
      return v1::MISSING_RULE_NONE_ALLOWED;
    case MissingRuleKind::kProrated:
      return v1::MISSING_RULE_PRORATED;
    case MissingRuleKind::kMeanOfAnswered:
      return v1::MISSING_RULE_MEAN_OF_ANSWERED;
  }
  return v1::MISSING_RULE_UNSPECIFIED;
}

v1::ScoreKey ToProto(const InstrumentKey& key, const ScoreKey& score) {
  v1::ScoreKey out;
  out.set_id(score.id);
  out.set_title(score.title);
  out.mutable_items()->Assign(score.items.begin(), score.items.end());
  out.mutable_reversed_items()->Assign(score.reversed_items.begin(), score.reversed_items.end());
  out.set_combination(ToProto(score.combination));
  out.set_direction(ToProto(score.direction));
  out.set_missing_rule(ToProto(score.missing.kind));
  out.set_min_answered(score.missing.kind == MissingRuleKind::kNoneAllowed ? static_cast<int>(score.items.size())
                                                                           : score.missing.min_answered);
  if (!score.HasPoints()) return out;
  std::map<Polarity, v1::ItemPoints*> by_polarity;
  for (const std::string& id : score.items) {
    const ItemKey& item = *key.FindItem(id);
    v1::ItemPoints*& points = by_polarity[item.polarity];
    if (points == nullptr) {
      points = out.add_points();
      for (const double value : score.PointsOf(item)) points->add_points(value);
    }
    points->add_items(id);
  }
  return out;
}

std::string NotesOf(const InstrumentKey& key) {
  std::string notes;
  for (const std::string& note : key.notes) absl::StrAppend(&notes, notes.empty() ? "" : "\n", note);
  for (const ScoreKey& score : key.scores) {
    if (!score.note.empty()) absl::StrAppend(&notes, notes.empty() ? "" : "\n", score.title, ": ", score.note);
  }
  for (const Norm& norm : key.norms) {
    absl::StrAppend(&notes, notes.empty() ? "" : "\n", "Norm of ", norm.score, ": ", norm.mean, " (", norm.source,
                    "). ", norm.note);
  }
  return notes;
}

}  // namespace

absl::StatusOr<std::string> InstrumentIdFromName(std::string_view name, std::string_view field) {
  return operations::ParseName(name, "instruments", field);
}

absl::StatusOr<std::string> ResponseIdFromName(std::string_view name) {
  return operations::ParseName(name, "responses", "name");
}

std::vector<Answer> FromProto(const google::protobuf::RepeatedPtrField<v1::Answer>& answers) {
  std::vector<Answer> out;
  out.reserve(static_cast<size_t>(answers.size()));
  for (const v1::Answer& answer : answers) {
    out.push_back({answer.item(), answer.has_value() ? std::optional(answer.value()) : std::nullopt});
  }
  return out;
}

std::vector<GroupMembers> FromProto(const google::protobuf::RepeatedPtrField<v1::Group>& groups) {
  std::vector<GroupMembers> out;
  out.reserve(static_cast<size_t>(groups.size()));
  for (const v1::Group& group : groups) {
    out.push_back({group.label(), {group.participants().begin(), group.participants().end()}});
  }
  return out;
}

v1::ScoreDirection ToProto(Direction direction) {
  switch (direction) {
    case Direction::kHigherIsBetter:
      return v1::SCORE_DIRECTION_HIGHER_IS_BETTER;
    case Direction::kLowerIsBetter:
      return v1::SCORE_DIRECTION_LOWER_IS_BETTER;
    case Direction::kNone:
      return v1::SCORE_DIRECTION_NONE;
  }
  return v1::SCORE_DIRECTION_UNSPECIFIED;
}

v1::Instrument ToProto(const InstrumentKey& key) {
  v1::Instrument out;
  out.set_name(InstrumentName(key.id));
  out.set_version(key.version);
  out.set_title(key.title);
  out.set_respondent(key.respondent);
  out.set_source(key.source);
  out.set_notes(NotesOf(key));
  for (const ItemKey& item : key.items) {
    v1::InstrumentItem& to = *out.add_items();
    to.set_id(item.id);
    to.set_min(item.min);
    to.set_max(item.max);
    to.set_whole_numbers(item.kind != ResponseKind::kVisualAnalogue);
    to.mutable_categories()->Assign(item.categories.begin(), item.categories.end());
  }
  for (const ScoreKey& score : key.scores) *out.add_scores() = ToProto(key, score);
  return out;
}

v1::Score ToProto(const Score& score) {
  v1::Score out;
  out.set_score(score.score);
  *out.mutable_value() = ToProto(score.value);
  if (!score.explanation.empty()) out.mutable_value()->mutable_undefined()->set_explanation(score.explanation);
  out.set_answered(score.answered);
  out.set_items(score.items);
  out.set_missing_rule(ToProto(score.missing.kind));
  out.set_direction(ToProto(score.direction));
  out.set_category(score.category);
  return out;
}

v1::Response ToProto(const StoredResponse& response) {
  v1::Response out;
  out.set_name(ResponseName(response.id));
  out.set_instrument(InstrumentName(response.instrument));
  out.set_instrument_version(response.key_version);
  out.set_participant(response.participant);
  out.set_wave(response.wave);
  for (const Answer& answer : response.answers) {
    v1::Answer& to = *out.add_answers();
    to.set_item(answer.item);
    if (answer.value.has_value()) to.set_value(*answer.value);
  }
  for (const Score& score : response.scores) *out.add_scores() = ToProto(score);
  *out.mutable_create_time() = operations::ToProto(response.create_time);
  out.set_corrections(response.corrections);
  out.set_etag(response.etag());
  return out;
}

StoredResponse ToStored(const ScoredResponse& scored, const InstrumentKey& key, std::string id, absl::Time now) {
  StoredResponse stored;
  stored.id = std::move(id);
  stored.instrument = scored.instrument;
  stored.key_version = scored.key_version;
  stored.participant = scored.participant;
  stored.wave = scored.wave;
  stored.answers = ToAnswers(key, scored.sheet);
  stored.scores = scored.scores;
  stored.create_time = now;
  return stored;
}

std::string EncodePageToken(std::string_view filter, std::string_view after) {
  const absl::string_view f(filter.data(), filter.size());
  const absl::string_view a(after.data(), after.size());
  const absl::string_view prefix(kPageTokenPrefix.data(), kPageTokenPrefix.size());
  return absl::WebSafeBase64Escape(absl::StrCat(prefix, f, " ", a));
}

absl::StatusOr<std::string> DecodePageToken(std::string_view filter, const std::string& token) {
  if (token.empty()) return std::string();
  std::string text;
  if (absl::WebSafeBase64Unescape(token, &text)) {
    const std::string start = std::string(kPageTokenPrefix) + std::string(filter) + " ";
    if (text.starts_with(start) && text.size() > start.size() && text.find('\0') == std::string::npos) {
      return text.substr(start.size());
    }
  }
  return InvalidField("page_token", token, "must be a token that the same list returned");
}

}  // namespace plumbline::instruments
