#include "coding/service/coder_service.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.CoderService/";
constexpr int kMaxEntries = 10'000;

// The desk of one coder: the ids in a request, checked in form.
struct Desk {
  std::string study;
  std::string coder;
};

Desk ReadDesk(const std::string& study, const std::string& coder, Violations& violations) {
  Desk desk{"", coder};
  if (const auto id = operations::ParseName(study, "studies", "study"); id.ok()) {
    desk.study = *id;
  } else {
    violations.Add("study", study, "must be \"studies/{study}\"");
  }
  if (!IsCoderId(coder)) violations.Add("coder", coder, kCoderIdRule);
  return desk;
}

// The study of the desk, where the coder is one of its coders.
absl::StatusOr<Study> OpenDesk(CodingReader& reader, const Desk& desk) {
  ASSIGN_OR_RETURN(Study study, reader.GetStudy(desk.study));
  if (std::find(study.coders.begin(), study.coders.end(), desk.coder) == study.coders.end()) {
    return NotFound(absl::StrCat("studies/", desk.study, "/coders/", desk.coder));
  }
  return study;
}

}  // namespace

grpc::ServerUnaryReactor* CoderService::ListItems(grpc::CallbackServerContext* context,
                                                  const v1::ListItemsRequest* request,
                                                  v1::ListItemsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListItems"),
                         [=, this](const rpc::Call&) { return List(*request, *response); });
}

grpc::ServerUnaryReactor* CoderService::SubmitCode(grpc::CallbackServerContext* context,
                                                   const v1::SubmitCodeRequest* request,
                                                   v1::SubmitCodeResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "SubmitCode"),
                         [=, this](const rpc::Call& call) { return Submit(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::BatchSubmitCodes(grpc::CallbackServerContext* context,
                                                         const v1::BatchSubmitCodesRequest* request,
                                                         v1::BatchSubmitCodesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "BatchSubmitCodes"),
                         [=, this](const rpc::Call& call) { return BatchSubmit(call, *request, *response); });
}

absl::Status CoderService::List(const v1::ListItemsRequest& request, v1::ListItemsResponse& response) {
  Violations violations;
  const Desk desk = ReadDesk(request.study(), request.coder(), violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 100, 1000));
  // The position in the coder's own order is all a token holds.
  const std::string list = absl::StrCat("ListItems/", desk.study, "/", desk.coder);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const Study study, OpenDesk(reader, desk));
    ASSIGN_OR_RETURN(const Frame frame, frames_.Find(reader, study.frame_id, study.frame_version));
    ASSIGN_OR_RETURN(std::vector<CoderItem> items, reader.ListCoderItems(desk.study, desk.coder, after, page_size + 1));
    const bool more = static_cast<int>(items.size()) > page_size;
    if (more) items.pop_back();
    for (const CoderItem& item : items) *response.add_items() = ToProto(item);
    if (more) response.set_next_page_token(EncodePageToken(list, absl::StrCat(items.back().position)));
    for (const FrameEntry& entry : frame.entries) {
      v1::Choice& choice = *response.add_choices();
      choice.set_id(entry.id);
      choice.set_label(entry.label);
    }
    return absl::OkStatus();
  });
}

absl::Status CoderService::Submit(const rpc::Call& call, const v1::SubmitCodeRequest& request,
                                  v1::SubmitCodeResponse& response) {
  Violations violations;
  const Desk desk = ReadDesk(request.study(), request.coder(), violations);
  if (!IsValidResourceId(request.item())) violations.Add("item", request.item(), kResourceIdRule);
  const Code code = FromProto(request.code(), request.has_code(), "code", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return operations::Write<CodingReader, CodingWriter, v1::SubmitCodeResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::SubmitCodeResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, OpenDesk(writer, desk));
        RETURN_IF_ERROR(RequireOpen(study));
        ASSIGN_OR_RETURN(const Frame frame, frames_.Find(writer, study.frame_id, study.frame_version));
        Violations in_frame;
        CheckCode(frame, code, "code.nomination", in_frame);
        RETURN_IF_ERROR(in_frame.ToStatus());
        ASSIGN_OR_RETURN(const CoderItem item, writer.GetCoderItem(desk.study, desk.coder, request.item()));
        const int newest = item.code ? item.code->version : 0;
        if (request.has_expected_version() && request.expected_version() != newest) {
          return StaleEtag(absl::StrCat("studies/", desk.study, "/coders/", desk.coder, "/items/", request.item()));
        }
        ASSIGN_OR_RETURN(const std::vector<PlacedCode> stored,
                         writer.AddCodes(desk.study, {{desk.coder, request.item(), code}}, call.now));
        *out.mutable_code() = ToProto(stored[0].code);
        result.audit.push_back(
            {"code.submit", absl::StrCat("studies/", desk.study),
             absl::StrCat("coder=", desk.coder, " item=", request.item(), " version=", stored[0].code.version)});
        return absl::OkStatus();
      });
}

absl::Status CoderService::BatchSubmit(const rpc::Call& call, const v1::BatchSubmitCodesRequest& request,
                                       v1::BatchSubmitCodesResponse& response) {
  Violations violations;
  const Desk desk = ReadDesk(request.study(), request.coder(), violations);
  if (request.entries_size() < 1 || request.entries_size() > kMaxEntries) {
    violations.Add("entries", absl::StrCat(request.entries_size(), " entries"),
                   absl::StrCat("must be 1 to ", kMaxEntries));
  }
  std::set<std::string_view> seen;
  std::vector<PlacedCode> codes;
  for (int i = 0; i < request.entries_size() && i < kMaxEntries; ++i) {
    const auto& entry = request.entries(i);
    const std::string place = absl::StrCat("entries[", i, "]");
    if (!IsValidResourceId(entry.item())) {
      violations.Add(place + ".item", entry.item(), kResourceIdRule);
    } else if (!seen.insert(entry.item()).second) {
      violations.Add(place + ".item", entry.item(), "stands twice");
    }
    codes.push_back({desk.coder, entry.item(), FromProto(entry.code(), entry.has_code(), place + ".code", violations)});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return operations::Write<CodingReader, CodingWriter, v1::BatchSubmitCodesResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::BatchSubmitCodesResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const Study study, OpenDesk(writer, desk));
        RETURN_IF_ERROR(RequireOpen(study));
        ASSIGN_OR_RETURN(const Frame frame, frames_.Find(writer, study.frame_id, study.frame_version));
        Violations in_frame;
        for (size_t i = 0; i < codes.size(); ++i) {
          CheckCode(frame, codes[i].code, absl::StrCat("entries[", i, "].code.nomination"), in_frame);
        }
        RETURN_IF_ERROR(in_frame.ToStatus());
        RETURN_IF_ERROR(writer.AddCodes(desk.study, codes, call.now).status());
        out.set_code_count(static_cast<int32_t>(codes.size()));
        result.audit.push_back({"code.submit", absl::StrCat("studies/", desk.study),
                                absl::StrCat("coder=", desk.coder, " codes=", codes.size())});
        return absl::OkStatus();
      });
}

}  // namespace plumbline::coding
