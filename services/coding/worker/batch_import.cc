#include "coding/worker/batch_import.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"

namespace plumbline::coding {
namespace {

// A session that is taken will be taken at the next attempt too, so the operation ends instead of being retried.
absl::Status Taken(const std::string& session) {
  return FailedPrecondition("TRANSCRIPT_EXISTS", absl::StrCat("transcripts/", session),
                            absl::StrCat("session \"", session, "\" has a transcript already: nothing was imported"));
}

absl::Status Import(CodingStore& store, Clock& clock, jobs::JobContext& context) {
  v1::BatchImportTranscriptsRequest request;
  if (!request.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload is not a batch import");
  }
  std::vector<ParsedSource> parsed;
  int64_t questions = 0;
  for (int i = 0; i < request.sources_size(); ++i) {
    RETURN_IF_ERROR(context.ShouldStop());
    context.ReportProgress({i, request.sources_size(), "reading transcripts"});
    ASSIGN_OR_RETURN(ParsedSource source,
                     ParseSource(request.sources(i), /*session_required=*/true, absl::StrCat("sources[", i, "]")));
    questions += source.record.question_count;
    parsed.push_back(std::move(source));
  }
  RETURN_IF_ERROR(context.ShouldStop());
  context.ReportProgress({request.sources_size(), request.sources_size(), "storing"});
  const absl::Time now = clock.Now();
  const std::string operation = operations::OperationName(context.operation().id);
  return store.Commit(context.claim(), now, [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    v1::BatchImportTranscriptsResult result;
    for (ParsedSource& source : parsed) {
      source.record.create_time = now;
      const absl::Status stored = writer.InsertTranscript(source.record, source.transcript.turns, source.questions);
      if (absl::IsAlreadyExists(stored)) return Taken(source.record.session);
      RETURN_IF_ERROR(stored);
      *result.add_transcripts() = ToProto(source.record);
    }
    return jobs::WriteResult{
        operations::PackResult(result),
        {{"transcript.batch_import", operation, absl::StrCat("transcripts=", parsed.size(), " questions=", questions)}},
        {}};
  });
}

}  // namespace

jobs::Handler MakeBatchImportHandler(CodingStore& store, Clock& clock) {
  return [&store, &clock](jobs::JobContext& context) { return Import(store, clock, context); };
}

}  // namespace plumbline::coding
