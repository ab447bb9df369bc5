#include <cstdint>
#include <string_view>

#include "coding/storage/frame_json.h"

// What parses is a valid frame and survives being written and read again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace coding = plumbline::coding;
  const auto frame = coding::FrameFromJson(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!frame.ok()) return 0;
  if (!coding::ValidateFrame(*frame).ok()) __builtin_trap();
  const auto again = coding::FrameFromJson(coding::FrameToJson(*frame));
  if (!again.ok() || coding::FrameToJson(*again) != coding::FrameToJson(*frame)) __builtin_trap();
  return 0;
}
