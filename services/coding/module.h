#ifndef PLUMBLINE_CODING_MODULE_H_
#define PLUMBLINE_CODING_MODULE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/app/module.h"

namespace plumbline::coding {

// The coding service: loads the shipped frames from <data_dir>/frames and the pre-coder's rules from
// <data_dir>/suggestions, and brings the schema "coding" forward.
absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_MODULE_H_
