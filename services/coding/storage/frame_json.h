#ifndef PLUMBLINE_CODING_STORAGE_FRAME_JSON_H_
#define PLUMBLINE_CODING_STORAGE_FRAME_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/frame.h"

// Frames as data files (data/frames/README.md says what is in one). The database keeps added frames in the same form.
namespace plumbline::coding {

inline constexpr size_t kMaxFrameBytes = size_t{256} * 1024;

// Reads and validates one frame. INVALID_ARGUMENT names the field: text that is no JSON object, a field that is
// unknown, missing or of the wrong type, and everything ValidateFrame refuses.
absl::StatusOr<Frame> FrameFromJson(std::string_view text);

// What FrameFromJson reads back to the same frame.
std::string FrameToJson(const Frame& frame);

// The shipped frames: every *.json file of `folder`, by id, then version. INVALID_ARGUMENT names the file and what is
// wrong in it, or two files with the same id and version; NOT_FOUND when there is no such folder or no frame in it.
absl::StatusOr<std::vector<Frame>> LoadFrames(const std::string& folder);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_FRAME_JSON_H_
