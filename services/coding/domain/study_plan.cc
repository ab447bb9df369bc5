#include "coding/domain/study_plan.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/domain/sampling.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/stats/random.h"

namespace plumbline::coding {
namespace {

absl::Status Nothing(const char* reason, const std::string& session, const char* what) {
  return FailedPrecondition(reason, absl::StrCat("transcripts/", session),
                            absl::StrCat("session \"", session, "\" has no ", what, " to code"));
}

// The turn before turn `number`, cut to its end where it is long.
std::string PreviousTurn(const std::vector<Turn>& turns, int number) {
  const auto turn = std::lower_bound(turns.begin(), turns.end(), number - 1,
                                     [](const Turn& of, int wanted) { return of.number < wanted; });
  if (turn == turns.end() || turn->number != number - 1) return "";
  if (turn->text.size() <= kMaxContextBytes) return turn->text;
  size_t from = turn->text.size() - kMaxContextBytes;
  while (from < turn->text.size() && (static_cast<unsigned char>(turn->text[from]) & 0xC0) == 0x80) ++from;
  return turn->text.substr(from);
}

absl::StatusOr<std::vector<StudyItem>> QuestionItems(const Study& study, const Frame& frame,
                                                     const SessionSource& source) {
  if (source.questions.empty()) return Nothing("NO_QUESTIONS", source.session, "questions");
  std::vector<StudyItem> items;
  const auto count = static_cast<uint32_t>(source.questions.size());
  for (const uint32_t q : DrawSample(study.sample, count, study.seed, source.session)) {
    const Question& question = source.questions[q];
    StudyItem item;
    item.key = {"", source.session, question.turn, question.order};
    item.text = question.text;
    if (frame.context == FrameContext::kPreviousTurn) item.context = PreviousTurn(source.turns, question.turn);
    items.push_back(std::move(item));
  }
  return items;
}

}  // namespace

absl::Status CheckStudyFits(const Study& study, const Frame& frame, size_t pairs) {
  Violations violations;
  if (frame.unit != FrameUnit::kQuestion && DrawsSample(study.sample)) {
    violations.Add("sample", "set", absl::StrCat("frame ", frame.id, " codes no questions, so there is none to draw"));
  }
  if (frame.unit == FrameUnit::kPair && pairs == 0) {
    violations.Add("pairs_csv", "", absl::StrCat("must be given: frame ", frame.id, " codes pairs of texts"));
  }
  if (frame.unit != FrameUnit::kPair && pairs > 0) {
    violations.Add("pairs_csv", "set", absl::StrCat("must be empty: frame ", frame.id, " codes no pairs of texts"));
  }
  return violations.ToStatus();
}

uint32_t ItemsOf(const Study& study, const Frame& frame, uint32_t questions) {
  switch (frame.unit) {
    case FrameUnit::kQuestion:
      return SampleSize(study.sample, questions);
    case FrameUnit::kSession:
      return 1;
    case FrameUnit::kPair:
      break;
  }
  return questions;
}

absl::StatusOr<std::vector<StudyItem>> SessionItems(const Study& study, const Frame& frame,
                                                    const SessionSource& source) {
  std::vector<StudyItem> items;
  switch (frame.unit) {
    case FrameUnit::kQuestion:
      return QuestionItems(study, frame, source);
    case FrameUnit::kSession:
      if (source.turn_count == 0) return Nothing("NO_TURNS", source.session, "turns");
      items.emplace_back();
      items[0].key.session = source.session;
      return items;
    case FrameUnit::kPair:
      break;
  }
  if (source.pairs.empty()) return Nothing("NO_QUESTIONS", source.session, "pairs");
  for (const TextPair& pair : source.pairs) {
    StudyItem item;
    item.key = {"", source.session, 0, static_cast<int>(items.size()) + 1};
    item.text = pair.first;
    item.second_text = pair.second;
    items.push_back(std::move(item));
  }
  return items;
}

std::vector<uint32_t> ListPlaces(uint32_t items, uint64_t seed) {
  const std::vector<uint32_t> order = stats::Permutation(items, seed, kListStream);
  std::vector<uint32_t> places(items);
  for (uint32_t place = 0; place < items; ++place) places[order[place]] = place;
  return places;
}

absl::StatusOr<StudyPlan> PlanStudy(const Study& study, const Frame& frame, const std::vector<SessionSource>& sessions,
                                    IdGenerator& ids) {
  size_t pairs = 0;
  for (const SessionSource& source : sessions) pairs += source.pairs.size();
  RETURN_IF_ERROR(CheckStudyFits(study, frame, pairs));
  std::vector<StudyItem> in_session_order;
  for (const SessionSource& source : sessions) {
    ASSIGN_OR_RETURN(std::vector<StudyItem> items, SessionItems(study, frame, source));
    for (StudyItem& item : items) {
      item.key.item_id = ids.NewId();
      in_session_order.push_back(std::move(item));
    }
  }
  if (in_session_order.size() > kMaxStudyItems) {
    return InvalidField("sessions", absl::StrCat(in_session_order.size(), " items"),
                        absl::StrCat("may have at most ", kMaxStudyItems, " items to code"));
  }
  const auto n = static_cast<uint32_t>(in_session_order.size());
  StudyPlan plan;
  plan.items.resize(n);
  const std::vector<uint32_t> places = ListPlaces(n, study.seed);
  for (uint32_t i = 0; i < n; ++i) {
    in_session_order[i].number = places[i];
    plan.items[places[i]] = std::move(in_session_order[i]);
  }
  const std::vector<CoderSet> assigned =
      AssignCoders(study.assignment, static_cast<int>(study.coders.size()), n, study.seed);
  for (size_t coder = 0; coder < study.coders.size(); ++coder) {
    std::vector<uint32_t>& order = plan.orders.emplace_back();
    for (const BatchStep& step : OrderBatch(study.assignment, assigned, coder, study.seed)) {
      order.push_back(step.repeat ? static_cast<uint32_t>(plan.items.size()) : step.item);
      if (!step.repeat) continue;
      StudyItem again = plan.items[step.item];
      again.repeat_of = again.key.item_id;
      again.key.item_id = ids.NewId();
      plan.items.push_back(std::move(again));
    }
  }
  plan.repeats = plan.items.size() - n;
  return plan;
}

std::vector<SessionSource> SourcesOf(const std::vector<SessionQuestions>& sessions) {
  std::vector<SessionSource> sources;
  sources.reserve(sessions.size());
  for (const SessionQuestions& session : sessions) sources.push_back({session.session, session.questions});
  return sources;
}

}  // namespace plumbline::coding
