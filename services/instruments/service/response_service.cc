#include "instruments/service/response_service.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "instruments/domain/response_csv.h"
#include "instruments/service/convert.h"

namespace plumbline::instruments {
namespace {

constexpr int kDefaultPage = 100;
constexpr int kMaxPage = 1000;

size_t CountAnswered(const std::vector<Answer>& answers) {
  return static_cast<size_t>(
      std::count_if(answers.begin(), answers.end(), [](const Answer& a) { return a.value.has_value(); }));
}

// Audit lines hold what was answered to and when, never who answered what.
std::string AuditDetail(const StoredResponse& response) {
  return absl::StrCat("instrument=", response.instrument, "@", response.key_version, " wave=", response.wave,
                      " answered=", CountAnswered(response.answers));
}

}  // namespace

grpc::ServerUnaryReactor* ResponseService::CreateResponse(grpc::CallbackServerContext* context,
                                                          const v1::CreateResponseRequest* request,
                                                          v1::CreateResponseResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.ResponseService/CreateResponse", *request,
                         [=, this](const rpc::Call& call) { return Create(call, *request, *response); });
}

grpc::ServerUnaryReactor* ResponseService::GetResponse(grpc::CallbackServerContext* context,
                                                       const v1::GetResponseRequest* request,
                                                       v1::GetResponseResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.ResponseService/GetResponse", *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const std::string id, ResponseIdFromName(request->name()));
                           return store_.Read([&](InstrumentsReader& reader) -> absl::Status {
                             ASSIGN_OR_RETURN(const StoredResponse stored, reader.GetResponse(id));
                             *response->mutable_response() = ToProto(stored);
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* ResponseService::ListResponses(grpc::CallbackServerContext* context,
                                                         const v1::ListResponsesRequest* request,
                                                         v1::ListResponsesResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.ResponseService/ListResponses", *request,
                         [=, this](const rpc::Call&) { return List(*request, *response); });
}

grpc::ServerUnaryReactor* ResponseService::UpdateResponse(grpc::CallbackServerContext* context,
                                                          const v1::UpdateResponseRequest* request,
                                                          v1::UpdateResponseResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.ResponseService/UpdateResponse", *request,
                         [=, this](const rpc::Call& call) { return Update(call, *request, *response); });
}

grpc::ServerUnaryReactor* ResponseService::DeleteResponse(grpc::CallbackServerContext* context,
                                                          const v1::DeleteResponseRequest* request,
                                                          v1::DeleteResponseResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.ResponseService/DeleteResponse", *request,
                         [=, this](const rpc::Call& call) { return Delete(call, *request, *response); });
}

grpc::ServerUnaryReactor* ResponseService::BatchImportResponses(grpc::CallbackServerContext* context,
                                                                const v1::BatchImportResponsesRequest* request,
                                                                v1::BatchImportResponsesResponse* response) {
  return handlers_.Unary(context, "plumbline.instruments.v1.ResponseService/BatchImportResponses", *request,
                         [=, this](const rpc::Call& call) { return Import(call, *request, *response); });
}

absl::Status ResponseService::Create(const rpc::Call& call, const v1::CreateResponseRequest& request,
                                     v1::CreateResponseResponse& response) {
  ASSIGN_OR_RETURN(const std::string instrument,
                   InstrumentIdFromName(request.response().instrument(), "response.instrument"));
  ASSIGN_OR_RETURN(const InstrumentKey* key, keys_.Find(instrument, request.response().instrument_version()));
  const Submission submission{instrument, request.response().participant(), request.response().wave(),
                              FromProto(request.response().answers())};
  ASSIGN_OR_RETURN(const ScoredResponse scored, ScoreSubmission(*key, submission, "response"));
  const StoredResponse stored = ToStored(scored, *key, ids_.NewId(), call.now);
  return operations::Write<InstrumentsReader, InstrumentsWriter, v1::CreateResponseResponse>(
      store_, submitter_, call, request, response,
      [&](InstrumentsWriter& writer, v1::CreateResponseResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const auto taken,
                         writer.FindResponses({{stored.instrument, stored.participant, stored.wave}}));
        if (taken[0].has_value()) return AlreadyExists(ResponseName(*taken[0]));
        RETURN_IF_ERROR(writer.InsertResponses({stored}));
        *out.mutable_response() = ToProto(stored);
        result.audit.push_back({"response.create", ResponseName(stored.id), AuditDetail(stored)});
        return absl::OkStatus();
      });
}

