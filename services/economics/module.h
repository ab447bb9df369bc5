#ifndef PLUMBLINE_ECONOMICS_MODULE_H_
#define PLUMBLINE_ECONOMICS_MODULE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/app/module.h"

namespace plumbline::economics {

// The economics service, ready to be hosted: brings its tables forward and imports, once each, the unit costs of
// `platform.data_dir`/unit-costs. Errors name the file or the migration that is wrong.
absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_MODULE_H_
