#include "coding/worker/prepare_study.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/assignment.h"
#include "coding/domain/study_plan.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/study_payload.pb.h"

namespace plumbline::coding {
namespace {

constexpr size_t kRowsPerPart = 20'000;
constexpr int kSessionsPerQuery = 100;
constexpr int kIdsPerQuery = 50'000;
constexpr size_t kIdLength = 26;  // see IdGenerator

// The ids of all items by their place in the common list: one string instead of millions.
class ItemIds {
 public:
  explicit ItemIds(size_t items) : letters_(items * kIdLength, '\0') {}
  absl::Status Set(const ItemPlace& place) {
    if (place.item_id.size() != kIdLength || (place.number + size_t{1}) * kIdLength > letters_.size()) {
      return absl::InternalError("a stored item has an id or a place that its study cannot have");
    }
    place.item_id.copy(&letters_[place.number * kIdLength], kIdLength);
    return absl::OkStatus();
  }
  std::string Get(uint32_t number) const { return letters_.substr(number * kIdLength, kIdLength); }

 private:
  std::string letters_;
};

class Preparer {
 public:
  Preparer(const FrameCatalog& frames, CodingStore& store, IdGenerator& ids, Clock& clock, jobs::JobContext& context)
      : frames_(frames), store_(store), ids_(ids), clock_(clock), context_(context) {}

  // `create_time_us`: of the study that the operation was started for; 0: not known.
  absl::Status Run(const std::string& study, int64_t create_time_us) {
    RETURN_IF_ERROR(store_.Read([&](CodingReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(study_, reader.GetStudy(study));
      if (create_time_us != 0 && absl::ToUnixMicros(study_.create_time) != create_time_us) return Replaced();
      ASSIGN_OR_RETURN(frame_, frames_.Find(reader, study_.frame_id, study_.frame_version));
      ASSIGN_OR_RETURN(const std::optional<Preparation> done, reader.GetPreparation(study));
      if (!done) {
        return FailedPrecondition("STUDY_PREPARED", absl::StrCat("studies/", study),
                                  "the study has its items and batches already");
      }
      done_ = *done;
      return absl::OkStatus();
    }));
    RETURN_IF_ERROR(MakeItems());
    RETURN_IF_ERROR(MakeBatches());
    return Open();
  }

 private:
  uint32_t item_count() const { return static_cast<uint32_t>(study_.item_count); }

  absl::Status Look(const char* phase, int64_t done, int64_t total) {
    context_.ReportProgress({done, total, phase});
    return context_.ShouldStop();
  }

  // The study may have been given up, and another been made under its id, since this run read it: that one's note of
  // how far it is can be the same, its items are not.
  absl::Status RequireSame(CodingReader& reader) {
    ASSIGN_OR_RETURN(const Study now, reader.GetStudy(study_.id));
    if (now.create_time == study_.create_time && now.seed == study_.seed) return absl::OkStatus();
    return Replaced();
  }
  absl::Status Replaced() const {
    return FailedPrecondition("STUDY_REPLACED", absl::StrCat("studies/", study_.id),
                              "the study was given up, and its id now belongs to another");
  }

  // One transaction: `body` adds rows and says how far the work then is.
  absl::Status Part(const std::function<absl::Status(CodingWriter&, Preparation&)>& body) {
    Preparation next;
    RETURN_IF_ERROR(store_.CommitPart(context_.claim(), [&](CodingWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(RequireSame(writer));
      next = done_;
      RETURN_IF_ERROR(body(writer, next));
      return writer.SetPreparation(study_.id, done_, next);
    }));
    done_ = next;
    return absl::OkStatus();
  }

  absl::Status MakeItems() {
    if (done_.sessions >= study_.session_count) return absl::OkStatus();
    const std::vector<uint32_t> places = ListPlaces(item_count(), study_.seed);
    while (done_.sessions < study_.session_count) {
      RETURN_IF_ERROR(Look("drawing items", done_.items, study_.item_count));
      RETURN_IF_ERROR(Part([&](CodingWriter& writer, Preparation& next) -> absl::Status {
        std::vector<StudyItem> items;
        while (items.size() < kRowsPerPart && next.sessions < study_.session_count) {
          RETURN_IF_ERROR(AddItemsOf(writer, next.sessions, items));
          next.sessions = std::min(next.sessions + kSessionsPerQuery, study_.session_count);
        }
        for (StudyItem& item : items) {
          if (next.items >= study_.item_count) return Changed();
          item.key.item_id = ids_.NewId();
          item.number = places[static_cast<size_t>(next.items++)];
        }
        return writer.AddStudyItems(study_.id, items);
      }));
    }
    return done_.items == study_.item_count ? absl::OkStatus() : Changed();
  }

  // Sessions of a study keep their questions, so their number cannot change.
  static absl::Status Changed() { return absl::InternalError("a study's sessions have another number of questions"); }

