#include "coding/worker/batch_import.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/service/convert_import.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::coding {
namespace {

constexpr int kMaxReportedWarnings = 200;

// What is taken or stands elsewhere already will be so at the next attempt too: the operation ends instead of being
// retried.
absl::Status Taken(const std::string& session) {
  return FailedPrecondition("TRANSCRIPT_EXISTS", absl::StrCat("transcripts/", session),
                            absl::StrCat("session \"", session, "\" has a transcript already: nothing was imported"));
}

absl::Status Duplicate(const std::string& session, const std::string& other) {
  return FailedPrecondition(
      "DUPLICATE_TRANSCRIPT", absl::StrCat("transcripts/", other),
      absl::StrCat("session \"", session, "\" has the same words as session \"", other, "\": nothing was imported"));
}

void NoteWarnings(const ParsedSource& source, const Duplicates& duplicates, v1::BatchImportTranscriptsResult& result) {
  google::protobuf::RepeatedPtrField<v1::ImportWarning> warnings;
  AddWarnings(source.transcript, warnings);
  v1::ValidationReport others;
  AddDuplicates(duplicates, others);
  warnings.MergeFrom(others.warnings());
  result.set_warning_count(result.warning_count() + warnings.size());
  for (const v1::ImportWarning& warning : warnings) {
    if (result.warnings_size() >= kMaxReportedWarnings) return;
    v1::TranscriptWarning& to = *result.add_warnings();
    to.set_transcript(absl::StrCat("transcripts/", source.record.session));
    *to.mutable_warning() = warning;
  }
}

absl::StatusOr<v1::BatchImportPayload> ReadPayload(const jobs::Operation& operation) {
  v1::BatchImportPayload payload;
  if (payload.ParseFromString(operation.payload) && payload.transcripts_size() > 0) return payload;
  return FailedPrecondition("BATCH_UNREADABLE", operations::OperationName(operation.id),
                            "the batch was accepted by another version of the service: send it again");
}

absl::Status Import(CodingStore& store, Clock& clock, jobs::JobContext& context) {
  ASSIGN_OR_RETURN(const v1::BatchImportPayload payload, ReadPayload(context.operation()));
  const int count = payload.transcripts_size();
  RETURN_IF_ERROR(context.ShouldStop());
  context.ReportProgress({0, count, "storing"});
  const absl::Time now = clock.Now();
  const std::string operation = operations::OperationName(context.operation().id);
  return store.Commit(context.claim(), now, [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    v1::BatchImportTranscriptsResult result;
    int64_t questions = 0;
    int unsearched = 0;
    for (int i = 0; i < count; ++i) {
      RETURN_IF_ERROR(context.ShouldStop());
      context.ReportProgress({i, count, "storing"});
      ASSIGN_OR_RETURN(ParsedSource source, FromPayload(payload.transcripts(i)));
      source.record.create_time = now;
      questions += source.record.question_count;
      unsearched += source.pseudonyms.record.off ? 1 : 0;
      ASSIGN_OR_RETURN(const Duplicates duplicates, FindDuplicates(writer, source.record.session,
                                                                   source.record.fingerprint, source.transcript.turns));
      const absl::Status stored = InsertSource(writer, source);
      if (absl::IsAlreadyExists(stored)) return Taken(source.record.session);
      RETURN_IF_ERROR(stored);
      if (!duplicates.same.empty() && !payload.allow_duplicates()) {
        return Duplicate(source.record.session, duplicates.same);
      }
      *result.add_transcripts() = ToProto(source.record);
      NoteWarnings(source, duplicates, result);
    }
    return jobs::WriteResult{
        operations::PackResult(result),
        {{"transcript.batch_import", operation,
          absl::StrCat("transcripts=", count, " questions=", questions, " pseudonyms_off=", unsearched)}},
        {}};
  });
}

}  // namespace

jobs::Handler MakeBatchImportHandler(CodingStore& store, Clock& clock) {
  return [&store, &clock](jobs::JobContext& context) { return Import(store, clock, context); };
}

}  // namespace plumbline::coding
