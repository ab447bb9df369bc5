#ifndef PLUMBLINE_ECONOMICS_STORAGE_IMPORT_UNIT_COSTS_H_
#define PLUMBLINE_ECONOMICS_STORAGE_IMPORT_UNIT_COSTS_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/ids.h"
#include "economics/storage/store.h"

namespace plumbline::economics {

// Adds each of `costs` that was never imported and whose id is free. What a person changed or deleted since stays so.
// Safe to repeat, and from several processes at once.
absl::Status ImportUnitCosts(EconomicsStore& store, const std::vector<UnitCost>& costs, IdGenerator& ids,
                             absl::Time now);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_IMPORT_UNIT_COSTS_H_
