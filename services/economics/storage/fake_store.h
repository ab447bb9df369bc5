#ifndef PLUMBLINE_ECONOMICS_STORAGE_FAKE_STORE_H_
#define PLUMBLINE_ECONOMICS_STORAGE_FAKE_STORE_H_

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/testing/fake_unit_of_work.h"
#include "economics/storage/store.h"

// The store of the economics service in memory, for tests; passes the same contract as the SQL one.
namespace plumbline::economics {

struct FakeEconomicsState {
  std::map<std::string, StoredUnitCost> unit_costs;
  std::map<std::string, StoredLedger> ledgers;
  std::set<std::string> imported;
};

class FakeEconomicsAccess final : public EconomicsWriter {
 public:
  explicit FakeEconomicsAccess(FakeEconomicsState& state) : state_(state) {}

  absl::StatusOr<StoredUnitCost> GetUnitCost(const std::string& id) override {
    const auto it = state_.unit_costs.find(id);
    if (it == state_.unit_costs.end()) return NotFound("unitCosts/" + id);
    return it->second;
  }

  absl::StatusOr<std::vector<StoredUnitCost>> ListUnitCosts(const std::string& after, int limit) override {
    std::vector<StoredUnitCost> page;
    for (auto it = state_.unit_costs.upper_bound(after);
         it != state_.unit_costs.end() && static_cast<int>(page.size()) < limit; ++it) {
      page.push_back(it->second);
    }
    return page;
  }

  absl::StatusOr<StoredLedger> GetLedger(const std::string& id) override {
    const auto it = state_.ledgers.find(id);
    if (it == state_.ledgers.end()) return NotFound("ledgers/" + id);
    return it->second;
  }

  absl::StatusOr<std::vector<StoredLedger>> ListLedgers(const LedgerPosition& after, int limit) override {
    std::vector<StoredLedger> page;
    for (const auto& [id, ledger] : state_.ledgers) {
      if (ledger.create_time < after.create_time || (ledger.create_time == after.create_time && id > after.id)) {
        page.push_back(ledger);
        page.back().spec.nodes.clear();
      }
    }
    std::stable_sort(page.begin(), page.end(),
                     [](const StoredLedger& a, const StoredLedger& b) { return a.create_time > b.create_time; });
    if (static_cast<int>(page.size()) > limit) page.resize(static_cast<size_t>(limit));
    return page;
  }

  absl::StatusOr<bool> WasImported(const std::string& unit_cost) override {
    return state_.imported.contains(unit_cost);
  }

  absl::Status InsertUnitCost(const StoredUnitCost& cost) override {
    if (!state_.unit_costs.emplace(cost.cost.id, cost).second) return AlreadyExists("unitCosts/" + cost.cost.id);
    return absl::OkStatus();
  }

  absl::Status UpdateUnitCost(const StoredUnitCost& cost) override {
    const auto it = state_.unit_costs.find(cost.cost.id);
    if (it == state_.unit_costs.end()) return NotFound("unitCosts/" + cost.cost.id);
    it->second = cost;
    return absl::OkStatus();
  }

  absl::Status DeleteUnitCost(const std::string& id) override {
    if (state_.unit_costs.erase(id) == 0) return NotFound("unitCosts/" + id);
    return absl::OkStatus();
  }

  absl::Status InsertLedger(const StoredLedger& ledger) override {
    if (!state_.ledgers.emplace(ledger.id, ledger).second) return AlreadyExists("ledgers/" + ledger.id);
    return absl::OkStatus();
  }

  absl::Status RecordImport(const std::string& unit_cost) override {
    state_.imported.insert(unit_cost);
    return absl::OkStatus();
  }

 private:
  FakeEconomicsState& state_;
};

using FakeEconomicsStore = testing::FakeUnitOfWork<EconomicsReader, EconomicsWriter, FakeEconomicsState>;

// `operations` outlives the store.
inline std::unique_ptr<FakeEconomicsStore> MakeFakeStore(jobs::FakeOperationStore& operations) {
  return std::make_unique<FakeEconomicsStore>(
      operations,
      [](const FakeEconomicsState& state) -> std::unique_ptr<EconomicsReader> {
        // A reader only calls methods that do not change the state.
        return std::make_unique<FakeEconomicsAccess>(const_cast<FakeEconomicsState&>(state));
      },
      [](FakeEconomicsState& state) -> std::unique_ptr<EconomicsWriter> {
        return std::make_unique<FakeEconomicsAccess>(state);
      });
}

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_FAKE_STORE_H_
