#ifndef PLUMBLINE_CODING_STORAGE_FAKE_STORE_H_
#define PLUMBLINE_CODING_STORAGE_FAKE_STORE_H_

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/codes.h"
#include "coding/domain/passages.h"
#include "coding/storage/fake_pseudonyms.h"
#include "coding/storage/store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/testing/fake_unit_of_work.h"

// The store of the coding service in memory, for tests; passes the same contract as the SQL one.
namespace plumbline::coding {

struct FakeCodingState {
  struct StoredTranscript {
    TranscriptRecord record;
    std::vector<Turn> turns;
    std::vector<Question> questions;
    std::vector<TranscriptChange> changes;
  };
  struct StoredStudy {
    Study study;
    StudyPlan plan;
    // (coder, item): every version, oldest first.
    std::map<std::pair<std::string, std::string>, std::vector<Code>> codes;
  };
  std::map<std::string, StoredTranscript> transcripts;
  std::map<std::pair<std::string, int>, Frame> frames;
  std::map<std::string, StoredStudy> studies;
  FakePseudonymState pseudonyms;
};

class FakeCodingAccess final : public CodingWriter {
 public:
  explicit FakeCodingAccess(FakeCodingState& state) : state_(state), pseudonyms_(state.pseudonyms) {}

  PseudonymReader& pseudonyms() override { return pseudonyms_; }
  PseudonymWriter& pseudonym_writer() override { return pseudonyms_; }

  absl::StatusOr<TranscriptRecord> GetTranscript(const std::string& session) override {
    const auto it = state_.transcripts.find(session);
    if (it == state_.transcripts.end()) return NotFound(absl::StrCat("transcripts/", session));
    return Read(it->second);
  }

  absl::StatusOr<std::vector<Turn>> ListTurns(const std::string& session) override {
    const auto it = state_.transcripts.find(session);
    return it == state_.transcripts.end() ? std::vector<Turn>{} : it->second.turns;
  }

  absl::StatusOr<std::vector<Question>> ListQuestions(const std::string& session, int after, int limit) override {
    std::vector<Question> page;
    const auto it = state_.transcripts.find(session);
    if (it == state_.transcripts.end()) return page;
    for (const Question& question : it->second.questions) {
      if (question.order > after && static_cast<int>(page.size()) < limit) page.push_back(question);
    }
    return page;
  }

  absl::StatusOr<std::vector<TranscriptRecord>> ListTranscripts(const std::string& after, int limit) override {
    std::vector<TranscriptRecord> page;
    for (auto it = state_.transcripts.upper_bound(after);
         it != state_.transcripts.end() && static_cast<int>(page.size()) < limit; ++it) {
      page.push_back(Read(it->second));
    }
    return page;
  }

  absl::StatusOr<std::vector<std::string>> FindContent(uint64_t content, int limit) override {
    std::vector<std::string> sessions;
    for (const auto& [session, stored] : state_.transcripts) {
      const bool same = stored.record.fingerprint && stored.record.fingerprint->content == content;
      if (same && static_cast<int>(sessions.size()) < limit) sessions.push_back(session);
    }
    return sessions;
  }

  absl::StatusOr<std::vector<StoredSignature>> FindNear(const Signature& signature, int limit) override {
    std::map<std::string, Signature> found;
    const auto keys = BandKeys(signature);
    for (size_t band = 0; band < keys.size(); ++band) {
      int looked_at = 0;
      for (const auto& [session, stored] : state_.transcripts) {
        if (looked_at >= limit || !stored.record.fingerprint) continue;
        const Signature& other = stored.record.fingerprint->signature;
        if (BandKeys(other)[band] != keys[band]) continue;
        found[session] = other;
        ++looked_at;
      }
    }
    std::vector<StoredSignature> out;
    for (const auto& [session, other] : found) out.push_back({session, other});
    return out;
  }

  absl::StatusOr<std::vector<TranscriptChange>> ListTranscriptChanges(const std::string& session, int after,
                                                                      int limit) override {
    std::vector<TranscriptChange> page;
    const auto it = state_.transcripts.find(session);
    if (it == state_.transcripts.end()) return page;
    for (const TranscriptChange& change : it->second.changes) {
      if (change.number > after && static_cast<int>(page.size()) < limit) page.push_back(change);
    }
    return page;
  }

  absl::StatusOr<bool> IsInStudy(const std::string& session) override {
    for (const auto& [id, stored] : state_.studies) {
      const auto& sessions = stored.study.sessions;
      if (std::find(sessions.begin(), sessions.end(), session) != sessions.end()) return true;
    }
    return false;
  }

