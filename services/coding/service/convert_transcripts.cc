#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

// Transcripts and questions; the rest is in convert_studies.cc.
namespace plumbline::coding {
namespace {

std::optional<Role> ToRole(v1::SpeakerRole role) {
  switch (role) {
    case v1::SPEAKER_ROLE_SUPERVISOR:
      return Role::kSupervisor;
    case v1::SPEAKER_ROLE_WORKER:
      return Role::kWorker;
    case v1::SPEAKER_ROLE_PRACTITIONER:
      return Role::kPractitioner;
    case v1::SPEAKER_ROLE_PARENT:
      return Role::kParent;
    case v1::SPEAKER_ROLE_CHILD:
      return Role::kChild;
    case v1::SPEAKER_ROLE_OTHER:
      return Role::kOther;
    default:
      return std::nullopt;
  }
}

v1::SpeakerRole ToProto(Role role) {
  switch (role) {
    case Role::kSupervisor:
      return v1::SPEAKER_ROLE_SUPERVISOR;
    case Role::kWorker:
      return v1::SPEAKER_ROLE_WORKER;
    case Role::kPractitioner:
      return v1::SPEAKER_ROLE_PRACTITIONER;
    case Role::kParent:
      return v1::SPEAKER_ROLE_PARENT;
    case Role::kChild:
      return v1::SPEAKER_ROLE_CHILD;
    case Role::kOther:
      return v1::SPEAKER_ROLE_OTHER;
    case Role::kUnknown:
      break;
  }
  return v1::SPEAKER_ROLE_UNSPECIFIED;
}

v1::TranscriptFormat ToProto(TranscriptFormat format) {
  switch (format) {
    case TranscriptFormat::kWebVtt:
      return v1::TRANSCRIPT_FORMAT_WEBVTT;
    case TranscriptFormat::kSpeakerText:
      return v1::TRANSCRIPT_FORMAT_SPEAKER_TEXT;
    case TranscriptFormat::kCsv:
      return v1::TRANSCRIPT_FORMAT_CSV;
    case TranscriptFormat::kDetect:
      break;
  }
  return v1::TRANSCRIPT_FORMAT_UNSPECIFIED;
}

v1::QuestionKind ToProto(QuestionKind kind) {
  switch (kind) {
    case QuestionKind::kDirect:
      return v1::QUESTION_KIND_DIRECT;
    case QuestionKind::kDeclarative:
      return v1::QUESTION_KIND_DECLARATIVE;
    case QuestionKind::kTag:
      return v1::QUESTION_KIND_TAG;
    case QuestionKind::kIndirect:
      return v1::QUESTION_KIND_INDIRECT;
    case QuestionKind::kCheck:
      return v1::QUESTION_KIND_CHECK;
  }
  return v1::QUESTION_KIND_UNSPECIFIED;
}

google::protobuf::Duration Millis(int64_t ms) { return operations::ToProto(absl::Milliseconds(ms)); }

TranscriptFormat ReadFormat(const v1::TranscriptSource& source, const std::string& prefix, Violations& violations) {
  switch (source.format()) {
    case v1::TRANSCRIPT_FORMAT_UNSPECIFIED:
      return TranscriptFormat::kDetect;
    case v1::TRANSCRIPT_FORMAT_WEBVTT:
      return TranscriptFormat::kWebVtt;
    case v1::TRANSCRIPT_FORMAT_SPEAKER_TEXT:
      return TranscriptFormat::kSpeakerText;
    case v1::TRANSCRIPT_FORMAT_CSV:
      return TranscriptFormat::kCsv;
    default:
      violations.Add(prefix + "format", absl::StrCat(static_cast<int>(source.format())), "is not a known format");
      return TranscriptFormat::kDetect;
  }
}

std::map<std::string, Role> ReadSpeakers(const v1::TranscriptSource& source, const std::string& prefix,
                                         const TranscriptLimits& limits, Violations& violations) {
  std::map<std::string, Role> speakers;
  if (static_cast<size_t>(source.speakers_size()) > limits.max_speakers) {
    violations.Add(prefix + "speakers", absl::StrCat(source.speakers_size(), " labels"),
                   absl::StrCat("may be at most ", limits.max_speakers));
    return speakers;
  }
  for (int i = 0; i < source.speakers_size(); ++i) {
    const v1::SpeakerMapping& mapping = source.speakers(i);
    const std::string place = absl::StrCat(prefix, "speakers[", i, "]");
    const std::optional<Role> role = ToRole(mapping.role());
    if (mapping.label().empty()) violations.AddMissing(place + ".label");
    if (!role) violations.Add(place + ".role", absl::StrCat(static_cast<int>(mapping.role())), "must be a role");
    if (!speakers.emplace(mapping.label(), role.value_or(Role::kUnknown)).second) {
      violations.Add(place + ".label", mapping.label(), "stands twice");
    }
  }
  return speakers;
}

// An error of the parser as one of the field that holds the text: "line 3" becomes "source.content, line 3", and what
// is said of the whole transcript is said of the field.
absl::Status InContent(const absl::Status& status, const std::string& field) {
  return RenameFields(status, [&](const std::string& place) {
    const bool whole = place == kWholeTranscript || place == CsvTable::kWhole;
    return whole ? field : absl::StrCat(field, ", ", place);
  });
}

}  // namespace

absl::StatusOr<ParsedSource> ParseSource(const v1::TranscriptSource& source, bool session_required,
                                         std::string_view place) {
  const std::string prefix = absl::StrCat(absl::string_view(place.data(), place.size()), ".");
  Violations violations;
  if (session_required && source.session().empty()) {
    violations.AddMissing(prefix + "session");
  } else if (!source.session().empty() && !IsValidResourceId(source.session())) {
    violations.Add(prefix + "session", source.session(), kResourceIdRule);
  }
  if (source.content().empty()) violations.AddMissing(prefix + "content");
  TranscriptOptions options;
  options.format = ReadFormat(source, prefix, violations);
  options.roles = RoleMap(ReadSpeakers(source, prefix, options.limits, violations));
  const std::optional<Role> asker = ToRole(source.asker());
  if (source.asker() != v1::SPEAKER_ROLE_UNSPECIFIED && !asker) {
    violations.Add(prefix + "asker", absl::StrCat(static_cast<int>(source.asker())), "is not a known role");
  }
  if (source.has_duration()) {
    const auto duration = operations::FromProto(source.duration(), prefix + "duration");
    if (!duration.ok() || *duration < absl::Milliseconds(1)) {
      violations.Add(prefix + "duration", absl::StrCat(source.duration().seconds(), " s"), "must be positive");
    } else {
      options.duration_ms = absl::ToInt64Milliseconds(*duration);
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  auto transcript = ParseTranscript(source.content(), options);
  if (!transcript.ok()) return InContent(transcript.status(), prefix + "content");
  const auto resolved = ResolveAsker(*transcript, asker);
  if (!resolved.ok()) return RenameField(resolved.status(), "asker", prefix + "asker");
  ParsedSource parsed;
  parsed.questions = ExtractQuestions(*transcript, *resolved);
  if (*resolved == Role::kUnknown) {
    transcript->warnings.push_back(
        {0, "no supervisor and no worker speaks: questions were taken from every turn without a known role"});
  } else if (parsed.questions.empty()) {
    transcript->warnings.push_back({0, absl::StrCat("no question by the ", ToString(*resolved), " was found")});
  }
  parsed.record.session = source.session();
  parsed.record.format = transcript->format;
  parsed.record.duration_ms = transcript->duration_ms;
  parsed.record.asker = *resolved;
  parsed.record.turn_count = static_cast<int>(transcript->turns.size());
  parsed.record.question_count = static_cast<int>(parsed.questions.size());
  parsed.transcript = *std::move(transcript);
  return parsed;
}

std::string Etag(const TranscriptRecord& record) {
  return absl::StrCat(absl::Hex(absl::ToUnixMicros(record.create_time)), "-", record.revision);
}

v1::Transcript ToProto(const TranscriptRecord& record) {
  v1::Transcript out;
  out.set_name(absl::StrCat("transcripts/", record.session));
  out.set_session(record.session);
  out.set_format(ToProto(record.format));
  if (record.duration_ms) *out.mutable_duration() = Millis(*record.duration_ms);
  out.set_turn_count(record.turn_count);
  out.set_question_count(record.question_count);
  out.set_asker(ToProto(record.asker));
  *out.mutable_create_time() = operations::ToProto(record.create_time);
  out.set_etag(Etag(record));
  return out;
}

v1::Turn ToProto(const Turn& turn) {
  v1::Turn out;
  out.set_number(turn.number);
  out.set_speaker(turn.speaker);
  out.set_role(ToProto(turn.role));
  out.set_text(turn.text);
  if (turn.start_ms) *out.mutable_start() = Millis(*turn.start_ms);
  if (turn.end_ms) *out.mutable_end() = Millis(*turn.end_ms);
  return out;
}

v1::Question ToProto(const Question& question, std::string_view session) {
  v1::Question out;
  if (!session.empty()) {
    out.set_name(
        absl::StrCat("transcripts/", absl::string_view(session.data(), session.size()), "/questions/", question.order));
  }
  out.set_number(question.order);
  out.set_turn(question.turn);
  out.set_text(question.text);
  out.set_kind(ToProto(question.kind));
  out.set_rule(question.rule);
  if (question.end > 0) {
    out.set_start_offset(static_cast<int32_t>(question.begin));
    out.set_end_offset(static_cast<int32_t>(question.end));
  }
  return out;
}

}  // namespace plumbline::coding
