#ifndef PLUMBLINE_CODING_SERVICE_CONVERT_H_
#define PLUMBLINE_CODING_SERVICE_CONVERT_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/agreement.h"
#include "coding/domain/agreement_table.h"
#include "coding/domain/coder_check.h"
#include "coding/domain/codes.h"
#include "coding/domain/frame.h"
#include "coding/domain/study.h"
#include "coding/domain/suggest.h"
#include "coding/storage/store.h"
#include "plumbline/coding/v1/coder.pb.h"
#include "plumbline/coding/v1/frames.pb.h"
#include "plumbline/coding/v1/studies.pb.h"
#include "plumbline/coding/v1/transcripts.pb.h"

// Between messages and the domain; results are in convert_results.h. What comes in is checked in form here and in
// substance by the domain.
namespace plumbline::coding {

// nullopt for UNSPECIFIED and for what is no role.
std::optional<Role> RoleFromProto(v1::SpeakerRole role);
v1::SpeakerRole ToProto(Role role);
// nullopt for UNSPECIFIED and for what is no kind.
std::optional<QuestionKind> QuestionKindFromProto(v1::QuestionKind kind);
v1::TranscriptFormat ToProto(TranscriptFormat format);
v1::DurationSource ToProto(DurationSource source);
v1::TranscriptChange ToProto(const TranscriptChange& change);
v1::Transcript ToProto(const TranscriptRecord& record);
v1::Turn ToProto(const Turn& turn);
// `session` "" leaves the name empty.
v1::Question ToProto(const Question& question, std::string_view session);
std::string Etag(const TranscriptRecord& record);
std::string Etag(const Study& study);

// INVALID_ARGUMENT naming every violation.
absl::StatusOr<Frame> FromProto(const v1::Frame& frame, const std::string& id);
v1::Frame ToProto(const Frame& frame);
v1::FrameEntry ToProto(const FrameEntry& entry);
v1::Fraction ToProto(const Fraction& fraction);

// A study as a request describes it, checked (ValidateStudy) and with the id of its frame; INVALID_ARGUMENT naming
// every violation.
absl::StatusOr<Study> StudyFromProto(const v1::CreateStudyRequest& request, const std::string& id, absl::Time now);
// The changes of a request applied to `study`; INVALID_ARGUMENT for a mask that names nothing or something else.
absl::Status ApplyUpdate(const v1::UpdateStudyRequest& request, absl::Time now, Study& study);
// Without sessions and seed until the study is closed: with them, whoever can list questions could rebuild the key.
v1::Study ToProto(const Study& study);
v1::PassingRule ToProto(const PassingRule& rule);
v1::CoderReliability ToProto(const std::string& coder, const CheckFigures& figures, int missing);
v1::StudyKeyEntry ToProto(const StudyItem& item);
v1::AgreementMeasure ToProto(const AgreementFigure& figure);
v1::MeasurementLevel ToProto(stats::MeasurementLevel level);
v1::AgreementWeights ToProto(stats::AgreementWeights weights);

// What ComputeAgreement asks for; INVALID_ARGUMENT names the field.
struct AgreementRequest {
  AgreementTable table;
  AgreementSettings settings;
  std::optional<BootstrapPlan> plan;
};
absl::StatusOr<AgreementRequest> FromProto(const v1::ComputeAgreementRequest& request);
// Of `request`, only the names of coders and categories and the plan are read.
v1::ComputeAgreementResponse ToProto(const AgreementRequest& request, const AgreementReport& report);
v1::PairAgreement ToProto(const stats::PairAgreement& pair, const AgreementTable& table);

// What a coder gets. Takes the blinded domain types only. The frame's kind says which fields of a code hold something.
v1::Item ToProto(const CoderItem& item, FrameKind kind);
v1::Code ToProto(const Code& code, FrameKind kind);
// Whether this coder may see it is MayShowSuggestion's to say.
v1::Suggestion ToProto(const Suggestion& suggestion, const SuggestionRules& rules);
v1::AnswerForm AnswerFormOf(const Frame& frame);
// Adds a violation when the code is missing or cannot be read; what the frame asks for is CheckCode's. The reason of a
// skip has placeholders for what identifies people.
HandedInCode FromProto(const v1::Code& code, bool present, std::string_view place, Violations& violations);

// Tokens of lists: where the next page starts. A token belongs to the list it came from (`list` names the method and
// its filter): INVALID_ARGUMENT, field "page_token", for another's or one that is not ours. The first page starts at
// "".
std::string EncodePageToken(std::string_view list, std::string_view after);
absl::StatusOr<std::string> DecodePageToken(std::string_view list, const std::string& token);
// The same where the position is a whole number; the first page starts at 0.
absl::StatusOr<int> DecodePagePosition(std::string_view list, const std::string& token);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_SERVICE_CONVERT_H_
