#include "coding/service/convert_import.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::coding {
namespace {

TranscriptFormat ReadFormat(v1::TranscriptFormat format, const std::string& field, Violations& violations) {
  switch (format) {
    case v1::TRANSCRIPT_FORMAT_UNSPECIFIED:
      return TranscriptFormat::kDetect;
    case v1::TRANSCRIPT_FORMAT_WEBVTT:
      return TranscriptFormat::kWebVtt;
    case v1::TRANSCRIPT_FORMAT_SPEAKER_TEXT:
      return TranscriptFormat::kSpeakerText;
    case v1::TRANSCRIPT_FORMAT_CSV:
      return TranscriptFormat::kCsv;
    case v1::TRANSCRIPT_FORMAT_SUBRIP:
      return TranscriptFormat::kSubRip;
    case v1::TRANSCRIPT_FORMAT_JSON:
      return TranscriptFormat::kJson;
    default:
      violations.Add(field, absl::StrCat(static_cast<int>(format)), "is not a known format");
      return TranscriptFormat::kDetect;
  }
}

TranscriptOptions ReadOptions(const v1::TranscriptSource& source, const std::string& prefix, Violations& violations) {
  TranscriptOptions options;
  options.format = ReadFormat(source.format(), prefix + "format", violations);
  options.roles = ReadSpeakers(source.speakers(), prefix + "speakers", violations);
  options.suggest_speakers = !source.skip_speaker_suggestion();
  if (source.has_duration()) {
    const auto duration = operations::FromProto(source.duration(), prefix + "duration");
    if (!duration.ok() || *duration < absl::Milliseconds(1)) {
      violations.Add(prefix + "duration", absl::StrCat(source.duration().seconds(), " s"), "must be positive");
    } else {
      options.duration_ms = absl::ToInt64Milliseconds(*duration);
    }
  }
  return options;
}

// An error of the parser as one of the field that holds the text: "line 3" becomes "source.content, line 3", and what
// is said of the whole transcript is said of the field.
std::string InContent(const std::string& place, const std::string& prefix) {
  if (place == "duration" || place == "asker") return prefix + place;
  const bool whole = place == kWholeTranscript || place == CsvTable::kWhole;
  return whole ? prefix + "content" : absl::StrCat(prefix, "content, ", place);
}

void AddError(const absl::Status& status, const std::string& prefix, SourceReading& out) {
  const auto detail = GetErrorDetail(status);
  for (const FieldViolation& violation : detail ? detail->violations : std::vector<FieldViolation>{}) {
    ++out.error_count;
    out.errors.push_back({InContent(violation.field, prefix), violation.description});
  }
}

// Who asks most in captions without speakers is taken for the asker that the request names, unless a label was mapped.
void GiveAskerRole(Role asker, Transcript& transcript) {
  for (const Turn& turn : transcript.turns) {
    if (turn.role == asker) return;
  }
  for (Turn& turn : transcript.turns) {
    if (turn.speaker == transcript.suggested_asker) turn.role = asker;
  }
}

// Finds the questions and fills the record, once the turns are as they will be stored.
void FinishSource(const v1::TranscriptSource& source, std::optional<Role> asker, const std::string& prefix,
                  SourceReading& out) {
  ParsedSource& parsed = out.parsed;
  Transcript& transcript = parsed.transcript;
  if (asker && transcript.speakers_suggested) GiveAskerRole(*asker, transcript);
  const auto resolved = ResolveAsker(transcript, asker);
  if (!resolved.ok()) return AddError(resolved.status(), prefix, out);
  parsed.questions = ExtractQuestions(transcript, *resolved);
  if (*resolved == Role::kUnknown) {
    transcript.warnings.push_back(
        {0, "no supervisor and no worker speaks: questions were taken from every turn without a known role"});
  } else if (parsed.questions.empty()) {
    transcript.warnings.push_back({0, absl::StrCat("no question by the ", ToString(*resolved), " was found")});
  }
  TranscriptRecord& record = parsed.record;
  record.session = source.session();
  record.format = transcript.format;
  record.encoding = transcript.encoding;
  record.duration_ms = transcript.duration_ms;
  record.duration_source = transcript.duration_source;
  record.asker = *resolved;
  record.turn_count = static_cast<int>(transcript.turns.size());
  record.question_count = static_cast<int>(parsed.questions.size());
  record.fingerprint = FingerprintOf(transcript.turns);
  for (const Turn& turn : transcript.turns) record.suggested_turns += turn.suggested_by.empty() ? 0 : 1;
  record.word_count = static_cast<int>(DescribeTranscript(transcript).words);
}

}  // namespace

