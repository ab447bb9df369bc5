#include "coding/worker/open_adjudication.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/storage/adjudication.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "plumbline/coding/v1/studies.pb.h"

namespace plumbline::coding {
namespace {

absl::Status OpenIt(const FrameCatalog& frames, CodingStore& store, Clock& clock, jobs::JobContext& context) {
  v1::StudyPreparation result;
  if (!result.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload names no study");
  }
  ASSIGN_OR_RETURN(const std::string id, operations::ParseName(result.study(), "studies", "study"));
  Study study;
  Frame frame;
  RETURN_IF_ERROR(store.Read([&](CodingReader& reader) -> absl::Status {
    ASSIGN_OR_RETURN(study, reader.GetStudy(id));
    ASSIGN_OR_RETURN(frame, frames.Find(reader, study.frame_id, study.frame_version));
    return RequireCanAdjudicate(reader, study, /*allow_missing=*/true);
  }));
  std::vector<std::string> disputed;
  for (int after = 0; after < study.session_count; after += kSessionsPerLook) {
    context.ReportProgress({after, study.session_count, "looking for disputed items"});
    RETURN_IF_ERROR(context.ShouldStop());
    const size_t before = disputed.size();
    RETURN_IF_ERROR(store.Read([&](CodingReader& reader) {
      disputed.resize(before);  // the body may run again
      return AddDisputed(reader, study, frame, after, disputed);
    }));
  }
  result.set_item_count(static_cast<int32_t>(disputed.size()));
  result.set_assignment_count(static_cast<int64_t>(disputed.size()));
  return store.Commit(context.claim(), clock.Now(), [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
    ASSIGN_OR_RETURN(const Study now, writer.GetStudy(id));
    RETURN_IF_ERROR(RequireCanAdjudicate(writer, now, /*allow_missing=*/true));
    RETURN_IF_ERROR(OpenAdjudicationIn(writer, now, disputed));
    return jobs::WriteResult{operations::PackResult(result),
                             {{"study.adjudicate", result.study(), absl::StrCat("items=", disputed.size())}},
                             {}};
  });
}

}  // namespace

jobs::Handler MakeOpenAdjudicationHandler(const FrameCatalog& frames, CodingStore& store, Clock& clock) {
  return [&frames, &store, &clock](jobs::JobContext& context) { return OpenIt(frames, store, clock, context); };
}

}  // namespace plumbline::coding
