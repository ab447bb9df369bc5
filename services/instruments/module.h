#ifndef PLUMBLINE_INSTRUMENTS_MODULE_H_
#define PLUMBLINE_INSTRUMENTS_MODULE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/app/module.h"

namespace plumbline::instruments {

// The instruments service, ready to be hosted: loads the keys of `platform.data_dir`/instruments and brings its tables
// forward. Errors name the file or the migration that is wrong.
absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform);

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_MODULE_H_
