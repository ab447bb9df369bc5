#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/operations/convert.h"

// Transcripts and questions; sources are in convert_import.cc, the rest in convert_studies.cc.
namespace plumbline::coding {
namespace {

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

}  // namespace

std::optional<QuestionKind> QuestionKindFromProto(v1::QuestionKind kind) {
  switch (kind) {
    case v1::QUESTION_KIND_DIRECT:
      return QuestionKind::kDirect;
    case v1::QUESTION_KIND_DECLARATIVE:
      return QuestionKind::kDeclarative;
    case v1::QUESTION_KIND_TAG:
      return QuestionKind::kTag;
    case v1::QUESTION_KIND_INDIRECT:
      return QuestionKind::kIndirect;
    case v1::QUESTION_KIND_CHECK:
      return QuestionKind::kCheck;
    default:
      return std::nullopt;
  }
}

std::optional<Role> RoleFromProto(v1::SpeakerRole role) {
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
    case TranscriptFormat::kSubRip:
      return v1::TRANSCRIPT_FORMAT_SUBRIP;
    case TranscriptFormat::kJson:
      return v1::TRANSCRIPT_FORMAT_JSON;
    case TranscriptFormat::kDetect:
      break;
  }
  return v1::TRANSCRIPT_FORMAT_UNSPECIFIED;
}

v1::DurationSource ToProto(DurationSource source) {
  switch (source) {
    case DurationSource::kTimings:
      return v1::DURATION_SOURCE_TIMINGS;
    case DurationSource::kGiven:
      return v1::DURATION_SOURCE_GIVEN;
    case DurationSource::kNone:
      break;
  }
  return v1::DURATION_SOURCE_UNSPECIFIED;
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
  out.set_word_count(record.word_count);
  out.set_suggested_turn_count(record.suggested_turns);
  out.set_duration_source(ToProto(record.duration_source));
  out.set_encoding(record.encoding);
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
  out.set_speaker_suggested(!turn.suggested_by.empty());
  out.set_suggestion_confidence(turn.confidence);
  out.set_suggestion_rule(turn.suggested_by);
  return out;
}

v1::TranscriptChange ToProto(const TranscriptChange& change) {
  v1::TranscriptChange out;
  out.set_number(change.number);
  *out.mutable_time() = operations::ToProto(change.time);
  out.set_actor(change.actor);
  out.set_detail(change.detail);
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
  if (question.confidence > 0) out.set_confidence(question.confidence);
  return out;
}

}  // namespace plumbline::coding
