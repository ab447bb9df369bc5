#ifndef PLUMBLINE_CODING_STORAGE_CODE_TEXT_H_
#define PLUMBLINE_CODING_STORAGE_CODE_TEXT_H_

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "coding/domain/study.h"

// How the database keeps what a code says beyond yes or no and its nomination, which have columns of their own so that
// millions of them stay small. One text, the same for the same answer:
//
//   (empty)           yes or no, with its nomination; or no entry is present
//   s:<reason>        skipped, with the reason as it was given
//   p:<id>,<id>       present entries, in the order of their bytes
//   r:<id>=<n>,...    ratings, in the order of the entries' bytes
//   c:<id>            category
//   n:<number>        the shortest decimal that reads back as the same number
//
// An entry's id has none of "," and "=".
namespace plumbline::coding {

std::string CodeToText(const Code& code);

// Sets what the text says. INTERNAL for a text that CodeToText does not write.
absl::Status CodeFromText(std::string_view text, Code& code);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_CODE_TEXT_H_
