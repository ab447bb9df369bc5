#ifndef PLUMBLINE_CODING_SERVICE_CONVERT_IMPORT_H_
#define PLUMBLINE_CODING_SERVICE_CONVERT_IMPORT_H_

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/questions.h"
#include "coding/domain/transcript_report.h"
#include "coding/storage/find_duplicates.h"
#include "coding/storage/store.h"
#include "plumbline/coding/v1/transcripts.pb.h"

// From a source, as a client sends it, to what is stored of it. The one way in: ImportTranscript,
// BatchImportTranscripts and ExtractQuestions all go through ReadSource.
namespace plumbline::coding {

// A transcript that was parsed and its questions extracted, ready to be stored.
struct ParsedSource {
  TranscriptRecord record;  // create_time is not set
  Transcript transcript;
  std::vector<Question> questions;
};

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

// The rule of questions that were extracted elsewhere.
inline constexpr char kImportedRule[] = "imported";

// Labels and patterns of a request as a role map; violations are named under `prefix`, e.g. "source.speakers".
RoleMap ReadSpeakers(const google::protobuf::RepeatedPtrField<v1::SpeakerMapping>& speakers, const std::string& prefix,
                     Violations& violations);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CONVERT_IMPORT_H_