RoleMap ReadSpeakers(const google::protobuf::RepeatedPtrField<v1::SpeakerMapping>& speakers, const std::string& prefix,
                     Violations& violations) {
  const size_t most = TranscriptLimits{}.max_speakers;
  if (static_cast<size_t>(speakers.size()) > most) {
    violations.Add(prefix, absl::StrCat(speakers.size(), " labels"), absl::StrCat("may be at most ", most));
    return RoleMap();
  }
  std::map<std::string, Role> labels;
  std::vector<RolePattern> patterns;
  for (int i = 0; i < speakers.size(); ++i) {
    const v1::SpeakerMapping& mapping = speakers.Get(i);
    const std::string place = absl::StrCat(prefix, "[", i, "]");
    const std::optional<Role> role = RoleFromProto(mapping.role());
    if (!role) violations.Add(place + ".role", absl::StrCat(static_cast<int>(mapping.role())), "must be a role");
    if (mapping.label().empty() == mapping.pattern().empty()) {
      if (mapping.label().empty()) {
        violations.AddMissing(place + ".label");
      } else {
        violations.Add(place + ".pattern", mapping.pattern(), "must stand in place of a label, not beside it");
      }
      continue;
    }
    if (mapping.pattern().size() > TranscriptLimits{}.max_label_bytes) {
      violations.Add(place + ".pattern", mapping.pattern(),
                     absl::StrCat("may have at most ", TranscriptLimits{}.max_label_bytes, " bytes"));
    } else if (!mapping.pattern().empty()) {
      patterns.push_back({mapping.pattern(), role.value_or(Role::kUnknown)});
    } else if (!labels.emplace(mapping.label(), role.value_or(Role::kUnknown)).second) {
      violations.Add(place + ".label", mapping.label(), "stands twice");
    }
  }
  return RoleMap(labels, patterns);
}

absl::StatusOr<SourceReading> ReadSource(const v1::TranscriptSource& source, bool session_required,
                                         std::string_view place) {
  const std::string prefix = absl::StrCat(absl::string_view(place.data(), place.size()), ".");
  Violations violations;
  if (session_required && source.session().empty()) {
    violations.AddMissing(prefix + "session");
  } else if (!source.session().empty() && !IsValidResourceId(source.session())) {
    violations.Add(prefix + "session", source.session(), kResourceIdRule);
  }
  if (source.content().empty()) violations.AddMissing(prefix + "content");
  TranscriptOptions options = ReadOptions(source, prefix, violations);
  const std::optional<Role> asker = RoleFromProto(source.asker());
  if (source.asker() != v1::SPEAKER_ROLE_UNSPECIFIED && !asker) {
    violations.Add(prefix + "asker", absl::StrCat(static_cast<int>(source.asker())), "is not a known role");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const PseudonymChoice choice, ReadPseudonymChoice(source.pseudonyms(), prefix + "pseudonyms",
                                                                     source.session(), prefix + "session"));

  // Here raw turns become the turns that are stored: names leave them before the questions, fingerprint and figures
  // below are made of them. Errors and warnings quote nothing that was said. Where turns are only guessed, names leave
  // the captions before: a guess must not cut a number in two that then nobody knows for one.
  std::optional<Hidden> in_captions;
  options.clean_captions = [&](std::vector<Cue>& cues) { in_captions = HideIdentifiers(choice, cues); };
  TranscriptReading reading = ReadTranscript(source.content(), options);
  SourceReading out;
  out.error_count = reading.error_count;
  for (FieldViolation& error : reading.errors) {
    out.errors.push_back({InContent(error.field, prefix), std::move(error.description)});
  }
  out.parsed.transcript = std::move(reading.transcript);
  out.parsed.pseudonyms = HideIdentifiers(choice, out.parsed.transcript, in_captions);
  FinishSource(source, out.error_count == 0 ? asker : std::nullopt, prefix, out);
  return out;
}

