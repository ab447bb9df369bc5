#ifndef PLUMBLINE_CODING_STORAGE_SQL_STORE_H_
#define PLUMBLINE_CODING_STORAGE_SQL_STORE_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "coding/storage/sql_pseudonyms.h"
#include "coding/storage/store.h"
#include "common/sql/database.h"

namespace plumbline::coding {

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
  absl::StatusOr<Study> GetStudy(const std::string& id) override;
  absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) override;
  absl::StatusOr<std::vector<StudyItem>> ListStudyItems(const std::string& study) override;
  absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& study) override;
  absl::StatusOr<std::map<std::string, int>> CountCoded(const std::string& study) override;
  absl::StatusOr<AnswerCounts> CountAnswers(const std::string& study, const std::string& coder) override;
  absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& study, const std::string& coder, int after,
                                                        int limit) override;
  absl::StatusOr<CoderItem> GetCoderItem(const std::string& study, const std::string& coder,
                                         const std::string& item) override;
  absl::StatusOr<std::vector<Passage>> ListPassages(const std::string& study, const std::string& coder,
                                                    const std::string& item) override;
  absl::StatusOr<std::vector<Code>> ListCodeVersions(const std::string& study, const std::string& coder,
                                                     const std::string& item, int after, int limit) override;

  absl::Status InsertTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                const std::vector<Question>& questions) override;
  absl::Status ReviseTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                const std::vector<Question>& questions,
                                const std::vector<TranscriptChange>& changes) override;
  absl::Status ReplaceQuestions(const std::string& session, const std::vector<Question>& questions) override;
  absl::Status DeleteTranscript(const std::string& session) override;
  absl::Status InsertFrame(const Frame& frame) override;
  absl::Status InsertStudy(const Study& study, const StudyPlan& plan) override;
  absl::Status UpdateStudy(const Study& study) override;
  absl::StatusOr<std::vector<PlacedCode>> AddCodes(const std::string& study, const std::vector<PlacedCode>& codes,
                                                   absl::Time now) override;

 private:
  absl::Status InsertTurns(const std::string& session, const std::vector<Turn>& turns);
  absl::Status InsertFingerprint(const std::string& session, const Fingerprint& fingerprint);
  absl::Status DeleteFingerprint(const std::string& session);
  absl::Status InsertQuestions(const std::string& session, const std::vector<Question>& questions);
  // A study row with its sessions and coders.
  absl::StatusOr<Study> ReadStudy(const sql::Row& row);

  sql::Transaction& transaction_;
  SqlPseudonyms pseudonyms_;
};

// The store of the coding service in `database`, whose common tables (jobs::MigrateCommon) and own ones
// (CodingMigrations) are there. `database` outlives it.
std::unique_ptr<CodingStore> MakeSqlStore(sql::Database& database);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_SQL_STORE_H_
