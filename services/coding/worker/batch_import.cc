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

absl::StatusOr<ParsedSource> Parse(const v1::BatchImportTranscriptsRequest& request, int i) {
  return ParseSource(request.sources(i), /*session_required=*/true, absl::StrCat("sources[", i, "]"));
}

// Reads every source for what is wrong with it and keeps nothing, so that memory holds one transcript at a time.
absl::Status Check(const v1::BatchImportTranscriptsRequest& request, jobs::JobContext& context) {
  TranscriptReading wrong;
  for (int i = 0; i < request.sources_size(); ++i) {
    RETURN_IF_ERROR(context.ShouldStop());
    context.ReportProgress({i, request.sources_size(), "reading transcripts"});
    const auto parsed = Parse(request, i);
    if (parsed.ok()) continue;
    const auto detail = GetErrorDetail(parsed.status());
    if (!absl::IsInvalidArgument(parsed.status()) || !detail) return parsed.status();
    for (const FieldViolation& violation : detail->violations) {
      ++wrong.error_count;
      if (wrong.errors.size() < kMaxImportErrors) wrong.errors.push_back(violation);
    }
  }
  return ImportErrors(wrong);
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

absl::Status Import(CodingStore& store, Clock& clock, jobs::JobContext& context) {
  v1::BatchImportTranscriptsRequest request;
  if (!request.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload is not a batch import");
  }
  RETURN_IF_ERROR(Check(request, context));
  RETURN_IF_ERROR(context.ShouldStop());
  context.ReportProgress({request.sources_size(), request.sources_size(), "storing"});
  const absl::Time now = clock.Now();
  const std::string operation = operations::OperationName(context.operation().id);
  return store.Commit(context.claim(), now, [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    v1::BatchImportTranscriptsResult result;
    int64_t questions = 0;
    for (int i = 0; i < request.sources_size(); ++i) {
      ASSIGN_OR_RETURN(ParsedSource source, Parse(request, i));
      source.record.create_time = now;
      questions += source.record.question_count;
      ASSIGN_OR_RETURN(const Duplicates duplicates, FindDuplicates(writer, source.record.session,
                                                                   source.record.fingerprint, source.transcript.turns));
      const absl::Status stored = writer.InsertTranscript(source.record, source.transcript.turns, source.questions);
      if (absl::IsAlreadyExists(stored)) return Taken(source.record.session);
      RETURN_IF_ERROR(stored);
      if (!duplicates.same.empty() && !request.allow_duplicates()) {
        return Duplicate(source.record.session, duplicates.same);
      }
      *result.add_transcripts() = ToProto(source.record);
      NoteWarnings(source, duplicates, result);
    }
    return jobs::WriteResult{operations::PackResult(result),
                             {{"transcript.batch_import", operation,
                               absl::StrCat("transcripts=", request.sources_size(), " questions=", questions)}},
                             {}};
  });
}

}  // namespace

jobs::Handler MakeBatchImportHandler(CodingStore& store, Clock& clock) {
  return [&store, &clock](jobs::JobContext& context) { return Import(store, clock, context); };
}

}  // namespace plumbline::coding
