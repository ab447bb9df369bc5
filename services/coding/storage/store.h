#ifndef PLUMBLINE_CODING_STORAGE_STORE_H_
#define PLUMBLINE_CODING_STORAGE_STORE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "coding/domain/coded_item.h"
#include "coding/domain/codes.h"
#include "coding/domain/frame.h"
#include "coding/domain/gold.h"
#include "coding/domain/questions.h"
#include "coding/domain/results.h"
#include "coding/domain/study.h"
#include "coding/domain/study_plan.h"
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
  // The questions were imported, or corrected since they were extracted: extracting them anew would lose that, also
  // where all that was done is that one was dropped, which leaves no row.
  bool questions_by_hand = false;
};

// A limit for CodingReader::ListQuestions that no transcript reaches.
inline constexpr int kAllQuestions = 1'000'000;

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
  std::string detail;  // what was done: "split turn 3 at byte 17"; quotes nothing that was said
};

// Where a page of studies goes on: newest first, then by id.
struct StudyPosition {
  absl::Time create_time = absl::InfiniteFuture();
  std::string id;
};

// A session of a study, at its place.
struct StudySession {
  int position = 0;  // from 1
  std::string session;
};

// A report of a study as the service wrote it; it takes the place of the one before.
struct StoredReport {
  std::string study;
  absl::Time create_time;
  std::string body;
};

// How far the making of a study's items and batches is: what a worker that takes over goes on from.
struct Preparation {
  int sessions = 0;   // whose items are stored
  int items = 0;      // that are stored
  int64_t steps = 0;  // of the batches, coder after coder, that are stored
  bool operator==(const Preparation&) const = default;
};

struct ItemPlace {
  std::string item_id;
  uint32_t number = 0;
};

// One step of a batch as it is stored.
struct BatchItem {
  std::string item_id;
  std::string repeat_of = {};  // not empty: item_id is new, and shows this item again
};

