#ifndef PLUMBLINE_CODING_DOMAIN_TEST_VIOLATIONS_H_
#define PLUMBLINE_CODING_DOMAIN_TEST_VIOLATIONS_H_

#include <string>

#include "common/base/error.h"

namespace plumbline::coding {

// Every violation that a status carries, "field: description", one a line.
inline std::string ViolationsText(const absl::Status& status) {
  std::string text;
  const auto detail = GetErrorDetail(status);
  if (!detail) return text;
  for (const FieldViolation& violation : detail->violations) {
    text += violation.field + ": " + violation.description + "\n";
  }
  return text;
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_TEST_VIOLATIONS_H_
