#ifndef PLUMBLINE_CODING_STORAGE_SQL_STORE_H_
#define PLUMBLINE_CODING_STORAGE_SQL_STORE_H_

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/storage/sql_pseudonyms.h"
#include "coding/storage/store.h"
#include "common/base/status_macros.h"
#include "common/sql/database.h"

namespace plumbline::coding {

// Calls `query` for portions of `ids`, each with its list of parameters ":i0, :i1, ...". Every portion has one of two
// lengths, so that a database sees few different statements: the last one repeats its last id.
template <typename Query>
absl::Status InChunks(const std::vector<std::string>& ids, const Query& query) {
  constexpr size_t kMany = 500;
  for (size_t first = 0; first < ids.size();) {
    const size_t length = ids.size() - first == 1 ? 1 : kMany;
    std::string list;
    sql::Params params;
    for (size_t i = 0; i < length; ++i) {
      const std::string name = absl::StrCat("i", i);
      absl::StrAppend(&list, list.empty() ? ":" : ", :", name);
      params.push_back({name, ids[std::min(first + i, ids.size() - 1)]});
    }
    RETURN_IF_ERROR(query(list, std::move(params)));
    first += length;
  }
  return absl::OkStatus();
}

// Reads and writes inside one SQL transaction. See store.h.
class SqlCodingAccess final : public CodingWriter {
 public:
  explicit SqlCodingAccess(sql::Transaction& transaction) : transaction_(transaction), pseudonyms_(transaction) {}

  PseudonymReader& pseudonyms() override { return pseudonyms_; }
  PseudonymWriter& pseudonym_writer() override { return pseudonyms_; }