absl::StatusOr<ParsedSource> Whole(SourceReading reading) {
  TranscriptReading errors;
  errors.errors = std::move(reading.errors);
  errors.error_count = reading.error_count;
  RETURN_IF_ERROR(ImportErrors(errors));
  return std::move(reading.parsed);
}

absl::StatusOr<ParsedSource> ParseSource(const v1::TranscriptSource& source, bool session_required,
                                         std::string_view place) {
  ASSIGN_OR_RETURN(SourceReading reading, ReadSource(source, session_required, place));
  return Whole(std::move(reading));
}

void Renumber(const PlaceholderMap& numbers, ParsedSource& source) {
  if (numbers.empty()) return;
  Renumber(numbers, source.transcript);
  source.questions = ExtractQuestions(source.transcript, source.record.asker);
}

void Renumber(const PlaceholderMap& numbers, v1::ValidationReport& report) {
  if (numbers.empty()) return;
  for (v1::SpeakerSummary& speaker : *report.mutable_speakers()) speaker.set_label(Renumber(speaker.label(), numbers));
  for (v1::ImportWarning& warning : *report.mutable_warnings()) {
    warning.set_message(Renumber(warning.message(), numbers));
  }
}

absl::Status InsertSource(CodingWriter& writer, const ParsedSource& source) {
  RETURN_IF_ERROR(writer.InsertTranscript(source.record, source.transcript.turns, source.questions));
  return writer.pseudonym_writer().PutPseudonymRecord(source.record.session, source.pseudonyms.record);
}

v1::CleanTranscript ToPayload(const ParsedSource& source) {
  v1::CleanTranscript out;
  *out.mutable_transcript() = ToProto(source.record);
  for (const Turn& turn : source.transcript.turns) *out.mutable_transcript()->add_turns() = ToProto(turn);
  AddWarnings(source.transcript, *out.mutable_warnings());
  *out.mutable_pseudonyms() = ToProto(source.pseudonyms.record);
  out.set_speakers_known(source.transcript.speakers_known);
  return out;
}

