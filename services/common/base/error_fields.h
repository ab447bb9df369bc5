#ifndef PLUMBLINE_COMMON_BASE_ERROR_FIELDS_H_
#define PLUMBLINE_COMMON_BASE_ERROR_FIELDS_H_

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace plumbline {

// The same error with the field of every violation replaced by `rename` of it, also at the start of the message: what a
// parser says of "line 3" becomes an error of the request's "source.content, line 3". A status without violations is
// returned as it is.
absl::Status RenameFields(const absl::Status& status,
                          const std::function<std::string(const std::string& field)>& rename);

// What is said of `whole` is said of `field`; other fields keep their names.
absl::Status RenameField(const absl::Status& status, const std::string& whole, const std::string& field);

// What Violations::Add made a description of, for whoever may tell the rule and not the value, such as a name. `value`
// is without its quotes; "" where the description has none.
struct DescriptionParts {
  std::string value;
  std::string rule;
};
DescriptionParts SplitDescription(const std::string& description);

}  // namespace plumbline

#endif  // PLUMBLINE_COMMON_BASE_ERROR_FIELDS_H_
