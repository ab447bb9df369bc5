#include "coding/service/coder_service.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/coder_view.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

// Items and codes; the offline round trip is in coder_batch.cc.
namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.CoderService/";
constexpr int kMaxEntries = 10'000;

void CheckItemId(const std::string& item, const std::string& place, Violations& violations) {
  if (!IsValidResourceId(item)) violations.Add(place, item, kResourceIdRule);
}

// A violation where `request` expects another version than the one before what was stored.
template <typename Request>
void CheckExpected(const Request& request, const std::string& place, int newest, Violations& stale) {
  if (!request.has_expected_version() || request.expected_version() == newest) return;
  stale.Add(place, absl::StrCat(request.expected_version()), absl::StrCat("is not the newest, ", newest));
}

// ABORTED, reason STALE_VERSION, with every entry whose expected version is another.
absl::Status CheckExpected(const v1::BatchSubmitCodesRequest& request, const std::vector<PlacedCode>& stored) {
  Violations stale;
  for (int i = 0; i < request.entries_size(); ++i) {
    CheckExpected(request.entries(i), absl::StrCat("entries[", i, "].expected_version"),
                  stored[static_cast<size_t>(i)].code.version - 1, stale);
  }
  return StaleVersions(stale);
}

// What proposes where this study's coders may be shown anything; nullptr where they may not. None where a later release
// has other rules: what coders are shown does not change while they code.
const Suggester* ShownSuggester(const OpenedDesk& opened, const Suggesters& suggesters) {
  const Suggester* suggester = FindSuggester(suggesters, opened.frame);
  return suggester != nullptr && RulesName(suggester->rules()) == opened.study.suggestion_rules ? suggester : nullptr;
}

// The item as this coder sees it, with what `suggester` proposes where they may see that.
v1::Item Show(const OpenedDesk& opened, const Suggester* suggester, const CoderItem& stored) {
  const CoderItem item = ViewOf(stored);
  v1::Item out = ToProto(item, opened.frame.kind);
  if (suggester != nullptr && MayShowSuggestion(opened.study.suggestions, item.code)) {
    *out.mutable_suggestion() = ToProto(suggester->Suggest(item.text), suggester->rules());
  }
  return out;
}

}  // namespace

grpc::ServerUnaryReactor* CoderService::ListItems(grpc::CallbackServerContext* context,
                                                  const v1::ListItemsRequest* request,
                                                  v1::ListItemsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListItems"), *request,
                         [=, this](const rpc::Call& call) { return List(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::GetItem(grpc::CallbackServerContext* context, const v1::GetItemRequest* request,
                                                v1::GetItemResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetItem"), *request,
                         [=, this](const rpc::Call& call) { return Get(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::SubmitCode(grpc::CallbackServerContext* context,
                                                   const v1::SubmitCodeRequest* request,
                                                   v1::SubmitCodeResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "SubmitCode"), *request,
                         [=, this](const rpc::Call& call) { return Submit(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::BatchSubmitCodes(grpc::CallbackServerContext* context,
                                                         const v1::BatchSubmitCodesRequest* request,
                                                         v1::BatchSubmitCodesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "BatchSubmitCodes"), *request,
                         [=, this](const rpc::Call& call) { return BatchSubmit(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::ListCodeVersions(grpc::CallbackServerContext* context,
                                                         const v1::ListCodeVersionsRequest* request,
                                                         v1::ListCodeVersionsResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListCodeVersions"), *request,
                         [=, this](const rpc::Call& call) { return Versions(call, *request, *response); });
}

grpc::ServerUnaryReactor* CoderService::GetMyProgress(grpc::CallbackServerContext* context,
                                                      const v1::GetMyProgressRequest* request,
                                                      v1::GetMyProgressResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "GetMyProgress"), *request,
                         [=, this](const rpc::Call& call) { return Progress(call, *request, *response); });
}

absl::Status CoderService::List(const rpc::Call& call, const v1::ListItemsRequest& request,
                                v1::ListItemsResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 100, 1000));
  // The position in the coder's own order is all a token holds.
  const std::string list = absl::StrCat("ListItems/", desk.study, "/", desk.coder);
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(reader, frames_, desk));
    ASSIGN_OR_RETURN(std::vector<CoderItem> items, reader.ListCoderItems(desk.study, desk.coder, after, page_size + 1));
    const bool more = static_cast<int>(items.size()) > page_size;
    if (more) items.pop_back();
    response.Clear();
    const Suggester* suggester = ShownSuggester(opened, suggesters_);
    for (const CoderItem& item : items) *response.add_items() = Show(opened, suggester, item);
    if (more) response.set_next_page_token(EncodePageToken(list, absl::StrCat(items.back().position)));
    *response.mutable_form() = AnswerFormOf(opened.frame);
    *response.mutable_choices() = response.form().choices();
    return absl::OkStatus();
  });
}

absl::Status CoderService::Get(const rpc::Call& call, const v1::GetItemRequest& request,
                               v1::GetItemResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  CheckItemId(request.item(), "item", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(reader, frames_, desk));
    ASSIGN_OR_RETURN(CoderItem item, reader.GetCoderItem(desk.study, desk.coder, request.item()));
    if (opened.frame.unit == FrameUnit::kSession) {
      ASSIGN_OR_RETURN(item.passages, reader.ListPassages(desk.study, desk.coder, request.item()));
    }
    *response.mutable_item() = Show(opened, ShownSuggester(opened, suggesters_), item);
    *response.mutable_form() = AnswerFormOf(opened.frame);
    return absl::OkStatus();
  });
}

