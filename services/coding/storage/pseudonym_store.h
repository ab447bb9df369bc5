#ifndef PLUMBLINE_CODING_STORAGE_PSEUDONYM_STORE_H_
#define PLUMBLINE_CODING_STORAGE_PSEUDONYM_STORE_H_

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/pseudonym_book.h"

// What the store keeps of pseudonyms: which keys have which numbers, never what stands behind them, and counts. Reached
// through CodingReader and CodingWriter, in their transaction.
namespace plumbline::coding {

// What was done to one text at its import.
struct PseudonymRecord {
  int rules = 0;       // kPseudonymRules of the import
  bool off = false;    // it was not searched
  std::string family;  // empty: none
  int words = 0;
  std::map<std::pair<PseudonymKind, std::string>, int> counts;  // mentions by kind and rule

  friend bool operator==(const PseudonymRecord&, const PseudonymRecord&) = default;
};

// A scope is "families/x" or "transcripts/y": its placeholders have numbers of their own.
class PseudonymReader {
 public:
  virtual ~PseudonymReader() = default;

  // By kind and key.
  virtual absl::StatusOr<std::vector<PseudonymRow>> ListPseudonyms(const std::string& scope) = 0;
  virtual absl::StatusOr<PseudonymCounters> GetPseudonymCounters(const std::string& scope) = 0;
  // NOT_FOUND for a session without a record.
  virtual absl::StatusOr<PseudonymRecord> GetPseudonymRecord(const std::string& session) = 0;
  // The records of a family's sessions added up: `rules` is the newest, `off` that of all of them. How many they are is
  // `sessions`.
  virtual absl::StatusOr<PseudonymRecord> SumPseudonymRecords(const std::string& family, int& sessions) = 0;
};

class PseudonymWriter : public PseudonymReader {
 public:
  // A row whose kind and key are there already gets the new number.
  virtual absl::Status AddPseudonyms(const std::string& scope, const std::vector<PseudonymRow>& rows) = 0;
  virtual absl::Status DeletePseudonyms(const std::string& scope, const std::vector<std::string>& keys) = 0;
  // How many rows there were.
  virtual absl::StatusOr<int64_t> DestroyPseudonyms(const std::string& scope) = 0;
  // A counter that is there never goes back.
  virtual absl::Status SetPseudonymCounters(const std::string& scope, const PseudonymCounters& next) = 0;
  // In place of the one that is there.
  virtual absl::Status PutPseudonymRecord(const std::string& session, const PseudonymRecord& record) = 0;
  // With it what is remembered of the session's own scope, counters included. OK when there is none.
  virtual absl::Status DeletePseudonymRecord(const std::string& session) = 0;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_PSEUDONYM_STORE_H_