absl::StatusOr<ParsedSource> FromPayload(const v1::CleanTranscript& payload) {
  const v1::Transcript& from = payload.transcript();
  ParsedSource out;
  Violations violations;
  TranscriptRecord& record = out.record;
  record.session = from.session();
  record.format = ReadFormat(from.format(), "format", violations);
  record.encoding = from.encoding();
  if (from.has_duration()) {
    ASSIGN_OR_RETURN(const absl::Duration duration, operations::FromProto(from.duration(), "duration"));
    record.duration_ms = absl::ToInt64Milliseconds(duration);
  }
  record.duration_source = from.duration_source() == v1::DURATION_SOURCE_TIMINGS ? DurationSource::kTimings
                           : from.duration_source() == v1::DURATION_SOURCE_GIVEN ? DurationSource::kGiven
                                                                                 : DurationSource::kNone;
  record.asker = RoleFromProto(from.asker()).value_or(Role::kUnknown);
  record.word_count = from.word_count();
  record.suggested_turns = from.suggested_turn_count();
  for (const v1::Turn& turn : from.turns()) {
    Turn to;
    to.number = turn.number();
    to.speaker = turn.speaker();
    to.role = RoleFromProto(turn.role()).value_or(Role::kUnknown);
    to.text = turn.text();
    for (const auto& [has, from_time, to_ms] : {std::tuple(turn.has_start(), &turn.start(), &to.start_ms),
                                                std::tuple(turn.has_end(), &turn.end(), &to.end_ms)}) {
      if (!has) continue;
      ASSIGN_OR_RETURN(const absl::Duration time, operations::FromProto(*from_time, "turns"));
      *to_ms = absl::ToInt64Milliseconds(time);
    }
    to.suggested_by = turn.suggestion_rule();
    to.confidence = turn.suggestion_confidence();
    out.transcript.turns.push_back(std::move(to));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  for (const v1::ImportWarning& warning : payload.warnings()) {
    out.transcript.warnings.push_back({static_cast<size_t>(warning.line()), warning.message()});
  }
  out.pseudonyms.record = FromProto(payload.pseudonyms());
  out.transcript.speakers_known = payload.speakers_known();
  Renumber(FromProto(payload.numbers()), out.transcript);
  out.questions = ExtractQuestions(out.transcript, record.asker);
  record.turn_count = static_cast<int>(out.transcript.turns.size());
  record.question_count = static_cast<int>(out.questions.size());
  record.fingerprint = FingerprintOf(out.transcript.turns);
  return out;
}

Hidden HideLabels(std::vector<std::string>& labels) {
  Transcript transcript;
  for (const std::string& label : labels) {
    Turn turn;
    turn.speaker = label;
    transcript.turns.push_back(std::move(turn));
  }
  Hidden hidden = HideIdentifiers(PseudonymChoice{}, transcript);
  for (size_t i = 0; i < labels.size(); ++i) labels[i] = transcript.turns[i].speaker;
  return hidden;
}

absl::Status TranscriptInUse(const std::string& session) {
  return FailedPrecondition("TRANSCRIPT_IN_USE", absl::StrCat("transcripts/", session),
                            absl::StrCat("a study codes session \"", session, "\""));
}

void AddWarnings(const Transcript& transcript, google::protobuf::RepeatedPtrField<v1::ImportWarning>& out) {
  for (const ImportWarning& warning : transcript.warnings) {
    v1::ImportWarning& to = *out.Add();
    to.set_line(static_cast<int32_t>(warning.line));
    to.set_message(warning.message);
  }
}

void AddDuplicates(const Duplicates& duplicates, v1::ValidationReport& out) {
  if (!duplicates.same.empty()) out.set_duplicate_of(absl::StrCat("transcripts/", duplicates.same));
  for (const NearDuplicate& near : duplicates.near) {
    v1::NearDuplicate& to = *out.add_near_duplicates();
    to.set_transcript(absl::StrCat("transcripts/", near.session));
    to.set_overlap(near.overlap);
    v1::ImportWarning& warning = *out.add_warnings();
    warning.set_message(absl::StrCat("session \"", near.session, "\" has nearly the same words"));
  }
}

v1::ValidationReport Report(const SourceReading& reading, bool taken, const Duplicates& duplicates,
                            bool allow_duplicate) {
  const Transcript& transcript = reading.parsed.transcript;
  const TranscriptRecord& record = reading.parsed.record;
  const TranscriptReport figures = DescribeTranscript(transcript);
  const auto millis = [](int64_t ms) { return operations::ToProto(absl::Milliseconds(ms)); };
  v1::ValidationReport out;
  out.set_importable(reading.error_count == 0 && !taken && (duplicates.same.empty() || allow_duplicate));
  out.set_format(ToProto(transcript.format));
  out.set_encoding(transcript.encoding);
  out.set_turn_count(static_cast<int32_t>(transcript.turns.size()));
  out.set_word_count(static_cast<int32_t>(figures.words));
  out.set_question_count(static_cast<int32_t>(reading.parsed.questions.size()));
  out.set_asker(ToProto(record.asker));
  for (const SpeakerShare& speaker : figures.speakers) {
    v1::SpeakerSummary& to = *out.add_speakers();
    to.set_label(speaker.label);
    to.set_role(ToProto(speaker.role));
    to.set_turn_count(static_cast<int32_t>(speaker.turns));
    to.set_word_count(static_cast<int32_t>(speaker.words));
    to.set_suggested(speaker.suggested);
  }
  out.set_speakers_suggested(transcript.speakers_suggested);
  out.set_started_turn_count(static_cast<int32_t>(figures.started_turns));
  out.set_timed_turn_count(static_cast<int32_t>(figures.timed_turns));
  out.set_overlap_count(static_cast<int32_t>(figures.overlaps));
  if (figures.longest_overlap_ms > 0) *out.mutable_longest_overlap() = millis(figures.longest_overlap_ms);
  out.set_gap_count(static_cast<int32_t>(figures.gaps));
  if (figures.longest_gap_ms > 0) *out.mutable_longest_gap() = millis(figures.longest_gap_ms);
  if (transcript.duration_ms) *out.mutable_duration() = millis(*transcript.duration_ms);
  out.set_duration_source(ToProto(transcript.duration_source));
  AddWarnings(transcript, *out.mutable_warnings());
  for (const FieldViolation& error : reading.errors) {
    v1::ImportError& to = *out.add_errors();
    to.set_field(error.field);
    to.set_description(error.description);
  }
  out.set_error_count(static_cast<int32_t>(reading.error_count));
  out.set_session_taken(taken);
  AddDuplicates(duplicates, out);
  return out;
}

}  // namespace plumbline::coding
