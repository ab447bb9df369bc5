#include "coding/service/coder_desk.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/rpc/access.h"

namespace plumbline::coding {

absl::StatusOr<Desk> ReadDesk(const rpc::Call& call, const std::string& study, const std::string& coder,
                              Violations& violations) {
  if (rpc::IsBlinded(call.actor) && rpc::BlindedCoder(call.actor) != coder) {
    return rpc::Refused("NOT_YOUR_DESK", call.method, "a coder may ask for their own items and codes only");
  }
  Desk desk{"", coder};
  if (const auto id = operations::ParseName(study, "studies", "study"); id.ok()) {
    desk.study = *id;
  } else {
    violations.Add("study", study, "must be \"studies/{study}\"");
  }
  if (!IsCoderId(coder)) violations.Add("coder", coder, kCoderIdRule);
  return desk;
}

absl::StatusOr<OpenedDesk> OpenDesk(CodingReader& reader, const FrameCatalog& frames, const Desk& desk) {
  absl::StatusOr<Study> study = reader.GetStudy(desk.study);
  if (!study.ok() && !absl::IsNotFound(study.status())) return study.status();
  if (!study.ok() || !HasCoder(*study, desk.coder)) {
    return NotFound(absl::StrCat("studies/", desk.study, "/coders/", desk.coder));
  }
  ASSIGN_OR_RETURN(Frame frame, frames.Find(reader, study->frame_id, study->frame_version));
  return OpenedDesk{*std::move(study), std::move(frame)};
}

}  // namespace plumbline::coding