absl::Status CoderService::Submit(const rpc::Call& call, const v1::SubmitCodeRequest& request,
                                  v1::SubmitCodeResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  CheckItemId(request.item(), "item", violations);
  const HandedInCode code = FromProto(request.code(), request.has_code(), "code", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  v1::SubmitCodeRequest clean = request;  // for the digest: one of names could be found by trying
  clean.mutable_code()->set_skip_reason(code.code.skip_reason);
  return operations::Write<CodingReader, CodingWriter, v1::SubmitCodeResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::SubmitCodeResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(writer, frames_, desk));
        RETURN_IF_ERROR(RequireTakesCodes(opened.study, desk.coder, call.now));
        Violations in_frame;
        AddCodeViolations(opened.frame, code, "code", in_frame);
        RETURN_IF_ERROR(in_frame.ToStatus());
        ASSIGN_OR_RETURN(const std::vector<PlacedCode> stored,
                         writer.AddCodes(desk.study, {{desk.coder, request.item(), code.code}}, call.now));
        const int version = stored[0].code.version;
        Violations stale;
        CheckExpected(request, "expected_version", version - 1, stale);
        RETURN_IF_ERROR(StaleVersions(stale));
        *out.mutable_code() = ToProto(stored[0].code, opened.frame.kind);
        result.audit.push_back({"code.submit", absl::StrCat("studies/", desk.study),
                                absl::StrCat("coder=", desk.coder, " item=", request.item(), " version=", version)});
        return absl::OkStatus();
      });
}

