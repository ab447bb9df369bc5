#include "economics/storage/sql_store.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"
#include "economics/storage/ledger_file.h"

namespace plumbline::economics {
namespace {

constexpr char kGetUnitCost[] =
    "SELECT id, role, low, median, high, price_year, source, etag FROM unit_costs WHERE id = :id";
constexpr char kListUnitCosts[] =
    "SELECT id, role, low, median, high, price_year, source, etag FROM unit_costs WHERE id > :after"
    " ORDER BY id LIMIT :limit";
constexpr char kInsertUnitCost[] =
    "INSERT INTO unit_costs (id, role, low, median, high, price_year, source, etag)"
    " VALUES (:id, :role, :low, :median, :high, :price_year, :source, :etag)";
constexpr char kUpdateUnitCost[] =
    "UPDATE unit_costs SET role = :role, low = :low, median = :median, high = :high, price_year = :price_year,"
    " source = :source, etag = :etag WHERE id = :id";
constexpr char kDeleteUnitCost[] = "DELETE FROM unit_costs WHERE id = :id";
constexpr char kGetLedger[] =
    "SELECT id, title, body, reproduced, rounding_only, does_not_follow, not_recomputable, not_printed, create_time"
    " FROM ledgers WHERE id = :id";
constexpr char kListLedgers[] =
    "SELECT id, title, reproduced, rounding_only, does_not_follow, not_recomputable, not_printed, create_time"
    " FROM ledgers WHERE create_time < :time OR (create_time = :time AND id > :id)"
    " ORDER BY create_time DESC, id LIMIT :limit";
constexpr char kInsertLedger[] =
    "INSERT INTO ledgers (id, title, body, reproduced, rounding_only, does_not_follow, not_recomputable, not_printed,"
    " create_time) VALUES (:id, :title, :body, :reproduced, :rounding_only, :does_not_follow, :not_recomputable,"
    " :not_printed, :create_time)";
constexpr char kWasImported[] = "SELECT id FROM imported_unit_costs WHERE id = :id";
constexpr char kRecordImport[] = "INSERT INTO imported_unit_costs (id) VALUES (:id) ON CONFLICT (id) DO NOTHING";

sql::Value Optional(const std::optional<double>& value) {
  if (value) return *value;
  return std::monostate{};
}

std::optional<double> ReadOptional(const sql::Row& row, std::string_view column) {
  if (row.IsNull(column)) return std::nullopt;
  return row.Double(column);
}

StoredUnitCost ReadUnitCost(const sql::Row& row) {
  StoredUnitCost out;
  out.cost.id = row.Text("id");
  out.cost.role = row.Text("role");
  out.cost.low = ReadOptional(row, "low");
  out.cost.median = row.Double("median");
  out.cost.high = ReadOptional(row, "high");
  out.cost.price_year = static_cast<int>(row.Int("price_year"));
  out.cost.source = row.Text("source");
  out.etag = row.Text("etag");
  return out;
}

sql::Params ParamsOf(const StoredUnitCost& stored) {
  const UnitCost& cost = stored.cost;
  return {{"id", cost.id},         {"role", cost.role},           {"low", Optional(cost.low)},
          {"median", cost.median}, {"high", Optional(cost.high)}, {"price_year", int64_t{cost.price_year}},
          {"source", cost.source}, {"etag", stored.etag}};
}

StoredLedger ReadLedgerRow(const sql::Row& row) {
  StoredLedger out;
  out.id = row.Text("id");
  out.spec.title = row.Text("title");
  out.counts.reproduced = static_cast<int>(row.Int("reproduced"));
  out.counts.rounding_only = static_cast<int>(row.Int("rounding_only"));
  out.counts.does_not_follow = static_cast<int>(row.Int("does_not_follow"));
  out.counts.not_recomputable = static_cast<int>(row.Int("not_recomputable"));
  out.counts.not_printed = static_cast<int>(row.Int("not_printed"));
  out.create_time = row.Time("create_time");
  return out;
}

class SqlEconomicsAccess final : public EconomicsWriter {
 public:
  explicit SqlEconomicsAccess(sql::Transaction& transaction) : transaction_(transaction) {}

  absl::StatusOr<StoredUnitCost> GetUnitCost(const std::string& id) override {
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(kGetUnitCost, {{"id", id}}));
    if (rows.empty()) return NotFound("unitCosts/" + id);
    return ReadUnitCost(rows[0]);
  }

