#include "coding/service/frame_service.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/storage/frame_json.h"
#include "common/base/error.h"
#include "common/base/error_fields.h"
#include "common/base/ids.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/operations/write.h"

namespace plumbline::coding {
namespace {

constexpr char kService[] = "plumbline.coding.v1.FrameService/";
constexpr char kListFrames[] = "ListFrames";

}  // namespace

grpc::ServerUnaryReactor* FrameService::CreateFrame(grpc::CallbackServerContext* context,
                                                    const v1::CreateFrameRequest* request,
                                                    v1::CreateFrameResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CreateFrame"), *request,
                         [=, this](const rpc::Call& call) { return Create(call, *request, *response); });
}

grpc::ServerUnaryReactor* FrameService::CheckFrame(grpc::CallbackServerContext* context,
                                                   const v1::CheckFrameRequest* request,
                                                   v1::CheckFrameResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "CheckFrame"), *request,
                         [=](const rpc::Call&) -> absl::Status {
                           if (request->json().empty()) {
                             Violations violations;
                             violations.AddMissing("json");
                             return violations.ToStatus();
                           }
                           const auto frame = FrameFromJson(request->json());
                           if (!frame.ok()) {
                             return RenameFields(frame.status(), [](const std::string& field) {
                               return field == "frame" ? "json" : absl::StrCat("json.", field);
                             });
                           }
                           *response->mutable_frame() = ToProto(*frame);
                           return absl::OkStatus();
                         });
}

grpc::ServerUnaryReactor* FrameService::GetFrame(grpc::CallbackServerContext* context,
                                                 const v1::GetFrameRequest* request, v1::GetFrameResponse* response) {
  return handlers_.Unary(
      context, absl::StrCat(kService, "GetFrame"), *request, [=, this](const rpc::Call&) -> absl::Status {
        ASSIGN_OR_RETURN(const std::string id, operations::ParseName(request->name(), "frames", "name"));
        if (request->version() < 0) {
          return InvalidField("version", absl::StrCat(request->version()), "must be 1 or more, or 0 for the newest");
        }
        return store_.Read([&](CodingReader& reader) -> absl::Status {
          ASSIGN_OR_RETURN(const Frame frame, frames_.Find(reader, id, request->version()));
          *response->mutable_frame() = ToProto(frame);
          return absl::OkStatus();
        });
      });
}

grpc::ServerUnaryReactor* FrameService::ListFrames(grpc::CallbackServerContext* context,
                                                   const v1::ListFramesRequest* request,
                                                   v1::ListFramesResponse* response) {
  return handlers_.Unary(context, absl::StrCat(kService, "ListFrames"), *request,
                         [=, this](const rpc::Call&) { return List(*request, *response); });
}

absl::Status FrameService::Create(const rpc::Call& call, const v1::CreateFrameRequest& request,
                                  v1::CreateFrameResponse& response) {
  Violations violations;
  if (!IsValidResourceId(request.frame_id())) violations.Add("frame_id", request.frame_id(), kResourceIdRule);
  if (!request.has_frame()) violations.AddMissing("frame");
  RETURN_IF_ERROR(violations.ToStatus());
  const auto converted = FromProto(request.frame(), request.frame_id());
  if (!converted.ok()) {
    // The domain names the parts of a frame, conversion the request's fields.
    return RenameFields(converted.status(), [](const std::string& field) {
      return field.starts_with("frame.") ? field : absl::StrCat("frame.", field);
    });
  }
  const Frame& frame = *converted;
  const std::string name = absl::StrCat("frames/", frame.id);
  if (frames_.IsShipped(frame.id)) return AlreadyExists(name);
  return operations::Write<CodingReader, CodingWriter, v1::CreateFrameResponse>(
      store_, submitter_, call, request, response,
      [&](CodingWriter& writer, v1::CreateFrameResponse& out, jobs::WriteResult& result) -> absl::Status {
        const auto newest = writer.GetFrame(frame.id, 0);
        if (!newest.ok() && !absl::IsNotFound(newest.status())) return newest.status();
        const int next = newest.ok() ? newest->version + 1 : 1;
        if (frame.version < next) return AlreadyExists(absl::StrCat(name, "@", frame.version));
        if (frame.version > next) {
          return InvalidField("frame.version", absl::StrCat(frame.version),
                              absl::StrCat("must be the next one, ", next));
        }
        RETURN_IF_ERROR(writer.InsertFrame(frame));
        *out.mutable_frame() = ToProto(frame);
        result.audit.push_back({"frame.create", name, absl::StrCat("version=", frame.version)});
        return absl::OkStatus();
      });
}

absl::Status FrameService::List(const v1::ListFramesRequest& request, v1::ListFramesResponse& response) {
  ASSIGN_OR_RETURN(const int page_size, operations::PageSize(request.page_size(), 50, 500));
  // Positions: "s:<id>" after a shipped frame, "a:<id>" after an added one.
  ASSIGN_OR_RETURN(const std::string token, DecodePageToken(kListFrames, request.page_token()));
  const bool in_added = token.substr(0, 2) == "a:";
  const std::string after = token.size() > 2 ? token.substr(2) : "";
  if (!token.empty() && ((token.substr(0, 2) != "s:" && !in_added) || !IsValidResourceId(after))) {
    return InvalidField("page_token", request.page_token(), "must be the next_page_token of a page of this list");
  }
  return store_.Read([&](CodingReader& reader) -> absl::Status {
    std::vector<std::pair<std::string, Frame>> page;  // with the position after it
    if (!in_added) {
      for (const Frame& frame : frames_.NewestShipped()) {
        if (frame.id > after && static_cast<int>(page.size()) <= page_size) page.emplace_back("s:" + frame.id, frame);
      }
    }
    const int wanted = page_size + 1 - static_cast<int>(page.size());
    if (wanted > 0) {
      ASSIGN_OR_RETURN(const std::vector<Frame> added, reader.ListFrames(in_added ? after : "", wanted));
      for (const Frame& frame : added) page.emplace_back("a:" + frame.id, frame);
    }
    const bool more = static_cast<int>(page.size()) > page_size;
    if (more) page.resize(static_cast<size_t>(page_size));
    response.Clear();
    for (const auto& [position, frame] : page) *response.add_frames() = ToProto(frame);
    if (more) response.set_next_page_token(EncodePageToken(kListFrames, page.back().first));
    return absl::OkStatus();
  });
}

}  // namespace plumbline::coding
