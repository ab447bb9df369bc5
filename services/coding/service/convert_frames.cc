#include <utility>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

// Frames.
namespace plumbline::coding {
namespace {

constexpr std::pair<FrameKind, v1::FrameKind> kKinds[] = {{FrameKind::kNominatedList, v1::FRAME_KIND_NOMINATED_LIST},
                                                          {FrameKind::kDomainPresence, v1::FRAME_KIND_DOMAIN_PRESENCE},
                                                          {FrameKind::kRatedSkills, v1::FRAME_KIND_RATED_SKILLS},
                                                          {FrameKind::kCategorical, v1::FRAME_KIND_CATEGORICAL},
                                                          {FrameKind::kBinary, v1::FRAME_KIND_BINARY},
                                                          {FrameKind::kOrdinal, v1::FRAME_KIND_ORDINAL},
                                                          {FrameKind::kNumeric, v1::FRAME_KIND_NUMERIC}};
constexpr std::pair<FrameUnit, v1::FrameUnit> kUnits[] = {{FrameUnit::kQuestion, v1::FRAME_UNIT_QUESTION},
                                                          {FrameUnit::kSession, v1::FRAME_UNIT_SESSION},
                                                          {FrameUnit::kPair, v1::FRAME_UNIT_PAIR}};
constexpr std::pair<FrameContext, v1::FrameContext> kContexts[] = {
    {FrameContext::kNone, v1::FRAME_CONTEXT_UNSPECIFIED},
    {FrameContext::kPreviousTurn, v1::FRAME_CONTEXT_PREVIOUS_TURN}};

template <typename Domain, typename Proto, size_t kCount>
Proto ToProtoEnum(const std::pair<Domain, Proto> (&values)[kCount], Domain wanted) {
  for (const auto& [domain, proto] : values) {
    if (domain == wanted) return proto;
  }
  return Proto{};
}

// Sets `out`; adds a violation for a number that is none of `values`.
template <typename Domain, typename Proto, size_t kCount>
void ReadEnum(const std::pair<Domain, Proto> (&values)[kCount], Proto proto, const char* field, const char* rule,
              Domain& out, Violations& violations) {
  for (const auto& [domain, known] : values) {
    if (known != proto) continue;
    out = domain;
    return;
  }
  violations.Add(field, absl::StrCat(static_cast<int>(proto)), rule);
}

}  // namespace

v1::Fraction ToProto(const Fraction& fraction) {
  v1::Fraction out;
  out.set_numerator(fraction.numerator);
  out.set_denominator(fraction.denominator);
  return out;
}

v1::FrameEntry ToProto(const FrameEntry& entry) {
  v1::FrameEntry out;
  out.set_id(entry.id);
  out.set_label(entry.label);
  out.set_group(entry.group);
  return out;
}

absl::StatusOr<Frame> FromProto(const v1::Frame& frame, const std::string& id) {
  Frame out;
  out.id = id;
  out.version = frame.version();
  out.title = frame.title();
  out.source = frame.source();
  out.rating_min = frame.rating_min();
  out.rating_max = frame.rating_max();
  Violations violations;
  ReadEnum(kKinds, frame.kind(), "frame.kind", "must be a kind of frame", out.kind, violations);
  out.unit = DefaultUnit(out.kind);
  if (frame.unit() != v1::FRAME_UNIT_UNSPECIFIED) {
    ReadEnum(kUnits, frame.unit(), "frame.unit", "must be a unit of frames", out.unit, violations);
  }
  ReadEnum(kContexts, frame.context(), "frame.context", "must be a context of frames", out.context, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  if (frame.has_number_min()) out.number_min = frame.number_min();
  if (frame.has_number_max()) out.number_max = frame.number_max();
  if (frame.has_threshold()) out.threshold = Fraction{frame.threshold().numerator(), frame.threshold().denominator()};
  for (const v1::FrameEntry& entry : frame.entries()) out.entries.push_back({entry.id(), entry.label(), entry.group()});
  for (const v1::DomainRating& rating : frame.domain_ratings()) {
    out.domain_ratings.push_back({rating.id(),
                                  rating.label(),
                                  rating.min_domains(),
                                  {rating.required_entries().begin(), rating.required_entries().end()}});
  }
  RETURN_IF_ERROR(ValidateFrame(out));
  return out;
}

v1::Frame ToProto(const Frame& frame) {
  v1::Frame out;
  out.set_name(absl::StrCat("frames/", frame.id));
  out.set_version(frame.version);
  out.set_title(frame.title);
  out.set_kind(ToProtoEnum(kKinds, frame.kind));
  out.set_unit(ToProtoEnum(kUnits, frame.unit));
  out.set_context(ToProtoEnum(kContexts, frame.context));
  for (const FrameEntry& entry : frame.entries) *out.add_entries() = ToProto(entry);
  if (frame.threshold) *out.mutable_threshold() = ToProto(*frame.threshold);
  out.set_rating_min(frame.rating_min);
  out.set_rating_max(frame.rating_max);
  if (frame.number_min) out.set_number_min(*frame.number_min);
  if (frame.number_max) out.set_number_max(*frame.number_max);
  for (const DomainRating& rating : frame.domain_ratings) {
    v1::DomainRating& to = *out.add_domain_ratings();
    to.set_id(rating.id);
    to.set_label(rating.label);
    to.set_min_domains(rating.min_domains);
    for (const std::string& entry : rating.required_entries) to.add_required_entries(entry);
  }
  out.set_source(frame.source);
  return out;
}

v1::AnswerForm AnswerFormOf(const Frame& frame) {
  v1::AnswerForm out;
  out.set_kind(ToProtoEnum(kKinds, frame.kind));
  out.set_unit(ToProtoEnum(kUnits, frame.unit));
  for (const FrameEntry& entry : frame.entries) {
    v1::Choice& choice = *out.add_choices();
    choice.set_id(entry.id);
    choice.set_label(entry.label);
    choice.set_group(entry.group);
  }
  out.set_rating_min(frame.rating_min);
  out.set_rating_max(frame.rating_max);
  if (frame.number_min) out.set_number_min(*frame.number_min);
  if (frame.number_max) out.set_number_max(*frame.number_max);
  return out;
}

}  // namespace plumbline::coding
