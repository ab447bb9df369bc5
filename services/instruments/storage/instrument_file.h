#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENT_FILE_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENT_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "instruments/domain/instrument_key.h"
#include "instruments/domain/key_catalogue.h"

// Instrument keys as versioned JSON files; docs/howto/add-an-instrument.md describes the format.
namespace plumbline::instruments {

inline constexpr size_t kMaxInstrumentFileBytes = 1u << 20;
inline constexpr size_t kMaxInstrumentFiles = 1000;

// Reads one key. `file` stands before every place in an error: "swai-v1.json: scores[0].items[3]". INVALID_ARGUMENT for
// text that is not JSON (with line), nests deeper than 8 levels or is longer than kMaxInstrumentFileBytes; for a field
// that is unknown, missing, of another type or stands twice; and for a key that ValidateKey refuses.
absl::StatusOr<InstrumentKey> ParseInstrument(std::string_view text, std::string_view file);

// Reads every *.json of `folder` in order of name. NOT_FOUND where the folder does not exist, FAILED_PRECONDITION where
// it holds no key or more than kMaxInstrumentFiles, UNAVAILABLE where a file cannot be read.
absl::StatusOr<KeyCatalogue> LoadInstruments(const std::string& folder);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENT_FILE_H_
