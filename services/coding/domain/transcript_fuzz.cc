#include "coding/domain/transcript_fuzz.h"

// Any text, with the format told from it: detection and encodings. PLUMBLINE_FUZZ_FORMAT names a parser of its own.
#ifndef PLUMBLINE_FUZZ_FORMAT
#define PLUMBLINE_FUZZ_FORMAT kDetect
#endif

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using plumbline::coding::TranscriptFormat;
  return plumbline::coding::FuzzTranscript({reinterpret_cast<const char*>(data), size},
                                           TranscriptFormat::PLUMBLINE_FUZZ_FORMAT);
}
