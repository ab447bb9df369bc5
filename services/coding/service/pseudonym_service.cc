#include "coding/service/pseudonym_service.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "coding/service/pseudonymizer.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.PseudonymService/";

struct Scope {
  bool family = false;
  std::string id;
};

absl::StatusOr<Scope> ReadScope(const std::string& name) {
  Scope scope;
  scope.family = absl::StartsWith(name, "families/");
  const auto id = operations::ParseName(name, scope.family ? "families" : "transcripts", "name");
  if (!id.ok()) return InvalidField("name", name, "must be \"transcripts/{id}\" or \"families/{id}\"");
  scope.id = *id;
  return scope;
}

}  // namespace

grpc::ServerUnaryReactor* PseudonymService::GetPseudonymReport(grpc::CallbackServerContext* context,
                                                               const v1::GetPseudonymReportRequest* request,
                                                               v1::GetPseudonymReportResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetPseudonymReport"), *request,
                         [=, this](const rpc::Call&) -> absl::Status {
                           ASSIGN_OR_RETURN(const Scope scope, ReadScope(request->name()));
                           return store_.Read([&](CodingReader& reader) -> absl::Status {
                             int transcripts = 1;
                             PseudonymRecord record;
                             if (scope.family) {
                               ASSIGN_OR_RETURN(record, reader.pseudonyms().SumPseudonymRecords(scope.id, transcripts));
                             } else {
                               RETURN_IF_ERROR(reader.GetTranscript(scope.id).status());
                               auto found = reader.pseudonyms().GetPseudonymRecord(scope.id);
                               if (!found.ok() && !absl::IsNotFound(found.status())) return found.status();
                               if (found.ok()) record = *std::move(found);
                             }
                             ASSIGN_OR_RETURN(const auto rows, reader.pseudonyms().ListPseudonyms(request->name()));
                             response->Clear();
                             response->set_name(request->name());
                             response->set_transcript_count(transcripts);
                             response->set_word_count(record.words);
                             response->mutable_counts()->Swap(ToProto(record).mutable_counts());
                             response->set_remembered_count(static_cast<int32_t>(rows.size()));
                             response->set_remembers(hash_ != nullptr);
                             return absl::OkStatus();
                           });
                         });
}

grpc::ServerUnaryReactor* PseudonymService::DestroyPseudonymMap(grpc::CallbackServerContext* context,
                                                                const v1::DestroyPseudonymMapRequest* request,
                                                                v1::DestroyPseudonymMapResponse* response) {
  return handlers_.Unary(
      context, absl::StrCat(kService, "DestroyPseudonymMap"), *request,
      [=, this](const rpc::Call& call) -> absl::Status {
        RETURN_IF_ERROR(ReadScope(request->name()).status());
        return operations::Write<CodingReader, CodingWriter, v1::DestroyPseudonymMapResponse>(
            store_, submitter_, call, *request, *response,
            [&](CodingWriter& writer, v1::DestroyPseudonymMapResponse& out, jobs::WriteResult& result) -> absl::Status {
              ASSIGN_OR_RETURN(const int64_t destroyed, writer.pseudonym_writer().DestroyPseudonyms(request->name()));
              out.set_destroyed_count(static_cast<int32_t>(destroyed));
              result.audit.push_back({"pseudonyms.destroy", request->name(), absl::StrCat("forms=", destroyed)});
              return absl::OkStatus();
            });
      });
}

}  // namespace plumbline::coding
