#ifndef PLUMBLINE_CODING_STORAGE_FAKE_PSEUDONYMS_H_
#define PLUMBLINE_CODING_STORAGE_FAKE_PSEUDONYMS_H_

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/storage/pseudonym_store.h"
#include "common/base/error.h"

namespace plumbline::coding {

struct FakePseudonymState {
  std::map<std::string, std::map<std::pair<std::string, std::string>, PseudonymRow>> rows;  // scope: kind, key
  std::map<std::string, PseudonymCounters> counters;                                        // by scope
  std::map<std::string, PseudonymRecord> records;                                           // by session
};

// In memory, for tests. See pseudonym_store.h.
class FakePseudonyms final : public PseudonymWriter {
 public:
  explicit FakePseudonyms(FakePseudonymState& state) : state_(state) {}

  absl::StatusOr<std::vector<PseudonymRow>> ListPseudonyms(const std::string& scope) override {
    std::vector<PseudonymRow> rows;
    if (const auto it = state_.rows.find(scope); it != state_.rows.end()) {
      for (const auto& [key, row] : it->second) rows.push_back(row);
    }
    return rows;
  }
  absl::StatusOr<PseudonymCounters> GetPseudonymCounters(const std::string& scope) override {
    const auto it = state_.counters.find(scope);
    return it == state_.counters.end() ? PseudonymCounters{} : it->second;
  }
  absl::StatusOr<PseudonymRecord> GetPseudonymRecord(const std::string& session) override {
    const auto it = state_.records.find(session);
    if (it == state_.records.end()) return NotFound(absl::StrCat("transcripts/", session));
    return it->second;
  }
  absl::StatusOr<PseudonymRecord> SumPseudonymRecords(const std::string& family, int& sessions) override {
    PseudonymRecord sum;
    sum.family = family;
    sessions = 0;
    for (const auto& [session, record] : state_.records) {
      if (record.family != family) continue;
      sum.off = record.off && (sessions == 0 || sum.off);
      ++sessions;
      sum.rules = std::max(sum.rules, record.rules);
      sum.words += record.words;
      for (const auto& [what, mentions] : record.counts) sum.counts[what] += mentions;
    }
    return sum;
  }
  absl::Status AddPseudonyms(const std::string& scope, const std::vector<PseudonymRow>& rows) override {
    for (const PseudonymRow& row : rows) state_.rows[scope][{ToString(row.kind), row.key}] = row;
    return absl::OkStatus();
  }
  absl::Status DeletePseudonyms(const std::string& scope, const std::vector<std::string>& keys) override {
    for (const std::string& key : keys) {
      std::erase_if(state_.rows[scope], [&key](const auto& entry) { return entry.first.second == key; });
    }
    return absl::OkStatus();
  }
  absl::StatusOr<int64_t> DestroyPseudonyms(const std::string& scope) override {
    const auto it = state_.rows.find(scope);
    if (it == state_.rows.end()) return 0;
    const auto count = static_cast<int64_t>(it->second.size());
    state_.rows.erase(it);
    return count;
  }
  absl::Status SetPseudonymCounters(const std::string& scope, const PseudonymCounters& next) override {
    for (const auto& [kind, number] : next) {
      int64_t& kept = state_.counters[scope][kind];
      kept = std::max(kept, number);
    }
    return absl::OkStatus();
  }
  absl::Status PutPseudonymRecord(const std::string& session, const PseudonymRecord& record) override {
    state_.records[session] = record;
    return absl::OkStatus();
  }
  absl::Status DeletePseudonymRecord(const std::string& session) override {
    const std::string scope = absl::StrCat("transcripts/", session);
    state_.records.erase(session);
    state_.rows.erase(scope);
    state_.counters.erase(scope);
    return absl::OkStatus();
  }

 private:
  FakePseudonymState& state_;
};

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_FAKE_PSEUDONYMS_H_
