#ifndef PLUMBLINE_ECONOMICS_STORAGE_LEDGER_FILE_H_
#define PLUMBLINE_ECONOMICS_STORAGE_LEDGER_FILE_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "economics/domain/costs.h"
#include "economics/domain/ledger.h"

// Versioned data files: ledgers (examples/) and unit costs (data/unit-costs/). A ledger file is the protobuf JSON of
// plumbline.economics.v1.Ledger with field names as in the .proto, so that the same file can be sent in a request; a
// unit cost file is that of plumbline.economics.v1.UnitCost with "id" in place of "name". All functions are
// thread-safe.
namespace plumbline::economics {

inline constexpr size_t kMaxLedgerFileBytes = 16u << 20;

// INVALID_ARGUMENT whose violations name file, node and rule ("pilot.json: nodes[cost_i].printed"): text that is no
// JSON object or too long, a field of another type or of an unknown name, an unknown rounding mode. Formulas, names and
// cycles are checked by Ledger::Build.
absl::StatusOr<LedgerSpec> ParseLedgerSpec(std::string_view text, std::string_view file_name);

// ParseLedgerSpec and Ledger::Build, whose violations get the file's name too.
absl::StatusOr<Ledger> ParseLedger(std::string_view text, std::string_view file_name);

// NOT_FOUND when the file cannot be read.
absl::StatusOr<Ledger> ReadLedger(const std::string& path);

// The text that ParseLedgerSpec reads back into the same spec, digit for digit.
std::string WriteLedgerSpec(const LedgerSpec& spec);

// One unit cost; checked by ValidateUnitCost.
absl::StatusOr<UnitCost> ParseUnitCost(std::string_view text, std::string_view file_name);

// Every *.json of `folder`, by file name; empty when the folder does not exist. INVALID_ARGUMENT also for an id that
// stands in two files.
absl::StatusOr<std::vector<UnitCost>> ReadUnitCosts(const std::string& folder);

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_LEDGER_FILE_H_
