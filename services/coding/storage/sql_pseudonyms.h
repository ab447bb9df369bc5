#ifndef PLUMBLINE_CODING_STORAGE_SQL_PSEUDONYMS_H_
#define PLUMBLINE_CODING_STORAGE_SQL_PSEUDONYMS_H_

#include <string>
#include <vector>

#include "coding/storage/pseudonym_store.h"
#include "common/sql/database.h"

namespace plumbline::coding {

// Inside one SQL transaction. See pseudonym_store.h.
class SqlPseudonyms final : public PseudonymWriter {
 public:
  explicit SqlPseudonyms(sql::Transaction& transaction) : transaction_(transaction) {}

  absl::StatusOr<std::vector<PseudonymRow>> ListPseudonyms(const std::string& scope) override;
  absl::StatusOr<PseudonymCounters> GetPseudonymCounters(const std::string& scope) override;
  absl::StatusOr<PseudonymRecord> GetPseudonymRecord(const std::string& session) override;
  absl::StatusOr<PseudonymRecord> SumPseudonymRecords(const std::string& family, int& sessions) override;
  absl::Status AddPseudonyms(const std::string& scope, const std::vector<PseudonymRow>& rows) override;
  absl::Status DeletePseudonyms(const std::string& scope, const std::vector<std::string>& keys) override;
  absl::StatusOr<int64_t> DestroyPseudonyms(const std::string& scope) override;
  absl::Status SetPseudonymCounters(const std::string& scope, const PseudonymCounters& next) override;
  absl::Status PutPseudonymRecord(const std::string& session, const PseudonymRecord& record) override;
  absl::Status DeletePseudonymRecord(const std::string& session) override;

 private:
  sql::Transaction& transaction_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SQL_PSEUDONYMS_H_
