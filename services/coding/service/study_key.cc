#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/service/study_service.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"
#include "common/rpc/access.h"

// What StudyService does with a study as a whole: its key, its changes, its removal.
namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.StudyService/";
constexpr int kMaxKeyEntries = 100'000;

absl::StatusOr<std::string> StudyIdFromName(const std::string& name, const char* field) {
  return operations::ParseName(name, "studies", field);
}

// The key of a closed study, for anybody but those who code in it.
absl::Status RequireUnsealed(const rpc::Call& call, const Study& study) {
  if (IsSomebodyOf(study, call.actor)) {
    return rpc::Refused("CODER_OF_STUDY", absl::StrCat("studies/", study.id),
                        "whoever codes in a study does not open its key");
  }
  if (study.state == StudyState::kClosed) return absl::OkStatus();
  return FailedPrecondition("KEY_SEALED", absl::StrCat("studies/", study.id),
                            "the key is sealed until the study is closed");
}

}  // namespace

grpc::ServerUnaryReactor* StudyService::OpenStudyKey(grpc::CallbackServerContext* context,
                                                     const v1::OpenStudyKeyRequest* request,
                                                     v1::OpenStudyKeyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "OpenStudyKey"), *request,
                         [=, this](const rpc::Call& call) { return OpenKey(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::ListStudyKey(grpc::CallbackServerContext* context,
                                                     const v1::ListStudyKeyRequest* request,
                                                     v1::ListStudyKeyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListStudyKey"), *request,
                         [=, this](const rpc::Call& call) { return ListKey(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::UpdateStudy(grpc::CallbackServerContext* context,
                                                    const v1::UpdateStudyRequest* request,
                                                    v1::UpdateStudyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "UpdateStudy"), *request,
                         [=, this](const rpc::Call& call) { return Update(call, *request, *response); });
}

grpc::ServerUnaryReactor* StudyService::DeleteStudy(grpc::CallbackServerContext* context,
                                                    const v1::DeleteStudyRequest* request,
                                                    v1::DeleteStudyResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "DeleteStudy"), *request,
                         [=, this](const rpc::Call& call) { return Delete(call, *request, *response); });
}

absl::Status StudyService::Audited(const rpc::Call& call, const absl::Status& outcome, const AuditEntry& entry) {
  const absl::Status recorded = store_
                                    .Write({call.actor, call.method, "", "", call.now},
                                           [&](CodingWriter&) -> absl::StatusOr<jobs::WriteResult> {
                                             return jobs::WriteResult{"", {entry}, {}};
                                           })
                                    .status();
  // What cannot be recorded is not told either: the caller may try again.
  return recorded.ok() ? outcome : recorded;
}

absl::Status StudyService::OpenKey(const rpc::Call& call, const v1::OpenStudyKeyRequest& request,
                                   v1::OpenStudyKeyResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.name(), "name"));
  bool sealed = false;
  const absl::Status opened = operations::Write<CodingReader, CodingWriter, v1::OpenStudyKeyResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::OpenStudyKeyResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, writer.GetStudy(id));
        const absl::Status unsealed = RequireUnsealed(call, study);
        sealed = absl::IsFailedPrecondition(unsealed);
        RETURN_IF_ERROR(unsealed);
        if (study.item_count > kMaxKeyEntries) {
          return FailedPrecondition(
              "KEY_TOO_LARGE", request.name(),
              absl::StrCat("the key has more than ", kMaxKeyEntries, " entries: read it in pages with ListStudyKey"));
        }
        ASSIGN_OR_RETURN(const std::vector<StudyItem> items, writer.ListKey(id, 0, study.session_count));
        for (const StudyItem& item : items) *out.add_entries() = ToProto(item);
        result.audit.push_back({"study.open_key", request.name(), absl::StrCat("items=", items.size())});
        return absl::OkStatus();
      });
  return sealed ? Audited(call, opened, {"study.open_key.refused", request.name(), "reason=KEY_SEALED"}) : opened;
}

absl::Status StudyService::ListKey(const rpc::Call& call, const v1::ListStudyKeyRequest& request,
                                   v1::ListStudyKeyResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.name(), "name"));
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 100, 1000));
  const std::string list = absl::StrCat("ListStudyKey/", id);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  bool sealed = false;
  int until = 0;
  const absl::Status read = store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const Study study, reader.GetStudy(id));
    const absl::Status unsealed = RequireUnsealed(call, study);
    sealed = absl::IsFailedPrecondition(unsealed);
    RETURN_IF_ERROR(unsealed);
    until = std::min(study.session_count, after + page_size);
    ASSIGN_OR_RETURN(const std::vector<StudyItem> items, reader.ListKey(id, after, until));
    response.Clear();
    for (const StudyItem& item : items) *response.add_entries() = ToProto(item);
    if (until < study.session_count) response.set_next_page_token(EncodePageToken(list, absl::StrCat(until)));
    return absl::OkStatus();
  });
  if (sealed) return Audited(call, read, {"study.open_key.refused", request.name(), "reason=KEY_SEALED"});
  if (!read.ok()) return read;
  // Every page, since a token says nothing of who was given it.
  const absl::Status recorded =
      Audited(call, read, {"study.open_key", request.name(), absl::StrCat("sessions after=", after, " until=", until)});
  if (!recorded.ok()) response.Clear();
  return recorded;
}

absl::Status StudyService::Update(const rpc::Call& call, const v1::UpdateStudyRequest& request,
                                  v1::UpdateStudyResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.study().name(), "study.name"));
  Study checked;
  RETURN_IF_ERROR(ApplyUpdate(request, call.now, checked));
  return operations::Write<CodingReader, CodingWriter, v1::UpdateStudyResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::UpdateStudyResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(Study study, writer.GetStudy(id));
        if (!request.etag().empty() && request.etag() != Etag(study)) return StaleEtag(request.study().name());
        if (study.state == StudyState::kClosed) return RequireOpen(study);
        RETURN_IF_ERROR(ApplyUpdate(request, call.now, study));
        RETURN_IF_ERROR(writer.UpdateStudy(study));
        ASSIGN_OR_RETURN(const Study stored, writer.GetStudy(id));
        *out.mutable_study() = ToProto(stored);
        std::string fields;
        for (const std::string& path : request.update_mask().paths()) absl::StrAppend(&fields, " ", path);
        result.audit.push_back({"study.update", request.study().name(), absl::StrCat("fields:", fields)});
        return absl::OkStatus();
      });
}

absl::Status StudyService::Delete(const rpc::Call& call, const v1::DeleteStudyRequest& request,
                                  v1::DeleteStudyResponse& response) {
  ASSIGN_OR_RETURN(const std::string id, StudyIdFromName(request.name(), "name"));
  return operations::Write<CodingReader, CodingWriter, v1::DeleteStudyResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::DeleteStudyResponse&, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, writer.GetStudy(id));
        ASSIGN_OR_RETURN(const auto preparation, writer.GetPreparation(id));
        if (study.state != StudyState::kPreparing || !preparation) {
          return FailedPrecondition("STUDY_PREPARED", request.name(),
                                    "the study has been opened to its coders: what they did is kept");
        }
        RETURN_IF_ERROR(writer.DeleteStudy(id));
        result.audit.push_back({"study.delete", request.name(), absl::StrCat("items=", preparation->items)});
        return absl::OkStatus();
      });
}

}  // namespace plumbline::coding
