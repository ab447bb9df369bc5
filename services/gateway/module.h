#ifndef PLUMBLINE_GATEWAY_MODULE_H_
#define PLUMBLINE_GATEWAY_MODULE_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/app/module.h"

namespace plumbline::gateway {

// The gateway: trials and reports of its own, OperationsService for all services, and every method of the services in
// `platform.peers` passed on to them. Migrates its tables. A peer that is not in `platform.peers` counts as one that
// cannot be reached.
absl::StatusOr<std::unique_ptr<app::Module>> MakeModule(const app::Platform& platform);

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_MODULE_H_