  absl::StatusOr<TranscriptRecord> GetTranscript(const std::string& session) override;
  absl::StatusOr<std::vector<Turn>> ListTurns(const std::string& session) override;
  absl::StatusOr<std::vector<Question>> ListQuestions(const std::string& session, int after, int limit) override;
  absl::StatusOr<std::vector<TranscriptRecord>> ListTranscripts(const std::string& after, int limit) override;
  absl::StatusOr<std::vector<std::string>> FindContent(uint64_t content, int limit) override;
  absl::StatusOr<std::vector<StoredSignature>> FindNear(const Signature& signature, int limit) override;
  absl::StatusOr<std::vector<TranscriptChange>> ListTranscriptChanges(const std::string& session, int after,
                                                                      int limit) override;
  absl::StatusOr<bool> IsInStudy(const std::string& session) override;
  absl::StatusOr<Frame> GetFrame(const std::string& id, int version) override;
  absl::StatusOr<std::vector<Frame>> ListFrames(const std::string& after, int limit) override;
  absl::StatusOr<std::vector<TranscriptRecord>> FindTranscripts(const std::vector<std::string>& sessions) override;
  absl::StatusOr<Study> GetStudy(const std::string& id) override;
  absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) override;
  absl::StatusOr<std::vector<StudySession>> ListStudySessions(const std::string& study, int after, int limit) override;
  absl::StatusOr<std::vector<StudyItem>> ListItemsOf(const std::string& study,
                                                     const std::vector<std::string>& sessions) override;
  absl::StatusOr<std::vector<StudyItem>> ListKey(const std::string& study, int after, int until) override;
  absl::StatusOr<std::vector<CodedItem>> ListCodedItems(const Study& study, int after, int until, bool texts) override;
  absl::StatusOr<std::vector<RepeatedItem>> ListRepeatedItems(const Study& study, const std::string& after,
                                                              int limit) override;
  absl::StatusOr<int> FindStudySession(const std::string& study, const std::string& session) override;
  absl::StatusOr<StoredReport> GetStudyReport(const std::string& study) override;
  absl::StatusOr<std::vector<SessionFidelity>> ListSessionFidelity(const std::string& study, int after,
                                                                   int limit) override;
  absl::Status SaveStudyReport(const StoredReport& report, const std::vector<SessionFidelity>& sessions) override;
  absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& study) override;
  absl::StatusOr<std::vector<GoldCode>> ListGoldCodes(const std::string& study) override;
  absl::StatusOr<std::map<std::string, BatchProgress>> GetProgress(const std::string& study) override;
  absl::StatusOr<std::vector<SessionQuestions>> ListStudyQuestions(const std::string& study, int after,
                                                                   int until) override;
  absl::StatusOr<std::optional<Preparation>> GetPreparation(const std::string& study) override;
  absl::StatusOr<std::vector<ItemPlace>> ListItemPlaces(const std::string& study, const std::string& after,
                                                        int limit) override;
  absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& study, const std::string& coder, int after,
                                                        int limit) override;
  absl::StatusOr<CoderItem> GetCoderItem(const std::string& study, const std::string& coder,
                                         const std::string& item) override;
  absl::StatusOr<HeldItems> FindItems(const std::string& study, const std::string& coder,
                                      const std::vector<std::string>& items) override;
  absl::StatusOr<std::vector<Passage>> ListPassages(const std::string& study, const std::string& coder,
                                                    const std::string& item) override;
  absl::StatusOr<std::vector<Code>> ListCodeVersions(const std::string& study, const std::string& coder,
                                                     const std::string& item, int after, int limit) override;

  absl::Status InsertTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                const std::vector<Question>& questions) override;
  absl::Status ReviseTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                const std::vector<Question>& questions,
                                const std::vector<TranscriptChange>& changes) override;
  absl::Status ReplaceQuestions(const std::string& session, const std::vector<Question>& questions,
                                const std::vector<TranscriptChange>& changes) override;
  absl::Status DeleteTranscript(const std::string& session) override;
  absl::Status InsertFrame(const Frame& frame) override;
  absl::Status AddStudy(const Study& study) override;
  absl::Status PutGoldCodes(const std::string& study, const std::vector<GoldCode>& codes) override;
  absl::Status DeleteStudy(const std::string& study) override;
  absl::Status AddStudyItems(const std::string& study, const std::vector<StudyItem>& items) override;
  absl::Status AddBatch(const std::string& study, const std::string& coder, int first,
                        const std::vector<BatchItem>& steps) override;
  absl::Status SetPreparation(const std::string& study, const std::optional<Preparation>& expected,
                              const std::optional<Preparation>& next) override;
  absl::Status UpdateStudy(const Study& study) override;
  absl::StatusOr<std::vector<PlacedCode>> AddCodes(const std::string& study, const std::vector<PlacedCode>& codes,
                                                   absl::Time now) override;

 private:
  absl::Status InsertTurns(const std::string& session, const std::vector<Turn>& turns);
  absl::Status InsertFingerprint(const std::string& session, const Fingerprint& fingerprint);
  absl::Status DeleteFingerprint(const std::string& session);
  absl::Status InsertQuestions(const std::string& session, const std::vector<Question>& questions);
  // Adds to the end of a transcript's history.
  absl::Status AddChanges(const std::string& session, const std::vector<TranscriptChange>& changes);
  // What a code that comes will be the next version of.
  struct Head {
    int version = 0;  // 0: the item has no code yet
    bool skipped = false;
  };
  using Heads = std::map<std::pair<std::string, std::string>, Head>;  // by coder and item
  absl::StatusOr<Heads> CodeHeads(const std::string& study, const std::vector<PlacedCode>& codes);
  // Lets a batch's figures grow by `grown`, which may be negative in part.
  absl::Status AddProgress(const std::string& study, const std::string& coder, const BatchProgress& grown);
  absl::StatusOr<std::vector<StudyItem>> ListItemsOfSessions(const sql::Params& page, bool texts);
  absl::Status AddCodesOf(const std::string& coder, int index, const sql::Params& page, std::vector<CodedItem>& items);
  // A study row with its coders.
  absl::StatusOr<Study> ReadStudy(const sql::Row& row);

  sql::Transaction& transaction_;
  SqlPseudonyms pseudonyms_;
};

// The store of the coding service in `database`, whose common tables (jobs::MigrateCommon) and own ones
// (CodingMigrations) are there. `database` outlives it.
std::unique_ptr<CodingStore> MakeSqlStore(sql::Database& database);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SQL_STORE_H_
