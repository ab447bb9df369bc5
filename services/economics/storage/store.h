#ifndef PLUMBLINE_ECONOMICS_STORAGE_STORE_H_
#define PLUMBLINE_ECONOMICS_STORAGE_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/jobs/unit_of_work.h"
#include "economics/domain/costs.h"
#include "economics/domain/ledger.h"

// What the economics service keeps: unit costs, which change, and ledgers, which never do. store_contract.h states as
// tests what every implementation does.
namespace plumbline::economics {

struct StoredUnitCost {
  UnitCost cost;
  std::string etag;  // another one after every change
};

// How many figures of a ledger have which verdict.
struct LedgerCounts {
  int reproduced = 0;
  int rounding_only = 0;
  int does_not_follow = 0;
  int not_recomputable = 0;
  int not_printed = 0;
};

struct StoredLedger {
  std::string id;
  LedgerSpec spec;
  LedgerCounts counts;  // when it was stored
  absl::Time create_time;
};

// Where a page of ledgers starts: after this one, newest first.
struct LedgerPosition {
  absl::Time create_time = absl::InfiniteFuture();
  std::string id;
};

// One consistent view. NOT_FOUND names "unitCosts/<id>" or "ledgers/<id>".
class EconomicsReader {
 public:
  virtual ~EconomicsReader() = default;
  virtual absl::StatusOr<StoredUnitCost> GetUnitCost(const std::string& id) = 0;
  // By id, those after `after` ("" for all).
  virtual absl::StatusOr<std::vector<StoredUnitCost>> ListUnitCosts(const std::string& after, int limit) = 0;
  virtual absl::StatusOr<StoredLedger> GetLedger(const std::string& id) = 0;
  // Newest first, and by id where times are equal; spec holds the title only.
  virtual absl::StatusOr<std::vector<StoredLedger>> ListLedgers(const LedgerPosition& after, int limit) = 0;
  // Whether RecordImport was called for this unit cost, even when it was deleted since.
  virtual absl::StatusOr<bool> WasImported(const std::string& unit_cost) = 0;
};

class EconomicsWriter : public EconomicsReader {
 public:
  virtual absl::Status InsertUnitCost(const StoredUnitCost& cost) = 0;  // ALREADY_EXISTS
  virtual absl::Status UpdateUnitCost(const StoredUnitCost& cost) = 0;  // by cost.id; NOT_FOUND
  virtual absl::Status DeleteUnitCost(const std::string& id) = 0;       // NOT_FOUND
  virtual absl::Status InsertLedger(const StoredLedger& ledger) = 0;    // ALREADY_EXISTS
  virtual absl::Status RecordImport(const std::string& unit_cost) = 0;  // safe to repeat
};

using EconomicsStore = jobs::UnitOfWork<EconomicsReader, EconomicsWriter>;

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_STORE_H_