  absl::StatusOr<Frame> GetFrame(const std::string& id, int version) override {
    if (version == 0) {
      for (auto it = state_.frames.rbegin(); it != state_.frames.rend(); ++it) {
        if (it->first.first == id) return it->second;
      }
    } else if (const auto it = state_.frames.find({id, version}); it != state_.frames.end()) {
      return it->second;
    }
    return NotFound(absl::StrCat("frames/", id));
  }

  absl::StatusOr<std::vector<Frame>> ListFrames(const std::string& after, int limit) override {
    std::map<std::string, Frame> newest;
    for (const auto& [key, frame] : state_.frames) {
      if (key.first > after) newest[key.first] = frame;  // versions ascend, so the newest stays
    }
    std::vector<Frame> page;
    for (const auto& [id, frame] : newest) {
      if (static_cast<int>(page.size()) < limit) page.push_back(frame);
    }
    return page;
  }

  absl::StatusOr<Study> GetStudy(const std::string& id) override {
    ASSIGN_OR_RETURN(const auto* stored, Find(id));
    return stored->study;
  }

  absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) override {
    std::vector<Study> page;
    for (const auto& [id, stored] : state_.studies) {
      const absl::Time time = stored.study.create_time;
      if (time < after.create_time || (time == after.create_time && id > after.id)) page.push_back(stored.study);
    }
    std::stable_sort(page.begin(), page.end(),
                     [](const Study& a, const Study& b) { return a.create_time > b.create_time; });
    if (static_cast<int>(page.size()) > limit) page.resize(static_cast<size_t>(limit));
    return page;
  }

  absl::StatusOr<std::vector<StudyItem>> ListStudyItems(const std::string& study) override {
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return std::vector<StudyItem>{};
    std::vector<StudyItem> items = it->second.plan.items;
    std::sort(items.begin(), items.end(), [](const StudyItem& a, const StudyItem& b) {
      return std::tie(a.key.session, a.key.question_number) < std::tie(b.key.session, b.key.question_number);
    });
    return items;
  }

  absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& study) override {
    std::vector<PlacedCode> codes;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return codes;
    for (const auto& [key, versions] : it->second.codes) codes.push_back({key.first, key.second, versions.back()});
    return codes;
  }

  absl::StatusOr<std::map<std::string, int>> CountCoded(const std::string& study) override {
    std::map<std::string, int> counts;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return counts;
    for (const auto& [key, versions] : it->second.codes) {
      if (!IsSkip(versions.back())) ++counts[key.first];
    }
    return counts;
  }

  absl::StatusOr<AnswerCounts> CountAnswers(const std::string& study, const std::string& coder) override {
    ASSIGN_OR_RETURN(const std::vector<CoderItem> items,
                     ListCoderItems(study, coder, 0, std::numeric_limits<int>::max()));
    AnswerCounts counts;
    for (const CoderItem& item : items) {
      ++counts.total;
      if (item.code) ++(IsSkip(*item.code) ? counts.skipped : counts.coded);
    }
    return counts;
  }

  absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& study, const std::string& coder, int after,
                                                        int limit) override {
    std::vector<CoderItem> page;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return page;
    const auto& coders = it->second.study.coders;
    const auto found = std::find(coders.begin(), coders.end(), coder);
    if (found == coders.end()) return page;
    const auto& order = it->second.plan.orders[static_cast<size_t>(found - coders.begin())];
    for (size_t p = static_cast<size_t>(after); p < order.size() && static_cast<int>(page.size()) < limit; ++p) {
      const StudyItem& item = it->second.plan.items[order[p]];
      CoderItem view{item.key.item_id, static_cast<int>(p) + 1, item.text, std::nullopt,
                     item.context,     item.second_text};
      const auto code = it->second.codes.find({coder, item.key.item_id});
      if (code != it->second.codes.end()) view.code = code->second.back();
      page.push_back(std::move(view));
    }
    return page;
  }

  absl::StatusOr<CoderItem> GetCoderItem(const std::string& study, const std::string& coder,
                                         const std::string& item) override {
    ASSIGN_OR_RETURN(const std::vector<CoderItem> items,
                     ListCoderItems(study, coder, 0, std::numeric_limits<int>::max()));
    for (const CoderItem& candidate : items) {
      if (candidate.item_id == item) return candidate;
    }
    return NotFound(absl::StrCat("studies/", study, "/coders/", coder, "/items/", item));
  }

  absl::StatusOr<std::vector<Passage>> ListPassages(const std::string& study, const std::string& coder,
                                                    const std::string& item) override {
    if (!GetCoderItem(study, coder, item).ok()) return std::vector<Passage>{};
    for (const StudyItem& candidate : state_.studies[study].plan.items) {
      if (candidate.key.item_id != item) continue;
      ASSIGN_OR_RETURN(const std::vector<Turn> turns, ListTurns(candidate.key.session));
      return ToPassages(turns);
    }
    return std::vector<Passage>{};
  }

  absl::StatusOr<std::vector<Code>> ListCodeVersions(const std::string& study, const std::string& coder,
                                                     const std::string& item, int after, int limit) override {
    std::vector<Code> page;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return page;
    const auto codes = it->second.codes.find({coder, item});
    if (codes == it->second.codes.end()) return page;
    for (const Code& code : codes->second) {
      if (code.version > after && static_cast<int>(page.size()) < limit) page.push_back(code);
    }
    return page;
  }

  absl::Status InsertTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                const std::vector<Question>& questions) override {
    if (state_.transcripts.count(record.session) > 0)
      return AlreadyExists(absl::StrCat("transcripts/", record.session));
    TranscriptRecord stored = record;
    stored.turn_count = static_cast<int>(turns.size());
    stored.question_count = static_cast<int>(questions.size());
    state_.transcripts[record.session] = {stored, turns, questions, {}};
    return absl::OkStatus();
  }

  absl::Status ReviseTranscript(const TranscriptRecord& record, const std::vector<Turn>& turns,
                                const std::vector<Question>& questions,
                                const std::vector<TranscriptChange>& changes) override {
    const auto it = state_.transcripts.find(record.session);
    if (it == state_.transcripts.end()) return NotFound(absl::StrCat("transcripts/", record.session));
    FakeCodingState::StoredTranscript& stored = it->second;
    stored.turns = turns;
    stored.questions = questions;
    stored.record.asker = record.asker;
    stored.record.turn_count = static_cast<int>(turns.size());
    stored.record.question_count = static_cast<int>(questions.size());
    stored.record.suggested_turns = record.suggested_turns;
    ++stored.record.revision;
    for (TranscriptChange change : changes) {
      change.number = static_cast<int>(stored.changes.size()) + 1;
      stored.changes.push_back(std::move(change));
    }
    return absl::OkStatus();
  }

  absl::Status ReplaceQuestions(const std::string& session, const std::vector<Question>& questions) override {
    const auto it = state_.transcripts.find(session);
    if (it == state_.transcripts.end()) return NotFound(absl::StrCat("transcripts/", session));
    it->second.questions = questions;
    it->second.record.question_count = static_cast<int>(questions.size());
    ++it->second.record.revision;
    return absl::OkStatus();
  }

  absl::Status DeleteTranscript(const std::string& session) override {
    if (state_.transcripts.erase(session) == 0) return NotFound(absl::StrCat("transcripts/", session));
    return absl::OkStatus();
  }

  absl::Status InsertFrame(const Frame& frame) override {
    if (!state_.frames.emplace(std::pair(frame.id, frame.version), frame).second) {
      return AlreadyExists(absl::StrCat("frames/", frame.id));
    }
    return absl::OkStatus();
  }

  absl::Status InsertStudy(const Study& study, const StudyPlan& plan) override {
    if (state_.studies.count(study.id) > 0) return AlreadyExists(absl::StrCat("studies/", study.id));
    Study stored = study;
    stored.item_count = static_cast<int>(plan.items.size());
    state_.studies[study.id] = {stored, plan, {}};
    return absl::OkStatus();
  }

  absl::Status UpdateStudy(const Study& study) override {
    ASSIGN_OR_RETURN(auto* stored, Find(study.id));
    stored->study.state = study.state;
    stored->study.close_time = study.close_time;
    ++stored->study.revision;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<PlacedCode>> AddCodes(const std::string& study, const std::vector<PlacedCode>& codes,
                                                   absl::Time now) override {
    std::vector<PlacedCode> stored = codes;
    for (PlacedCode& placed : stored) {
      RETURN_IF_ERROR(GetCoderItem(study, placed.coder, placed.item_id).status());
      std::vector<Code>& versions = state_.studies[study].codes[{placed.coder, placed.item_id}];
      placed.code.version = static_cast<int>(versions.size()) + 1;
      placed.code.submit_time = now;
      versions.push_back(placed.code);
    }
    return stored;
  }

 private:
  // The fingerprint is looked up by, never read back.
  static TranscriptRecord Read(const FakeCodingState::StoredTranscript& stored) {
    TranscriptRecord record = stored.record;
    record.fingerprint.reset();
    return record;
  }

  absl::StatusOr<FakeCodingState::StoredStudy*> Find(const std::string& id) {
    const auto it = state_.studies.find(id);
    if (it == state_.studies.end()) return NotFound(absl::StrCat("studies/", id));
    return &it->second;
  }

  FakeCodingState& state_;
  FakePseudonyms pseudonyms_;
};

