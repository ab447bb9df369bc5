#ifndef PLUMBLINE_CODING_STORAGE_FAKE_STORE_H_
#define PLUMBLINE_CODING_STORAGE_FAKE_STORE_H_

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
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
    Study study;  // with its sessions
    std::map<std::string, StudyItem> items;
    std::map<std::string, std::vector<std::string>> batches;  // by coder: ids of items, in order
    std::optional<Preparation> preparation;
    std::map<std::string, Code> gold;  // by item
    // (coder, item): every version, oldest first.
    std::map<std::pair<std::string, std::string>, std::vector<Code>> codes;
    std::optional<StoredReport> report = {};
    std::vector<SessionFidelity> results = {};
  };
  std::map<std::string, StoredTranscript> transcripts;
  std::map<std::pair<std::string, int>, Frame> frames;
  std::map<std::string, StoredStudy> studies;
  FakePseudonymState pseudonyms;
};

class FakeCodingAccess : public CodingWriter {
 public:
  explicit FakeCodingAccess(FakeCodingState& state) : state_(state), pseudonyms_(state.pseudonyms) {}
  ~FakeCodingAccess() override;  // in fake_store.cc, and with it all that is virtual here: once, not in every test

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

  absl::StatusOr<std::vector<TranscriptRecord>> FindTranscripts(const std::vector<std::string>& sessions) override {
    std::vector<TranscriptRecord> found;
    for (const std::string& session : std::set<std::string>(sessions.begin(), sessions.end())) {
      if (const auto it = state_.transcripts.find(session); it != state_.transcripts.end()) {
        found.push_back(Read(it->second));
      }
    }
    return found;
  }

  absl::StatusOr<Study> GetStudy(const std::string& id) override {
    ASSIGN_OR_RETURN(const auto* stored, Find(id));
    return WithoutSessions(stored->study);
  }

  absl::StatusOr<std::vector<Study>> ListStudies(const StudyPosition& after, int limit) override {
    std::vector<Study> page;
    for (const auto& [id, stored] : state_.studies) {
      const absl::Time time = stored.study.create_time;
      if (time < after.create_time || (time == after.create_time && id > after.id)) {
        page.push_back(WithoutSessions(stored.study));
      }
    }
    std::stable_sort(page.begin(), page.end(),
                     [](const Study& a, const Study& b) { return a.create_time > b.create_time; });
    if (static_cast<int>(page.size()) > limit) page.resize(static_cast<size_t>(limit));
    return page;
  }

  absl::StatusOr<std::vector<StudySession>> ListStudySessions(const std::string& study, int after, int limit) override {
    std::vector<StudySession> page;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return page;
    const std::vector<std::string>& sessions = it->second.study.sessions;
    for (size_t i = static_cast<size_t>(after); i < sessions.size() && static_cast<int>(page.size()) < limit; ++i) {
      page.push_back({static_cast<int>(i) + 1, sessions[i]});
    }
    return page;
  }

  absl::StatusOr<int> FindStudySession(const std::string& study, const std::string& session) override {
    const auto it = state_.studies.find(study);
    if (it != state_.studies.end()) {
      const std::vector<std::string>& sessions = it->second.study.sessions;
      const auto found = std::find(sessions.begin(), sessions.end(), session);
      if (found != sessions.end()) return static_cast<int>(found - sessions.begin()) + 1;
    }
    return NotFound(absl::StrCat("studies/", study, "/sessions/", session));
  }