absl::Status CoderService::BatchSubmit(const rpc::Call& call, const v1::BatchSubmitCodesRequest& request,
                                       v1::BatchSubmitCodesResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  if (request.entries_size() < 1 || request.entries_size() > kMaxEntries) {
    violations.Add("entries", absl::StrCat(request.entries_size(), " entries"),
                   absl::StrCat("must be 1 to ", kMaxEntries));
  }
  std::set<std::string_view> seen;
  std::vector<PlacedCode> codes;
  std::vector<HandedInCode> handed_in;
  for (int i = 0; i < request.entries_size() && i < kMaxEntries; ++i) {
    const auto& entry = request.entries(i);
    const std::string place = absl::StrCat("entries[", i, "]");
    CheckItemId(entry.item(), place + ".item", violations);
    if (!seen.insert(entry.item()).second) violations.Add(place + ".item", entry.item(), "stands twice");
    handed_in.push_back(FromProto(entry.code(), entry.has_code(), place + ".code", violations));
    codes.push_back({desk.coder, entry.item(), handed_in.back().code});
  }
  RETURN_IF_ERROR(violations.ToStatus());
  v1::BatchSubmitCodesRequest clean = request;  // for the digest, as in Submit
  for (int i = 0; i < clean.entries_size(); ++i) {
    clean.mutable_entries(i)->mutable_code()->set_skip_reason(codes[static_cast<size_t>(i)].code.skip_reason);
  }
  const ManyCodesTurn turn(many_codes_, codes.size());
  return operations::Write<CodingReader, CodingWriter, v1::BatchSubmitCodesResponse>(
      store_, submitter_, call, clean, response,
      [&](CodingWriter& writer, v1::BatchSubmitCodesResponse& out, jobs::WriteResult& result) -> absl::Status {
        ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(writer, frames_, desk));
        RETURN_IF_ERROR(RequireTakesCodes(opened.study, desk.coder, call.now));
        Violations in_frame;
        for (size_t i = 0; i < handed_in.size(); ++i) {
          AddCodeViolations(opened.frame, handed_in[i], absl::StrCat("entries[", i, "].code"), in_frame);
        }
        RETURN_IF_ERROR(in_frame.ToStatus());
        ASSIGN_OR_RETURN(const std::vector<PlacedCode> stored, writer.AddCodes(desk.study, codes, call.now));
        RETURN_IF_ERROR(CheckExpected(request, stored));
        out.set_code_count(static_cast<int32_t>(codes.size()));
        result.audit.push_back({"code.submit", absl::StrCat("studies/", desk.study),
                                absl::StrCat("coder=", desk.coder, " codes=", codes.size())});
        return absl::OkStatus();
      });
}

absl::Status CoderService::Versions(const rpc::Call& call, const v1::ListCodeVersionsRequest& request,
                                    v1::ListCodeVersionsResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  CheckItemId(request.item(), "item", violations);
  RETURN_IF_ERROR(violations.ToStatus());
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 100, 1000));
  const std::string list = absl::StrCat("ListCodeVersions/", desk.study, "/", desk.coder, "/", request.item());
  ASSIGN_OR_RETURN(const int after, DecodePagePosition(list, request.page_token()));
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(reader, frames_, desk));
    RETURN_IF_ERROR(reader.GetCoderItem(desk.study, desk.coder, request.item()).status());
    ASSIGN_OR_RETURN(const std::vector<Code> codes,
                     reader.ListCodeVersions(desk.study, desk.coder, request.item(), after, page_size + 1));
    response.Clear();
    for (const Code& code : codes) {
      if (response.codes_size() == page_size) {
        response.set_next_page_token(EncodePageToken(list, absl::StrCat(response.codes(page_size - 1).version())));
        break;
      }
      *response.add_codes() = ToProto(code, opened.frame.kind);
    }
    return absl::OkStatus();
  });
}

absl::Status CoderService::Progress(const rpc::Call& call, const v1::GetMyProgressRequest& request,
                                    v1::GetMyProgressResponse& response) {
  Violations violations;
  ASSIGN_OR_RETURN(const Desk desk, ReadDesk(call, request.study(), request.coder(), violations));
  RETURN_IF_ERROR(violations.ToStatus());
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(const OpenedDesk opened, OpenDesk(reader, frames_, desk));
    ASSIGN_OR_RETURN(const auto progress, reader.GetProgress(desk.study));
    if (const auto own = progress.find(desk.coder); own != progress.end()) {
      response.set_coded(own->second.coded);
      response.set_skipped(own->second.skipped);
      response.set_total(own->second.total);
    }
    if (opened.study.deadline != absl::InfiniteFuture()) {
      *response.mutable_deadline() = operations::ToProto(opened.study.deadline);
    }
    return absl::OkStatus();
  });
}

}  // namespace plumbline::coding