  absl::StatusOr<std::vector<StoredUnitCost>> ListUnitCosts(const std::string& after, int limit) override {
    ASSIGN_OR_RETURN(const auto rows,
                     transaction_.Query(kListUnitCosts, {{"after", after}, {"limit", int64_t{limit}}}));
    std::vector<StoredUnitCost> page;
    for (const sql::Row& row : rows) page.push_back(ReadUnitCost(row));
    return page;
  }

  absl::StatusOr<StoredLedger> GetLedger(const std::string& id) override {
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(kGetLedger, {{"id", id}}));
    if (rows.empty()) return NotFound("ledgers/" + id);
    StoredLedger out = ReadLedgerRow(rows[0]);
    absl::StatusOr<LedgerSpec> spec = ParseLedgerSpec(rows[0].Text("body"), id);
    // It was valid when it was stored, so this is no fault of the caller.
    if (!spec.ok()) return absl::InternalError("a stored ledger cannot be read");
    out.spec = *std::move(spec);
    return out;
  }

  absl::StatusOr<std::vector<StoredLedger>> ListLedgers(const LedgerPosition& after, int limit) override {
    const sql::Value time = after.create_time == absl::InfiniteFuture()
                                ? sql::Value{std::numeric_limits<int64_t>::max()}
                                : sql::Time(after.create_time);
    ASSIGN_OR_RETURN(const auto rows,
                     transaction_.Query(kListLedgers, {{"time", time}, {"id", after.id}, {"limit", int64_t{limit}}}));
    std::vector<StoredLedger> page;
    for (const sql::Row& row : rows) page.push_back(ReadLedgerRow(row));
    return page;
  }

  absl::StatusOr<bool> WasImported(const std::string& unit_cost) override {
    ASSIGN_OR_RETURN(const auto rows, transaction_.Query(kWasImported, {{"id", unit_cost}}));
    return !rows.empty();
  }

  absl::Status InsertUnitCost(const StoredUnitCost& cost) override {
    return Named(transaction_.Execute(kInsertUnitCost, ParamsOf(cost)).status(), "unitCosts/" + cost.cost.id);
  }

  absl::Status UpdateUnitCost(const StoredUnitCost& cost) override {
    ASSIGN_OR_RETURN(const int64_t changed, transaction_.Execute(kUpdateUnitCost, ParamsOf(cost)));
    return changed == 0 ? NotFound("unitCosts/" + cost.cost.id) : absl::OkStatus();
  }

  absl::Status DeleteUnitCost(const std::string& id) override {
    ASSIGN_OR_RETURN(const int64_t changed, transaction_.Execute(kDeleteUnitCost, {{"id", id}}));
    return changed == 0 ? NotFound("unitCosts/" + id) : absl::OkStatus();
  }

  absl::Status InsertLedger(const StoredLedger& ledger) override {
    const LedgerCounts& counts = ledger.counts;
    return Named(transaction_
                     .Execute(kInsertLedger, {{"id", ledger.id},
                                              {"title", ledger.spec.title},
                                              {"body", WriteLedgerSpec(ledger.spec)},
                                              {"reproduced", int64_t{counts.reproduced}},
                                              {"rounding_only", int64_t{counts.rounding_only}},
                                              {"does_not_follow", int64_t{counts.does_not_follow}},
                                              {"not_recomputable", int64_t{counts.not_recomputable}},
                                              {"not_printed", int64_t{counts.not_printed}},
                                              {"create_time", sql::Time(ledger.create_time)}})
                     .status(),
                 "ledgers/" + ledger.id);
  }

  absl::Status RecordImport(const std::string& unit_cost) override {
    return transaction_.Execute(kRecordImport, {{"id", unit_cost}}).status();
  }

 private:
  // A violated key, as the resource it stands for.
  static absl::Status Named(const absl::Status& status, const std::string& resource) {
    return status.code() == absl::StatusCode::kAlreadyExists ? AlreadyExists(resource) : status;
  }

  sql::Transaction& transaction_;
};

}  // namespace

std::unique_ptr<EconomicsStore> MakeSqlStore(sql::Database& database) {
  return std::make_unique<jobs::SqlUnitOfWork<EconomicsReader, EconomicsWriter>>(
      database,
      [](sql::Transaction& transaction) -> std::unique_ptr<EconomicsReader> {
        return std::make_unique<SqlEconomicsAccess>(transaction);
      },
      [](sql::Transaction& transaction) -> std::unique_ptr<EconomicsWriter> {
        return std::make_unique<SqlEconomicsAccess>(transaction);
      });
}

}  // namespace plumbline::economics
