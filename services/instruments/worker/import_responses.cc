#include "instruments/worker/import_responses.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "instruments/domain/response_csv.h"
#include "instruments/service/convert.h"
#include "plumbline/instruments/v1/instruments.pb.h"

namespace plumbline::instruments {
namespace {

constexpr size_t kChunk = 1000;  // responses between two looks at the clock of progress: a few milliseconds

struct ScoredBatch {
  std::vector<StoredResponse> responses;
  int undefined_scores = 0;
};

absl::StatusOr<ScoredBatch> ScoreInChunks(const KeyCatalogue& keys, const std::vector<Submission>& submissions,
                                          IdGenerator& ids, absl::Time now, jobs::JobContext& context) {
  ScoredBatch batch;
  batch.responses.reserve(submissions.size());
  for (size_t s = 0; s < submissions.size(); ++s) {
    if (s % kChunk == 0) {
      RETURN_IF_ERROR(context.ShouldStop());
      context.ReportProgress({.done = static_cast<int64_t>(s),
                              .total = static_cast<int64_t>(submissions.size()),
                              .phase = "scoring responses"});
    }
    ASSIGN_OR_RETURN(const InstrumentKey* key, keys.Find(submissions[s].instrument));
    ASSIGN_OR_RETURN(const ScoredResponse scored,
                     ScoreSubmission(*key, submissions[s], absl::StrCat("responses[", s, "]")));
    for (const Score& score : scored.scores) batch.undefined_scores += score.value.defined() ? 0 : 1;
    batch.responses.push_back(ToStored(scored, *key, ids.NewId(), now));
  }
  return batch;
}

// FAILED_PRECONDITION naming those of `responses` whose place is taken.
absl::Status CheckFree(InstrumentsReader& reader, const std::vector<StoredResponse>& responses) {
  std::vector<ResponseSlot> slots;
  slots.reserve(responses.size());
  for (const StoredResponse& r : responses) slots.push_back({r.instrument, r.participant, r.wave});
  ASSIGN_OR_RETURN(const auto taken, reader.FindResponses(slots));
  ErrorDetail detail;
  detail.reason = "RESPONSES_EXIST";
  size_t count = 0;
  for (size_t s = 0; s < slots.size(); ++s) {
    if (!taken[s].has_value()) continue;
    if (++count > Violations::kMaxReported) continue;
    detail.violations.push_back(
        {absl::StrCat(slots[s].participant, ", ", slots[s].instrument, ", ", slots[s].wave),
         absl::StrCat("is answered already, in ", ResponseName(*taken[s]), "; correct that response instead")});
  }
  if (count == 0) return absl::OkStatus();
  const std::string message =
      absl::StrCat(count, " of ", slots.size(), " responses are there already: ", detail.violations[0].field,
                   count > 1 ? " and others" : "");
  return MakeError(absl::StatusCode::kFailedPrecondition, message, std::move(detail));
}

absl::Status Import(const KeyCatalogue& keys, InstrumentsStore& store, IdGenerator& ids, Clock& clock,
                    jobs::JobContext& context) {
  v1::BatchImportResponsesRequest request;
  if (!request.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload is not a batch import");
  }
  context.ReportProgress({.done = 0, .total = 0, .phase = "reading the table"});
  ASSIGN_OR_RETURN(const std::vector<Submission> submissions, ParseResponseCsv(request.csv(), keys));
  const absl::Time now = clock.Now();
  ASSIGN_OR_RETURN(const ScoredBatch batch, ScoreInChunks(keys, submissions, ids, now, context));
  RETURN_IF_ERROR(context.ShouldStop());
  const auto total = static_cast<int64_t>(batch.responses.size());
  context.ReportProgress({.done = total, .total = total, .phase = "storing"});
  const std::string operation = operations::OperationName(context.operation().id);
  return store.Commit(context.claim(), now, [&](InstrumentsWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    RETURN_IF_ERROR(CheckFree(writer, batch.responses));
    RETURN_IF_ERROR(writer.InsertResponses(batch.responses));
    v1::BatchImportResponsesResult result;
    result.set_response_count(static_cast<int32_t>(batch.responses.size()));
    result.set_undefined_scores(batch.undefined_scores);
    return jobs::WriteResult{
        .response = operations::PackResult(result),
        .audit = {{"responses.import", operation,
                   absl::StrCat("responses=", batch.responses.size(), " undefined_scores=", batch.undefined_scores)}},
        .operations = {}};
  });
}

}  // namespace

jobs::Handler MakeImportResponsesHandler(const KeyCatalogue& keys, InstrumentsStore& store, IdGenerator& ids,
                                         Clock& clock) {
  return [&keys, &store, &ids, &clock](jobs::JobContext& context) { return Import(keys, store, ids, clock, context); };
}

}  // namespace plumbline::instruments