absl::Status ResponseService::List(const v1::ListResponsesRequest& request, v1::ListResponsesResponse& response) {
  ResponseFilter filter{.instrument = "", .wave = request.wave()};
  if (!request.instrument().empty()) {
    ASSIGN_OR_RETURN(filter.instrument, InstrumentIdFromName(request.instrument(), "instrument"));
  }
  if (!filter.wave.empty() && !IsValidResourceId(filter.wave)) {
    return InvalidField("wave", filter.wave, kResourceIdRule);
  }
  ASSIGN_OR_RETURN(const int size, operations::PageSize(request.page_size(), kDefaultPage, kMaxPage));
  const std::string token_filter = absl::StrCat("responses,", filter.instrument, ",", filter.wave);
  ASSIGN_OR_RETURN(const std::string after, DecodePageToken(token_filter, request.page_token()));
  return store_.Read([&](InstrumentsReader& reader) -> absl::Status {
    response.Clear();
    ASSIGN_OR_RETURN(const std::vector<StoredResponse> page, reader.ListResponses(filter, after, size + 1));
    for (const StoredResponse& stored : page) {
      if (response.responses_size() == size) {
        const v1::Response& last = response.responses(size - 1);
        ASSIGN_OR_RETURN(const std::string last_id, ResponseIdFromName(last.name()));
        response.set_next_page_token(EncodePageToken(token_filter, last_id));
        break;
      }
      *response.add_responses() = ToProto(stored);
    }
    return absl::OkStatus();
  });
}

absl::Status ResponseService::Update(const rpc::Call& call, const v1::UpdateResponseRequest& request,
                                     v1::UpdateResponseResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, ResponseIdFromName(request.name()));
  Violations violations;
  if (request.answers().empty()) violations.AddMissing("answers");
  if (request.etag().empty()) violations.AddMissing("etag");
  RETURN_IF_ERROR(violations.ToStatus());
  const std::vector<Answer> answers = FromProto(request.answers());
  return operations::Write<InstrumentsReader, InstrumentsWriter, v1::UpdateResponseResponse>(
      store_, submitter_, call, request, response,
      [&](InstrumentsWriter& writer, v1::UpdateResponseResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const StoredResponse stored, writer.GetResponse(id));
        // The form was answered by that version of the key, so it is corrected by it too.
        const auto key = keys_.Find(stored.instrument, stored.key_version);
        if (!key.ok()) {
          return FailedPrecondition("KEY_NOT_LOADED", InstrumentName(stored.instrument),
                                    absl::StrCat("the key ", stored.instrument, "@", stored.key_version,
                                                 " that this response was answered by is not loaded"));
        }
        ASSIGN_OR_RETURN(const AnswerSheet sheet, MakeAnswerSheet(**key, answers, "answers"));
        ASSIGN_OR_RETURN(const StoredResponse corrected,
                         writer.CorrectResponse(id, request.etag(), ToAnswers(**key, sheet), ScoreSheet(**key, sheet),
                                                call.actor, call.now));
        *out.mutable_response() = ToProto(corrected);
        result.audit.push_back({"response.correct", ResponseName(id),
                                absl::StrCat(AuditDetail(corrected), " correction=", corrected.corrections)});
        return absl::OkStatus();
      });
}

absl::Status ResponseService::Delete(const rpc::Call& call, const v1::DeleteResponseRequest& request,
                                     v1::DeleteResponseResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, ResponseIdFromName(request.name()));
  return operations::Write<InstrumentsReader, InstrumentsWriter, v1::DeleteResponseResponse>(
      store_, submitter_, call, request, response,
      [&](InstrumentsWriter& writer, v1::DeleteResponseResponse&, jobs::WriteResult& result) -> absl::Status {
        RETURN_IF_ERROR(writer.DeleteResponse(id, request.etag()));
        result.audit.push_back({"response.delete", ResponseName(id), ""});
        return absl::OkStatus();
      });
}

absl::Status ResponseService::Import(const rpc::Call& call, const v1::BatchImportResponsesRequest& request,
                                     v1::BatchImportResponsesResponse& response) {
  if (request.csv().empty()) {
    Violations violations;
    violations.AddMissing("csv");
    return violations.ToStatus();
  }
  // Read once here, so that a bad table is refused before anything is recorded; the worker reads it again.
  const auto submissions = ParseResponseCsv(request.csv(), keys_);
  if (!submissions.ok()) return RenameField(submissions.status(), CsvTable::kWhole, "csv");
  v1::BatchImportResponsesRequest payload = request;
  payload.clear_request_id();
  const jobs::OperationDraft draft{.id = absl::StrCat("instruments-", ids_.NewId()),
                                   .kind = kImportResponsesKind,
                                   .payload = payload.SerializeAsString(),
                                   .target = ""};
  return operations::Write<InstrumentsReader, InstrumentsWriter, v1::BatchImportResponsesResponse>(
      store_, submitter_, call, request, response,
      [&](InstrumentsWriter&, v1::BatchImportResponsesResponse& out, jobs::WriteResult& result) -> absl::Status {
        result.operations.push_back(draft);
        *out.mutable_operation() = operations::PendingToProto(draft, call.now);
        result.audit.push_back({"responses.import.accept", operations::OperationName(draft.id),
                                absl::StrCat("responses=", submissions->size())});
        return absl::OkStatus();
      });
}

}  // namespace plumbline::instruments