// An item of a coder's batch, without its words.
struct HeldItem {
  int position = 0;          // in the coder's order
  std::optional<Code> code;  // the coder's newest
};
using HeldItems = std::map<std::string, HeldItem>;  // by id

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

  // The records of those of `sessions` that are there, in no order.
  virtual absl::StatusOr<std::vector<TranscriptRecord>> FindTranscripts(const std::vector<std::string>& sessions) = 0;

  // Without its sessions, which may be many: ListStudySessions.
  virtual absl::StatusOr<Study> GetStudy(const std::string& id) = 0;
  // Older than `after` (or as old, with a greater id), newest first, at most `limit`; without their sessions.
  virtual absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) = 0;
  // Sessions at positions after `after`, in the order of the study, at most `limit`.
  virtual absl::StatusOr<std::vector<StudySession>> ListStudySessions(const std::string& study, int after,
                                                                      int limit) = 0;
  // The key: coordinators only. The items of these sessions (each named once) but repeats, in no order; a session that
  // is not in the study has none.
  virtual absl::StatusOr<std::vector<StudyItem>> ListItemsOf(const std::string& study,
                                                             const std::vector<std::string>& sessions) = 0;
  // The key of the sessions at positions `after` + 1 to `until`, in the order of the study, repeats among them.
  virtual absl::StatusOr<std::vector<StudyItem>> ListKey(const std::string& study, int after, int until) = 0;
  // Items (no repeats) of the sessions at positions `after` + 1 to `until` of `study`, in the order of the study and of
  // the questions, with every code: how a study of any size is read, some hundred sessions at a time. The texts of
  // items are left empty unless `texts`.
  virtual absl::StatusOr<std::vector<CodedItem>> ListCodedItems(const Study& study, int after, int until,
                                                                bool texts) = 0;
  // First and second codes of the repeats with ids after `after`, by id, at most `limit`.
  virtual absl::StatusOr<std::vector<RepeatedItem>> ListRepeatedItems(const Study& study, const std::string& after,
                                                                      int limit) = 0;
  // The position of a session in the study. NOT_FOUND.
  virtual absl::StatusOr<int> FindStudySession(const std::string& study, const std::string& session) = 0;
  // NOT_FOUND before there is one.
  virtual absl::StatusOr<StoredReport> GetStudyReport(const std::string& study) = 0;
  // Results of the sessions at positions after `after`, in the order of the study, at most `limit`, as the report left
  // them. Empty without a report.
  virtual absl::StatusOr<std::vector<SessionFidelity>> ListSessionFidelity(const std::string& study, int after,
                                                                           int limit) = 0;
  // The newest code of every coder and item that has one, repeats among them: for studies that fit into memory.
  virtual absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& study) = 0;
  // Of a training study.
  virtual absl::StatusOr<std::vector<GoldCode>> ListGoldCodes(const std::string& study) = 0;
  // By coder (and adjudicator); those without a batch have no entry. Costs by the number of coders.
  virtual absl::StatusOr<std::map<std::string, BatchProgress>> GetProgress(const std::string& study) = 0;
  // The questions of the sessions at positions `after` + 1 to `until`, in the order of the study; sessions without
  // questions are left out.
  virtual absl::StatusOr<std::vector<SessionQuestions>> ListStudyQuestions(const std::string& study, int after,
                                                                           int until) = 0;
  // Nothing for a study whose items and batches are all there.
  virtual absl::StatusOr<std::optional<Preparation>> GetPreparation(const std::string& study) = 0;
  // Places in the common list and ids of the items (no repeats) with ids after `after`, by id, at most `limit`.
  virtual absl::StatusOr<std::vector<ItemPlace>> ListItemPlaces(const std::string& study, const std::string& after,
                                                                int limit) = 0;

  // The coder's desk: what a blinded coder may see. CoderItem::passages stays empty in lists and in GetCoderItem.
  // Items at positions after `after`, at most `limit`. Empty for an unknown coder.
  virtual absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& study, const std::string& coder,
                                                                int after, int limit) = 0;
  // NOT_FOUND unless the item is in this coder's batch.
  virtual absl::StatusOr<CoderItem> GetCoderItem(const std::string& study, const std::string& coder,
                                                 const std::string& item) = 0;
  // Those of `items` (each named once) that the coder's batch holds.
  virtual absl::StatusOr<HeldItems> FindItems(const std::string& study, const std::string& coder,
                                              const std::vector<std::string>& items) = 0;
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
  // Puts asker, turns, questions and questions_by_hand in place of those a transcript has; counts follow, and the
  // revision grows by one. Each of `changes` is added to its history; their numbers are given here.
  virtual absl::Status ReviseTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                        const std::vector<Question>& questions,
                                        const std::vector<TranscriptChange>& changes) = 0;
  // Replaces the questions of a transcript by imported or corrected ones: questions_by_hand is set, question_count
  // follows, and the revision grows by one. Each of `changes` is added to its history, as in ReviseTranscript.
  virtual absl::Status ReplaceQuestions(const std::string& session, const std::vector<Question>& questions,
                                        const std::vector<TranscriptChange>& changes) = 0;
  virtual absl::Status DeleteTranscript(const std::string& session) = 0;
  // ALREADY_EXISTS for a version that is there.
  virtual absl::Status InsertFrame(const Frame& frame) = 0;
  // Records a study with its sessions and coders, but without items and batches. ALREADY_EXISTS when the id is taken.
  virtual absl::Status AddStudy(const Study& study) = 0;
  // Adds items; their ids and numbers are new to the study.
  virtual absl::Status AddStudyItems(const std::string& study, const std::vector<StudyItem>& items) = 0;
  // Adds to the end of a coder's batch: positions first, first + 1 ... An item that a step shows again gets a row of
  // its own, with everything but the id taken from the first.
  virtual absl::Status AddBatch(const std::string& study, const std::string& coder, int first,
                                const std::vector<BatchItem>& steps) = 0;
  // Notes how far the making is, where it stood at `expected`; else ABORTED, and nothing changed. nullopt: there is no
  // note.
  virtual absl::Status SetPreparation(const std::string& study, const std::optional<Preparation>& expected,
                                      const std::optional<Preparation>& next) = 0;
  // Stores gold answers, each in place of the one its item had.
  virtual absl::Status PutGoldCodes(const std::string& study, const std::vector<GoldCode>& codes) = 0;
  // AddStudy, AddStudyItems and AddBatch for a whole plan.
  absl::Status InsertStudy(const Study& study, const StudyPlan& plan);
  // Removes a study that nobody has coded in, with its items and batches; the audit log keeps that it was there.
  virtual absl::Status DeleteStudy(const std::string& study) = 0;
  // Sets title, deadline, state, close_time and item_count; the revision grows by one.
  virtual absl::Status UpdateStudy(const Study& study) = 0;
  // The report of a study with the results of all its sessions, in its order.
  virtual absl::Status SaveStudyReport(const StoredReport& report, const std::vector<SessionFidelity>& sessions) = 0;
  // Stores each code as the version after the newest; the codes with their versions, in the same order. NOT_FOUND for
  // an item outside the coder's batch. Each pair of coder and item at most once in `codes`.
  virtual absl::StatusOr<std::vector<PlacedCode>> AddCodes(const std::string& study,
                                                           const std::vector<PlacedCode>& codes, absl::Time now) = 0;
};

using CodingStore = jobs::UnitOfWork<CodingReader, CodingWriter>;

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_STORE_H_