  absl::Status AddItemsOf(CodingReader& reader, int after, std::vector<StudyItem>& items) {
    ASSIGN_OR_RETURN(const std::vector<StudySession> sessions,
                     reader.ListStudySessions(study_.id, after, kSessionsPerQuery));
    std::map<std::string, std::vector<Question>> questions;
    std::map<std::string, int> turn_counts;
    if (frame_.unit == FrameUnit::kQuestion) {
      ASSIGN_OR_RETURN(std::vector<SessionQuestions> found,
                       reader.ListStudyQuestions(study_.id, after, after + kSessionsPerQuery));
      for (SessionQuestions& session : found) questions[session.session] = std::move(session.questions);
    } else {
      std::vector<std::string> names;
      for (const StudySession& session : sessions) names.push_back(session.session);
      ASSIGN_OR_RETURN(const std::vector<TranscriptRecord> records, reader.FindTranscripts(names));
      for (const TranscriptRecord& record : records) turn_counts[record.session] = record.turn_count;
    }
    for (const StudySession& session : sessions) {
      SessionSource source;
      source.session = session.session;
      source.questions = std::move(questions[session.session]);
      source.turn_count = turn_counts[session.session];
      if (frame_.context == FrameContext::kPreviousTurn) {
        ASSIGN_OR_RETURN(source.turns, reader.ListTurns(session.session));
      }
      ASSIGN_OR_RETURN(std::vector<StudyItem> of_session, SessionItems(study_, frame_, source));
      items.insert(items.end(), std::make_move_iterator(of_session.begin()), std::make_move_iterator(of_session.end()));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<ItemIds> ReadIds() {
    ItemIds ids(item_count());
    std::string after;
    for (;;) {
      std::vector<ItemPlace> page;
      RETURN_IF_ERROR(store_.Read([&](CodingReader& reader) -> absl::Status {
        ASSIGN_OR_RETURN(page, reader.ListItemPlaces(study_.id, after, kIdsPerQuery));
        return absl::OkStatus();
      }));
      for (const ItemPlace& place : page) RETURN_IF_ERROR(ids.Set(place));
      if (page.size() < kIdsPerQuery) return ids;
      after = page.back().item_id;
      RETURN_IF_ERROR(context_.ShouldStop());
    }
  }

  absl::Status MakeBatches() {
    ASSIGN_OR_RETURN(const ItemIds ids, ReadIds());
    const std::vector<CoderSet> assigned =
        AssignCoders(study_.assignment, static_cast<int>(study_.coders.size()), item_count(), study_.seed);
    int64_t before = 0;  // steps of the coders before this one
    for (size_t coder = 0; coder < study_.coders.size(); ++coder) {
      const std::vector<BatchStep> batch = OrderBatch(study_.assignment, assigned, coder, study_.seed);
      const int64_t end = before + static_cast<int64_t>(batch.size());
      while (done_.steps < end) {
        RETURN_IF_ERROR(Look("making batches", done_.steps,
                             CountAssignments(study_.assignment, study_.coders.size(), item_count())));
        const auto first = static_cast<size_t>(done_.steps - before);
        const size_t last = std::min(first + kRowsPerPart, batch.size());
        RETURN_IF_ERROR(Part([&](CodingWriter& writer, Preparation& next) -> absl::Status {
          std::vector<BatchItem> steps;
          for (size_t p = first; p < last; ++p) {
            const std::string item = ids.Get(batch[p].item);
            steps.push_back(batch[p].repeat ? BatchItem{ids_.NewId(), item} : BatchItem{item, ""});
          }
          next.steps += static_cast<int64_t>(steps.size());
          return writer.AddBatch(study_.id, study_.coders[coder], static_cast<int>(first) + 1, steps);
        }));
      }
      before = end;
    }
    return absl::OkStatus();
  }

  absl::Status Open() {
    RETURN_IF_ERROR(context_.ShouldStop());
    v1::StudyPreparation result;
    result.set_study(absl::StrCat("studies/", study_.id));
    result.set_item_count(study_.item_count);
    result.set_assignment_count(done_.steps);
    return store_.Commit(
        context_.claim(), clock_.Now(), [&](CodingWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
          RETURN_IF_ERROR(RequireSame(writer));
          RETURN_IF_ERROR(writer.SetPreparation(study_.id, done_, std::nullopt));
          ASSIGN_OR_RETURN(Study study, writer.GetStudy(study_.id));  // title and deadline may be others by now
          study.state = StudyState::kOpen;
          RETURN_IF_ERROR(writer.UpdateStudy(study));
          return jobs::WriteResult{
              operations::PackResult(result),
              {{"study.open", result.study(), absl::StrCat("items=", study_.item_count, " assignments=", done_.steps)}},
              {}};
        });
  }

  const FrameCatalog& frames_;
  CodingStore& store_;
  IdGenerator& ids_;
  Clock& clock_;
  jobs::JobContext& context_;
  Study study_;
  Frame frame_;
  Preparation done_;
};

absl::Status Prepare(const FrameCatalog& frames, CodingStore& store, IdGenerator& ids, Clock& clock,
                     jobs::JobContext& context) {
  v1::PrepareStudyPayload request;
  if (!request.ParseFromString(context.operation().payload)) {
    return absl::InvalidArgumentError("the operation's payload names no study");
  }
  ASSIGN_OR_RETURN(const std::string study, operations::ParseName(request.study(), "studies", "study"));
  return Preparer(frames, store, ids, clock, context).Run(study, request.create_time_us());
}

}  // namespace

jobs::Handler MakePrepareStudyHandler(const FrameCatalog& frames, CodingStore& store, IdGenerator& ids, Clock& clock) {
  return [&frames, &store, &ids, &clock](jobs::JobContext& context) {
    return Prepare(frames, store, ids, clock, context);
  };
}

}  // namespace plumbline::coding
