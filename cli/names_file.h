#ifndef PLUMBLINE_CLI_NAMES_FILE_H_
#define PLUMBLINE_CLI_NAMES_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "plumbline/coding/v1/pseudonyms.pb.h"

// The list of names that an import replaces.
namespace plumbline::cli {

struct NamesFile {
  std::vector<coding::v1::Identity> identities;
  // Nothing in the bytes says that they are Windows-1252: names that were read wrongly would not be found.
  bool encoding_guessed = false;
};

// Comma-separated text with a header: given_name and family_name for people, kind and text for the rest, also (other
// spellings, a;b). Encodings as of transcripts. INVALID_ARGUMENT names `path`, row and rule of everything that is
// wrong, and shows no cell: they are names of people.
absl::StatusOr<NamesFile> ParseNames(const std::string& path, std::string_view bytes);

}  // namespace plumbline::cli

#endif  // PLUMBLINE_CLI_NAMES_FILE_H_
