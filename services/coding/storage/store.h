#ifndef PLUMBLINE_CODING_STORAGE_STORE_H_
#define PLUMBLINE_CODING_STORAGE_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "coding/domain/codes.h"
#include "coding/domain/frame.h"
#include "coding/domain/questions.h"
#include "coding/domain/results.h"
#include "coding/domain/study.h"
#include "coding/domain/transcript.h"
#include "coding/domain/transcript_fingerprint.h"
#include "coding/storage/pseudonym_store.h"
#include "common/jobs/unit_of_work.h"

// The record of the coding service, in domain types. Everything happens inside a jobs::UnitOfWork; none of these
// objects is thread-safe or outlives the body it was handed to. An unknown resource is NOT_FOUND with its name.
namespace plumbline::coding {

// A transcript without its turns and questions. The session's id is its key.
struct TranscriptRecord {
  std::string session;
  TranscriptFormat format = TranscriptFormat::kDetect;  // kDetect: only questions were imported
  std::optional<int64_t> duration_ms;
  Role asker = Role::kUnknown;
  int turn_count = 0;
  int question_count = 0;
  absl::Time create_time;
  int64_t revision = 1;  // grows with every change
  std::string encoding;  // of the text it was read from; empty where only questions were imported
  DurationSource duration_source = DurationSource::kNone;
  int word_count = 0;
  int suggested_turns = 0;                 // turns whose speaker is a suggestion
  std::optional<Fingerprint> fingerprint;  // to be stored with it; what is read back has none
};

// Another transcript that may have the same words.
struct StoredSignature {
  std::string session;
  Signature signature{};
};

// One correction of a transcript by hand.
struct TranscriptChange {
  int number = 0;  // from 1, within the transcript
  absl::Time time;
  std::string actor;
  std::string detail;  // what was done: "split turn 3 at byte 17"
};

// How far a coder is.
struct AnswerCounts {
  int coded = 0;    // items with an answer
  int skipped = 0;  // items passed over
  int total = 0;    // items of the coder's batch
};

// Where a page of studies goes on: newest first, then by id.
struct StudyPosition {
  absl::Time create_time = absl::InfiniteFuture();
  std::string id;
};

class CodingReader {
 public:
  virtual ~CodingReader() = default;

  virtual PseudonymReader& pseudonyms() = 0;

  virtual absl::StatusOr<TranscriptRecord> GetTranscript(const std::string& session) = 0;
  virtual absl::StatusOr<std::vector<Turn>> ListTurns(const std::string& session) = 0;
  // Questions with order > `after`, in order, at most `limit`. Empty for an unknown session.
  virtual absl::StatusOr<std::vector<Question>> ListQuestions(const std::string& session, int after, int limit) = 0;
  // Sessions after `after`, by the database's order of ids, at most `limit`.
  virtual absl::StatusOr<std::vector<TranscriptRecord>> ListTranscripts(const std::string& after, int limit) = 0;
  // Sessions whose transcript has this Fingerprint::content, by id, at most `limit`.
  virtual absl::StatusOr<std::vector<std::string>> FindContent(uint64_t content, int limit) = 0;
  // Transcripts that share a band of the signature (BandKeys), by session; for each band at most `limit` are looked at,
  // so that the cost does not grow with what is stored.
  virtual absl::StatusOr<std::vector<StoredSignature>> FindNear(const Signature& signature, int limit) = 0;
  // Changes with a number above `after`, in order, at most `limit`. Empty for an unknown session.
  virtual absl::StatusOr<std::vector<TranscriptChange>> ListTranscriptChanges(const std::string& session, int after,
                                                                              int limit) = 0;
  // Whether a study codes the session.
  virtual absl::StatusOr<bool> IsInStudy(const std::string& session) = 0;

  // A frame that a trial added; version 0 is the newest.
  virtual absl::StatusOr<Frame> GetFrame(const std::string& id, int version) = 0;
  // The newest version of each added frame with an id after `after`, at most `limit`.
  virtual absl::StatusOr<std::vector<Frame>> ListFrames(const std::string& after, int limit) = 0;

  virtual absl::StatusOr<Study> GetStudy(const std::string& id) = 0;
  // Older than `after` (or as old, with a greater id), newest first, at most `limit`.
  virtual absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) = 0;
  // The key: coordinators only.
  virtual absl::StatusOr<std::vector<StudyItem>> ListStudyItems(const std::string& study) = 0;
  // The newest code of every coder and item that has one.
  virtual absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& study) = 0;
  // Items coded, by coder; coders without a code have no entry. A skipped item is not coded.
  virtual absl::StatusOr<std::map<std::string, int>> CountCoded(const std::string& study) = 0;

  // The coder's desk: what a blinded coder may see. CoderItem::passages stays empty in lists and in GetCoderItem.
  virtual absl::StatusOr<AnswerCounts> CountAnswers(const std::string& study, const std::string& coder) = 0;
  // Items at positions after `after`, at most `limit`. Empty for an unknown coder.
  virtual absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& study, const std::string& coder,
                                                                int after, int limit) = 0;
  // NOT_FOUND unless the item is in this coder's batch.
  virtual absl::StatusOr<CoderItem> GetCoderItem(const std::string& study, const std::string& coder,
                                                 const std::string& item) = 0;
  // What was said in the session of an item (ToPassages). Empty unless the item is in this coder's batch.
  virtual absl::StatusOr<std::vector<Passage>> ListPassages(const std::string& study, const std::string& coder,
                                                            const std::string& item) = 0;
  // Versions of one code after `after`, oldest first, at most `limit`.
  virtual absl::StatusOr<std::vector<Code>> ListCodeVersions(const std::string& study, const std::string& coder,
                                                             const std::string& item, int after, int limit) = 0;
};

class CodingWriter : public CodingReader {
 public:
  virtual PseudonymWriter& pseudonym_writer() = 0;
  // ALREADY_EXISTS when the session has a transcript.
  virtual absl::Status InsertTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                        const std::vector<Question>& questions) = 0;
  // Puts asker, turns and questions in place of those a transcript has; counts follow, and the revision grows by one.
  // Each of `changes` is added to its history; their numbers are given here.
  virtual absl::Status ReviseTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                        const std::vector<Question>& questions,
                                        const std::vector<TranscriptChange>& changes) = 0;
  // Replaces the questions of a transcript; its question_count and revision follow.
  virtual absl::Status ReplaceQuestions(const std::string& session, const std::vector<Question>& questions) = 0;
  virtual absl::Status DeleteTranscript(const std::string& session) = 0;
  // ALREADY_EXISTS for a version that is there.
  virtual absl::Status InsertFrame(const Frame& frame) = 0;
  // ALREADY_EXISTS when the id is taken.
  virtual absl::Status InsertStudy(const Study& study, const StudyPlan& plan) = 0;
  // Sets state and close_time; the revision grows by one.
  virtual absl::Status UpdateStudy(const Study& study) = 0;
  // Stores each code as the version after the newest; the codes with their versions, in the same order. NOT_FOUND for
  // an item outside the coder's batch. Each pair of coder and item at most once in `codes`.
  virtual absl::StatusOr<std::vector<PlacedCode>> AddCodes(const std::string& study,
                                                           const std::vector<PlacedCode>& codes, absl::Time now) = 0;
};

using CodingStore = jobs::UnitOfWork<CodingReader, CodingWriter>;

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_STORE_H_