// A reader of a state that it must not change: works on its own copy.
class FakeCodingReader final : public CodingReader {
 public:
  explicit FakeCodingReader(const FakeCodingState& state) : copy_(state), access_(copy_) {}
  PseudonymReader& pseudonyms() override { return access_.pseudonyms(); }
  absl::StatusOr<TranscriptRecord> GetTranscript(const std::string& s) override { return access_.GetTranscript(s); }
  absl::StatusOr<std::vector<Turn>> ListTurns(const std::string& s) override { return access_.ListTurns(s); }
  absl::StatusOr<std::vector<Question>> ListQuestions(const std::string& s, int after, int limit) override {
    return access_.ListQuestions(s, after, limit);
  }
  absl::StatusOr<std::vector<TranscriptRecord>> ListTranscripts(const std::string& after, int limit) override {
    return access_.ListTranscripts(after, limit);
  }
  absl::StatusOr<std::vector<std::string>> FindContent(uint64_t content, int limit) override {
    return access_.FindContent(content, limit);
  }
  absl::StatusOr<std::vector<StoredSignature>> FindNear(const Signature& signature, int limit) override {
    return access_.FindNear(signature, limit);
  }
  absl::StatusOr<std::vector<TranscriptChange>> ListTranscriptChanges(const std::string& s, int after,
                                                                      int limit) override {
    return access_.ListTranscriptChanges(s, after, limit);
  }
  absl::StatusOr<bool> IsInStudy(const std::string& s) override { return access_.IsInStudy(s); }
  absl::StatusOr<Frame> GetFrame(const std::string& id, int version) override { return access_.GetFrame(id, version); }
  absl::StatusOr<std::vector<Frame>> ListFrames(const std::string& after, int limit) override {
    return access_.ListFrames(after, limit);
  }
  absl::StatusOr<Study> GetStudy(const std::string& id) override { return access_.GetStudy(id); }
  absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) override {
    return access_.ListStudies(after, limit);
  }
  absl::StatusOr<std::vector<StudyItem>> ListStudyItems(const std::string& s) override {
    return access_.ListStudyItems(s);
  }
  absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& s) override {
    return access_.ListNewestCodes(s);
  }
  absl::StatusOr<std::map<std::string, int>> CountCoded(const std::string& s) override { return access_.CountCoded(s); }
  absl::StatusOr<AnswerCounts> CountAnswers(const std::string& s, const std::string& coder) override {
    return access_.CountAnswers(s, coder);
  }
  absl::StatusOr<std::vector<Passage>> ListPassages(const std::string& s, const std::string& coder,
                                                    const std::string& item) override {
    return access_.ListPassages(s, coder, item);
  }
  absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& s, const std::string& coder, int after,
                                                        int limit) override {
    return access_.ListCoderItems(s, coder, after, limit);
  }
  absl::StatusOr<CoderItem> GetCoderItem(const std::string& s, const std::string& coder,
                                         const std::string& item) override {
    return access_.GetCoderItem(s, coder, item);
  }
  absl::StatusOr<std::vector<Code>> ListCodeVersions(const std::string& s, const std::string& coder,
                                                     const std::string& item, int after, int limit) override {
    return access_.ListCodeVersions(s, coder, item, after, limit);
  }

 private:
  FakeCodingState copy_;
  FakeCodingAccess access_;
};

using FakeCodingStore = testing::FakeUnitOfWork<CodingReader, CodingWriter, FakeCodingState>;

// `operations` outlives the store.
inline std::unique_ptr<FakeCodingStore> MakeFakeStore(jobs::FakeOperationStore& operations) {
  return std::make_unique<FakeCodingStore>(
      operations, [](const FakeCodingState& state) { return std::make_unique<FakeCodingReader>(state); },
      [](FakeCodingState& state) { return std::make_unique<FakeCodingAccess>(state); });
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_FAKE_STORE_H_
