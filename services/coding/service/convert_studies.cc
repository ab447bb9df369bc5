#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/operations/convert.h"
#include "common/stats/random.h"
#include "common/stats_proto/convert.h"
#include "plumbline/common/v1/statistics.pb.h"

// Results; studies are in convert_study.cc, frames in convert_frames.cc, codes in convert_codes.cc, transcripts in
// convert_transcripts.cc.
namespace plumbline::coding {
namespace {

v1::Majority ToProto(Majority majority) {
  switch (majority) {
    case Majority::kYes:
      return v1::MAJORITY_YES;
    case Majority::kNo:
      return v1::MAJORITY_NO;
    case Majority::kUndecided:
      break;
  }
  return v1::MAJORITY_UNDECIDED;
}

void SetProvenance(const CodedStudy& coded, const std::string& method, common::v1::Provenance& out) {
  out.set_method(method);
  out.set_software_version(PLUMBLINE_VERSION);
  out.add_inputs(absl::StrCat("studies/", coded.study.id));
  out.add_inputs(absl::StrCat("frames/", coded.frame.id, "@", coded.frame.version));
  for (const std::string& session : coded.study.sessions) out.add_inputs(absl::StrCat("transcripts/", session));
}

}  // namespace

v1::StudyResults ToProto(const CodedStudy& coded, const StudyResults& results) {
  v1::StudyResults out;
  out.set_study(absl::StrCat("studies/", coded.study.id));
  for (const SessionFidelity& session : results.sessions) {
    v1::SessionFidelity& to = *out.add_sessions();
    to.set_session(session.session);
    to.set_outcomes_focused(session.outcomes_focused);
    to.set_questions(session.questions);
    to.set_undecided(session.undecided);
    *to.mutable_share() = ToProto(session.share);
    to.set_meets_criterion(session.meets_criterion);
    for (const auto& [entry, count] : session.nominations) {
      v1::EntryCount& nomination = *to.add_nominations();
      nomination.set_entry(entry);
      nomination.set_count(count);
    }
  }
  for (const AgreementFigure& figure : results.agreement) *out.add_agreement() = ToProto(figure);
  out.set_unanimous(results.unanimous);
  out.set_items(results.items);
  out.set_no_agreed_nomination(results.no_agreed_nomination);
  out.set_missing_codes(results.missing_codes);
  SetProvenance(coded, "majority-fidelity/1", *out.mutable_provenance());
  return out;
}

v1::StudyAnalysis AnalysisToProto(const CodedStudy& coded, const std::vector<AgreementFigure>& agreement,
                                  const BootstrapPlan& plan) {
  v1::StudyAnalysis out;
  out.set_study(absl::StrCat("studies/", coded.study.id));
  for (const AgreementFigure& figure : agreement) *out.add_agreement() = ToProto(figure);
  out.set_replicates(static_cast<int32_t>(plan.replicates));
  SetProvenance(coded, "agreement-bootstrap/1", *out.mutable_provenance());
  out.mutable_provenance()->set_seed(plan.seed);
  return out;
}

v1::FeedbackSheet ToProto(const FeedbackSheet& sheet) {
  v1::FeedbackSheet out;
  out.set_session(sheet.session);
  for (const FeedbackQuestion& question : sheet.questions) {
    v1::FeedbackQuestion& to = *out.add_questions();
    to.set_turn(question.turn);
    to.set_text(question.text);
    to.set_majority(ToProto(question.majority));
    to.set_nomination(question.nomination);
    to.set_nomination_label(question.nomination_label);
  }
  out.set_outcomes_focused(sheet.outcomes_focused);
  *out.mutable_percent() = ToProto(sheet.percent);
  out.set_meets_criterion(sheet.meets_criterion);
  if (sheet.threshold) *out.mutable_threshold() = ToProto(*sheet.threshold);
  for (const FrameEntry& entry : sheet.never_asked) *out.add_never_asked() = ToProto(entry);
  return out;
}

std::string EncodePageToken(std::string_view list, std::string_view after) {
  const std::string mark = absl::StrCat(absl::Hex(stats::StreamFromName(list), absl::kZeroPad16));
  return absl::StrCat(mark, absl::BytesToHexString(absl::string_view(after.data(), after.size())));
}

absl::StatusOr<std::string> DecodePageToken(std::string_view list, const std::string& token) {
  if (token.empty()) return "";
  constexpr size_t kMark = 16;
  constexpr size_t kMaxToken = 1024;
  const bool hex = token.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (hex && token.size() > kMark && token.size() <= kMaxToken && token.size() % 2 == 0) {
    const std::string after = absl::HexStringToBytes(token.substr(kMark));
    if (EncodePageToken(list, after) == token) return after;
  }
  return InvalidField("page_token", token, "must be the next_page_token of a page of this list");
}

absl::StatusOr<int> DecodePagePosition(std::string_view list, const std::string& token) {
  ASSIGN_OR_RETURN(const std::string after, DecodePageToken(list, token));
  if (after.empty()) return 0;
  int position = 0;
  if (absl::SimpleAtoi(after, &position) && position >= 0) return position;
  return InvalidField("page_token", token, "must be the next_page_token of a page of this list");
}

}  // namespace plumbline::coding
