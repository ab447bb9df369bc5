#ifndef PLUMBLINE_CODING_SERVICE_CONVERT_IMPORT_H_
#define PLUMBLINE_CODING_SERVICE_CONVERT_IMPORT_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript_report.h"
#include "coding/service/pseudonymizer.h"
#include "coding/storage/find_duplicates.h"
#include "coding/storage/store.h"
#include "plumbline/coding/v1/import_payload.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"

// From a source, as a client sends it, to what is stored of it. The one way in: ImportTranscript,
// BatchImportTranscripts and ExtractQuestions all go through ReadSource.
namespace plumbline::coding {

// A transcript that was parsed, searched for what identifies people and its questions extracted. Placeholders are
// numbered within it until the transaction that stores it gives them their numbers (Renumber).
struct ParsedSource {
  TranscriptRecord record;  // create_time is not set
  Transcript transcript;
  std::vector<Question> questions;
  Hidden pseudonyms;
};

// Gives placeholders other numbers, in the questions too.
void Renumber(const PlaceholderMap& numbers, ParsedSource& source);
void Renumber(const PlaceholderMap& numbers, v1::ValidationReport& report);

// Stores the transcript with what was replaced in it.
absl::Status InsertSource(CodingWriter& writer, const ParsedSource& source);

// What waits for a worker; the numbers are not in it yet. And back: with the numbers that are in it.
v1::CleanTranscript ToPayload(const ParsedSource& source);
absl::StatusOr<ParsedSource> FromPayload(const v1::CleanTranscript& payload);

// Labels of speakers as a person types them: what is no role is taken for a name.
Hidden HideLabels(std::vector<std::string>& labels);

struct SourceReading {
  ParsedSource parsed;                 // whole only without errors
  std::vector<FieldViolation> errors;  // of the text; fields as the request has them
  size_t error_count = 0;
};

// Reads a source. INVALID_ARGUMENT when the request is wrong in itself, naming the field (under `place`, e.g.
// "source"); what is wrong with the text is in `errors`.
absl::StatusOr<SourceReading> ReadSource(const v1::TranscriptSource& source, bool session_required,
                                         std::string_view place);

// What was read where it has no errors; else INVALID_ARGUMENT with all of them.
absl::StatusOr<ParsedSource> Whole(SourceReading reading);
// Both in one.
absl::StatusOr<ParsedSource> ParseSource(const v1::TranscriptSource& source, bool session_required,
                                         std::string_view place);

// What the reading and the store say of it. `taken`: the session has a transcript already.
v1::ValidationReport Report(const SourceReading& reading, bool taken, const Duplicates& duplicates,
                            bool allow_duplicate);

// Adds what the store knows of others with the same words.
void AddDuplicates(const Duplicates& duplicates, v1::ValidationReport& out);

void AddWarnings(const Transcript& transcript, google::protobuf::RepeatedPtrField<v1::ImportWarning>& out);

// FAILED_PRECONDITION, reason TRANSCRIPT_IN_USE: a study codes the session.
absl::Status TranscriptInUse(const std::string& session);

// Labels and patterns of a request as a role map; violations are named under `prefix`, e.g. "source.speakers".
RoleMap ReadSpeakers(const google::protobuf::RepeatedPtrField<v1::SpeakerMapping>& speakers, const std::string& prefix,
                     Violations& violations);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CONVERT_IMPORT_H_
