// frame check, frame add: coding frames from files.

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/api.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "plumbline/coding/v1/frames.pb.h"

namespace plumbline::cli {
namespace {

namespace v1 = coding::v1;

constexpr char kService[] = "plumbline.coding.v1.FrameService/";

absl::StatusOr<v1::Frame> ReadFrame(Api& api, const std::string& file) {
  v1::CheckFrameRequest request;
  ASSIGN_OR_RETURN(*request.mutable_json(), ReadFile(file));
  ASSIGN_OR_RETURN(v1::CheckFrameResponse checked,
                   api.Call<v1::CheckFrameResponse>(absl::StrCat(kService, "CheckFrame"), request));
  return std::move(*checked.mutable_frame());
}

absl::StatusOr<v1::Frame> AddFrame(Api& api, const std::string& file) {
  v1::CreateFrameRequest request;
  ASSIGN_OR_RETURN(*request.mutable_frame(), ReadFrame(api, file));
  request.set_frame_id(request.frame().name().substr(std::string("frames/").size()));
  ASSIGN_OR_RETURN(v1::CreateFrameResponse created,
                   api.Call<v1::CreateFrameResponse>(absl::StrCat(kService, "CreateFrame"), request));
  return std::move(*created.mutable_frame());
}

std::string Describe(const v1::Frame& frame) {
  return absl::StrCat(frame.name(), " version ", frame.version(), ": ", frame.title(), " (",
                      v1::FrameKind_Name(frame.kind()), ", ", v1::FrameUnit_Name(frame.unit()), ", ",
                      frame.entries_size(), " entries)");
}

}  // namespace

int FrameFiles(const Session& session, const std::vector<std::string>& files, bool add) {
  const auto connection = Connection::Open(session.target);
  if (!connection.ok()) return Finish(session, connection.status());
  Api api((*connection)->channel(), session.call);
  int worst = 0;
  for (const std::string& file : files) {
    const absl::StatusOr<v1::Frame> frame = add ? AddFrame(api, file) : ReadFrame(api, file);
    if (!frame.ok()) {
      if (!session.json) std::cerr << file << " cannot be " << (add ? "added" : "used") << ":\n";
      worst = std::max(worst, Finish(session, frame.status()));
    } else if (session.json) {
      std::cout << ToJson(*frame, false) << "\n";
    } else {
      std::cout << file << (add ? " added as " : " is ") << Describe(*frame) << "\n";
    }
  }
  return worst;
}

}  // namespace plumbline::cli
