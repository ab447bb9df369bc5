#include "coding/domain/study.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/base/utf8.h"
#include "common/stats/random.h"

namespace plumbline::coding {

bool IsCoderId(std::string_view id) {
  constexpr std::string_view kAlnum = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  if (id.empty() || id.size() > 63 || kAlnum.find(id[0]) == std::string_view::npos) return false;
  return std::all_of(id.begin(), id.end(), [&](char c) {
    return kAlnum.find(c) != std::string_view::npos || c == '.' || c == '-' || c == '_';
  });
}

absl::Status ValidateStudy(const Study& study) {
  Violations violations;
  if (!IsValidResourceId(study.id)) violations.Add("study_id", study.id, kResourceIdRule);
  if (study.title.empty()) violations.AddMissing("title");
  if (study.title.size() > 200) violations.Add("title", study.title, "may have at most 200 bytes");
  if (FirstInvalidUtf8(study.title) != std::string_view::npos || study.title.find('\0') != std::string::npos) {
    violations.Add("title", "", "must be UTF-8 text without NUL characters");
  }
  if (study.sessions.empty()) violations.AddMissing("sessions");
  if (study.sessions.size() > kMaxStudySessions) {
    violations.Add("sessions", absl::StrCat(study.sessions.size(), " sessions"),
                   absl::StrCat("may be at most ", kMaxStudySessions));
  }
  const auto check_list = [&violations](const char* field, const std::vector<std::string>& list,
                                        bool (*is_id)(std::string_view), const char* rule) {
    std::set<std::string_view> seen;
    for (size_t i = 0; i < list.size(); ++i) {
      const std::string place = absl::StrCat(field, "[", i, "]");
      if (!is_id(list[i])) {
        violations.Add(place, list[i], rule);
      } else if (!seen.insert(list[i]).second) {
        violations.Add(place, list[i], "stands twice");
      }
    }
  };
  check_list("sessions", study.sessions, IsValidResourceId, kResourceIdRule);
  const int coders = static_cast<int>(study.coders.size());
  if (coders < kMinCoders || coders > kMaxCoders) {
    violations.Add("coders", absl::StrCat(coders, " coders"), absl::StrCat("must be ", kMinCoders, " to ", kMaxCoders));
  }
  check_list("coders", study.coders, IsCoderId, kCoderIdRule);
  if (study.seed == 0) violations.Add("seed", "0", "must be given: any number but 0");
  return violations.ToStatus();
}

absl::StatusOr<StudyPlan> PlanStudy(const Study& study, const Frame& frame,
                                    const std::vector<SessionQuestions>& sessions, IdGenerator& ids) {
  if (frame.kind != FrameKind::kNominatedList && frame.kind != FrameKind::kBinary) {
    return InvalidField(
        "frame", frame.id,
        absl::StrCat("a study of questions takes a nominated list or a binary frame, not ", ToString(frame.kind)));
  }
  std::vector<StudyItem> in_session_order;
  for (const SessionQuestions& session : sessions) {
    if (session.questions.empty()) {
      return FailedPrecondition("NO_QUESTIONS", absl::StrCat("transcripts/", session.session),
                                absl::StrCat("session \"", session.session, "\" has no questions to code"));
    }
    for (const Question& question : session.questions) {
      in_session_order.push_back({{ids.NewId(), session.session, question.turn, question.order}, question.text});
    }
  }
  constexpr size_t kMaxItems = std::numeric_limits<int32_t>::max();
  if (in_session_order.size() > kMaxItems) {
    return InvalidField("sessions", absl::StrCat(in_session_order.size(), " questions"), "are too many for one study");
  }
  const auto n = static_cast<uint32_t>(in_session_order.size());
  StudyPlan plan;
  plan.items.reserve(n);
  for (const uint32_t from : stats::Permutation(n, study.seed, kListStream)) {
    plan.items.push_back(std::move(in_session_order[from]));
  }
  for (size_t coder = 0; coder < study.coders.size(); ++coder) {
    plan.orders.push_back(stats::Permutation(n, study.seed, coder));
  }
  return plan;
}

absl::Status RequireOpen(const Study& study) {
  if (study.state == StudyState::kOpen) return absl::OkStatus();
  return FailedPrecondition("STUDY_CLOSED", absl::StrCat("studies/", study.id),
                            "the study is closed: it takes no codes");
}

absl::Status RequireCanClose(const Study& study) {
  if (study.state == StudyState::kOpen) return absl::OkStatus();
  return FailedPrecondition("STUDY_CLOSED", absl::StrCat("studies/", study.id),
                            absl::StrCat("the study was closed at ",
                                         absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", study.close_time, absl::UTCTimeZone()),
                                         ": a study closes once and stays closed"));
}

absl::Status RequireClosed(const Study& study) {
  if (study.state == StudyState::kClosed) return absl::OkStatus();
  return FailedPrecondition("STUDY_OPEN", absl::StrCat("studies/", study.id),
                            "the study is open: results are given once it is closed, so that no coder can be swayed");
}

}  // namespace plumbline::coding