  absl::StatusOr<StoredReport> GetStudyReport(const std::string& study) override {
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end() || !it->second.report) return NotFound(absl::StrCat("studies/", study, "/report"));
    return *it->second.report;
  }

  absl::StatusOr<std::vector<SessionFidelity>> ListSessionFidelity(const std::string& study, int after,
                                                                   int limit) override {
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return std::vector<SessionFidelity>{};
    const std::vector<SessionFidelity>& all = it->second.results;
    const size_t begin = std::min(static_cast<size_t>(after), all.size());
    const size_t end = std::min(begin + static_cast<size_t>(limit), all.size());
    return std::vector<SessionFidelity>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                        all.begin() + static_cast<std::ptrdiff_t>(end));
  }

  absl::Status SaveStudyReport(const StoredReport& report, const std::vector<SessionFidelity>& sessions) override {
    const auto it = state_.studies.find(report.study);
    if (it == state_.studies.end()) return absl::InternalError("a report of a study that is not there");
    it->second.report = report;
    it->second.results = sessions;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<StudyItem>> ListItemsOf(const std::string& study,
                                                     const std::vector<std::string>& sessions) override {
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return std::vector<StudyItem>{};
    const std::set<std::string> wanted(sessions.begin(), sessions.end());
    std::vector<StudyItem> items;
    for (const auto& [id, item] : it->second.items) {
      if (item.repeat_of.empty() && wanted.contains(item.key.session)) items.push_back(item);
    }
    return items;
  }

  absl::StatusOr<std::vector<StudyItem>> ListKey(const std::string& study, int after, int until) override {
    std::vector<StudyItem> items = ItemsOfSessions(study, after, until, /*repeats=*/true);
    for (StudyItem& item : items) item.text = item.context = item.second_text = "";
    return items;
  }

  absl::StatusOr<std::vector<CodedItem>> ListCodedItems(const Study& study, int after, int until, bool texts) override {
    std::vector<CodedItem> coded;
    const auto it = state_.studies.find(study.id);
    if (it == state_.studies.end()) return coded;
    std::vector<std::pair<int, std::string>> people;
    for (size_t c = 0; c < study.coders.size(); ++c) people.emplace_back(static_cast<int>(c), study.coders[c]);
    people.emplace_back(kAdjudicatorIndex, study.adjudicator);
    std::vector<std::set<std::string>> batches;
    for (const auto& [index, coder] : people) batches.push_back(BatchOf(it->second, coder));
    for (StudyItem& item : ItemsOfSessions(study.id, after, until, /*repeats=*/false)) {
      if (!texts) item.text = item.context = item.second_text = "";
      CodedItem& to = coded.emplace_back();
      for (size_t c = 0; c < people.size(); ++c) {
        if (batches[c].count(item.key.item_id) == 0) continue;
        to.codes.push_back({people[c].first, Newest(it->second, people[c].second, item.key.item_id)});
      }
      to.item = std::move(item);
    }
    return coded;
  }

  absl::StatusOr<std::vector<RepeatedItem>> ListRepeatedItems(const Study& study, const std::string& after,
                                                              int limit) override {
    std::vector<RepeatedItem> repeated;
    const auto it = state_.studies.find(study.id);
    if (it == state_.studies.end()) return repeated;
    for (auto item = it->second.items.upper_bound(after);
         item != it->second.items.end() && static_cast<int>(repeated.size()) < limit; ++item) {
      if (item->second.repeat_of.empty()) continue;
      RepeatedItem& to = repeated.emplace_back();
      to.item_id = item->first;
      for (size_t c = 0; c < study.coders.size(); ++c) {
        if (BatchOf(it->second, study.coders[c]).count(item->first) == 0) continue;
        to.coder = static_cast<int>(c);
        to.first = Newest(it->second, study.coders[c], item->second.repeat_of);
        to.second = Newest(it->second, study.coders[c], item->first);
      }
    }
    return repeated;
  }

  absl::StatusOr<std::vector<GoldCode>> ListGoldCodes(const std::string& study) override {
    std::vector<GoldCode> codes;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return codes;
    for (const auto& [item, code] : it->second.gold) codes.push_back({item, code});
    return codes;
  }

  absl::StatusOr<std::map<std::string, BatchProgress>> GetProgress(const std::string& study) override {
    std::map<std::string, BatchProgress> progress;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return progress;
    for (const auto& [coder, batch] : it->second.batches) {
      BatchProgress& of_coder = progress[coder];
      of_coder.total = static_cast<int>(batch.size());
      for (const std::string& item : batch) {
        const std::optional<Code> code = Newest(it->second, coder, item);
        if (code) ++(code->skip_reason.empty() ? of_coder.coded : of_coder.skipped);
      }
    }
    return progress;
  }

  absl::StatusOr<std::vector<SessionQuestions>> ListStudyQuestions(const std::string& study, int after,
                                                                   int until) override {
    std::vector<SessionQuestions> questions;
    ASSIGN_OR_RETURN(const std::vector<StudySession> sessions, ListStudySessions(study, after, until - after));
    for (const StudySession& session : sessions) {
      const auto& of_session = state_.transcripts[session.session].questions;
      if (!of_session.empty()) questions.push_back({session.session, of_session});
    }
    return questions;
  }

  absl::StatusOr<std::optional<Preparation>> GetPreparation(const std::string& study) override {
    const auto it = state_.studies.find(study);
    return it == state_.studies.end() ? std::optional<Preparation>() : it->second.preparation;
  }

  absl::StatusOr<std::vector<ItemPlace>> ListItemPlaces(const std::string& study, const std::string& after,
                                                        int limit) override {
    std::vector<ItemPlace> places;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return places;
    for (auto item = it->second.items.upper_bound(after);
         item != it->second.items.end() && static_cast<int>(places.size()) < limit; ++item) {
      if (item->second.repeat_of.empty()) places.push_back({item->first, item->second.number});
    }
    return places;
  }

  absl::StatusOr<std::vector<PlacedCode>> ListNewestCodes(const std::string& study) override {
    std::vector<PlacedCode> codes;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return codes;
    for (const auto& [key, versions] : it->second.codes) codes.push_back({key.first, key.second, versions.back()});
    return codes;
  }

  absl::StatusOr<std::vector<CoderItem>> ListCoderItems(const std::string& study, const std::string& coder, int after,
                                                        int limit) override {
    std::vector<CoderItem> page;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return page;
    const auto batch = it->second.batches.find(coder);
    if (batch == it->second.batches.end()) return page;
    const std::vector<std::string>& order = batch->second;
    for (size_t p = static_cast<size_t>(after); p < order.size() && static_cast<int>(page.size()) < limit; ++p) {
      const StudyItem& item = it->second.items.at(order[p]);
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

  absl::StatusOr<HeldItems> FindItems(const std::string& study, const std::string& coder,
                                      const std::vector<std::string>& items) override {
    HeldItems found;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return found;
    const auto batch = it->second.batches.find(coder);
    if (batch == it->second.batches.end()) return found;
    const std::set<std::string> wanted(items.begin(), items.end());
    for (size_t p = 0; p < batch->second.size(); ++p) {
      const std::string& item = batch->second[p];
      if (wanted.count(item) > 0) found[item] = {static_cast<int>(p) + 1, Newest(it->second, coder, item)};
    }
    return found;
  }

  absl::StatusOr<std::vector<Passage>> ListPassages(const std::string& study, const std::string& coder,
                                                    const std::string& item) override {
    if (!GetCoderItem(study, coder, item).ok()) return std::vector<Passage>{};
    ASSIGN_OR_RETURN(const std::vector<Turn> turns, ListTurns(state_.studies.at(study).items.at(item).key.session));
    return ToPassages(turns);
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
    stored.record.questions_by_hand = record.questions_by_hand;
    ++stored.record.revision;
    AddChanges(changes, stored);
    return absl::OkStatus();
  }

  absl::Status ReplaceQuestions(const std::string& session, const std::vector<Question>& questions,
                                const std::vector<TranscriptChange>& changes) override {
    const auto it = state_.transcripts.find(session);
    if (it == state_.transcripts.end()) return NotFound(absl::StrCat("transcripts/", session));
    it->second.questions = questions;
    it->second.record.question_count = static_cast<int>(questions.size());
    it->second.record.questions_by_hand = true;
    ++it->second.record.revision;
    AddChanges(changes, it->second);
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

  absl::Status AddStudy(const Study& study) override {
    if (state_.studies.count(study.id) > 0) return AlreadyExists(absl::StrCat("studies/", study.id));
    Study stored = study;
    stored.session_count = static_cast<int>(study.sessions.size());
    state_.studies[study.id] = {stored, {}, {}, std::nullopt, {}, {}};
    return absl::OkStatus();
  }

  absl::Status DeleteStudy(const std::string& study) override {
    if (state_.studies.erase(study) == 0) return NotFound(absl::StrCat("studies/", study));
    return absl::OkStatus();
  }

  absl::Status PutGoldCodes(const std::string& study, const std::vector<GoldCode>& codes) override {
    ASSIGN_OR_RETURN(auto* stored, Find(study));
    for (const GoldCode& gold : codes) {
      if (stored->items.count(gold.item_id) == 0) return FailedPrecondition("", gold.item_id, "is no item");
      stored->gold[gold.item_id] = gold.code;
      stored->gold[gold.item_id].version = 1;
    }
    return absl::OkStatus();
  }

  absl::Status AddStudyItems(const std::string& study, const std::vector<StudyItem>& items) override {
    ASSIGN_OR_RETURN(auto* stored, Find(study));
    for (const StudyItem& item : items) {
      if (!stored->items.emplace(item.key.item_id, item).second) return AlreadyExists(absl::StrCat("studies/", study));
    }
    return absl::OkStatus();
  }

  absl::Status AddBatch(const std::string& study, const std::string& coder, int first,
                        const std::vector<BatchItem>& steps) override {
    ASSIGN_OR_RETURN(auto* stored, Find(study));
    std::vector<std::string>& batch = stored->batches[coder];
    if (static_cast<int>(batch.size()) + 1 != first) return AlreadyExists(absl::StrCat("studies/", study));
    for (const BatchItem& step : steps) {
      if (!step.repeat_of.empty()) {
        StudyItem again = stored->items.at(step.repeat_of);
        again.key.item_id = step.item_id;
        again.repeat_of = step.repeat_of;
        stored->items[step.item_id] = std::move(again);
      }
      batch.push_back(step.item_id);
    }
    return absl::OkStatus();
  }

  absl::Status SetPreparation(const std::string& study, const std::optional<Preparation>& expected,
                              const std::optional<Preparation>& next) override {
    ASSIGN_OR_RETURN(auto* stored, Find(study));
    if (stored->preparation != expected) return StaleEtag(absl::StrCat("studies/", study));
    stored->preparation = next;
    return absl::OkStatus();
  }

  absl::Status UpdateStudy(const Study& study) override {
    ASSIGN_OR_RETURN(auto* stored, Find(study.id));
    stored->study.title = study.title;
    stored->study.deadline = study.deadline;
    stored->study.state = study.state;
    stored->study.close_time = study.close_time;
    stored->study.item_count = study.item_count;
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
  static Study WithoutSessions(Study study) {
    study.sessions.clear();
    return study;
  }

  static std::optional<Code> Newest(const FakeCodingState::StoredStudy& study, const std::string& coder,
                                    const std::string& item) {
    const auto versions = study.codes.find({coder, item});
    if (versions == study.codes.end()) return std::nullopt;
    return versions->second.back();
  }

  static std::set<std::string> BatchOf(const FakeCodingState::StoredStudy& study, const std::string& coder) {
    const auto batch = study.batches.find(coder);
    if (batch == study.batches.end()) return {};
    return {batch->second.begin(), batch->second.end()};
  }

  std::vector<StudyItem> ItemsOfSessions(const std::string& study, int after, int until, bool repeats) const {
    std::vector<StudyItem> items;
    const auto it = state_.studies.find(study);
    if (it == state_.studies.end()) return items;
    const std::vector<std::string>& sessions = it->second.study.sessions;
    for (size_t p = static_cast<size_t>(after); p < sessions.size() && static_cast<int>(p) < until; ++p) {
      const size_t begin = items.size();
      for (const auto& [id, item] : it->second.items) {
        if (item.key.session == sessions[p] && (repeats || item.repeat_of.empty())) items.push_back(item);
      }
      std::stable_sort(items.begin() + static_cast<std::ptrdiff_t>(begin), items.end(),
                       [](const StudyItem& a, const StudyItem& b) {
                         return std::tie(a.key.question_number, a.repeat_of, a.key.item_id) <
                                std::tie(b.key.question_number, b.repeat_of, b.key.item_id);
                       });
    }
    return items;
  }

  static void AddChanges(const std::vector<TranscriptChange>& changes, FakeCodingState::StoredTranscript& stored) {
    for (TranscriptChange change : changes) {
      change.number = static_cast<int>(stored.changes.size()) + 1;
      stored.changes.push_back(std::move(change));
    }
  }

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

}  // namespace plumbline::coding

extern template class plumbline::testing::FakeUnitOfWork<
    plumbline::coding::CodingReader, plumbline::coding::CodingWriter, plumbline::coding::FakeCodingState>;

namespace plumbline::coding {

using FakeCodingStore = testing::FakeUnitOfWork<CodingReader, CodingWriter, FakeCodingState>;

// `operations` outlives the store.
std::unique_ptr<FakeCodingStore> MakeFakeStore(jobs::FakeOperationStore& operations);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_FAKE_STORE_H_
