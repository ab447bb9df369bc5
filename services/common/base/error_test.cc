#include "common/base/error.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "common/base/error_fields.h"
#include "common/base/status_macros.h"

namespace plumbline {
namespace {

TEST(ErrorTest, DetailSurvivesTheRoundTrip) {
  const ErrorDetail in{.reason = "STUDY_CLOSED",
                       .metadata = {{"resource", "studies/a:b"}, {"empty", ""}},
                       .violations = {{"turns[3].speaker", "value \"\": must not be empty"}},
                       .retry_after = absl::Milliseconds(1500)};
  const absl::Status status = MakeError(absl::StatusCode::kFailedPrecondition, "closed", in);
  const auto out = GetErrorDetail(status);
  ASSERT_TRUE(out.has_value());
  EXPECT_EQ(out->reason, in.reason);
  EXPECT_EQ(out->metadata, in.metadata);
  ASSERT_EQ(out->violations.size(), 1u);
  EXPECT_EQ(out->violations[0].field, "turns[3].speaker");
  EXPECT_EQ(out->retry_after, absl::Milliseconds(1500));
}

TEST(ErrorTest, RetryDelayIsNeverShortened) {
  const absl::Duration odd = absl::Milliseconds(10) + absl::Nanoseconds(1) / 4;
  const absl::Status status = MakeError(absl::StatusCode::kUnavailable, "later",
                                        {.reason = "LATER", .metadata = {}, .violations = {}, .retry_after = odd});
  EXPECT_GE(*GetErrorDetail(status)->retry_after, odd);
}

TEST(ErrorTest, StatusFromOutsideHasNoDetail) {
  EXPECT_FALSE(GetErrorDetail(absl::InternalError("x")).has_value());
  EXPECT_FALSE(GetErrorDetail(absl::OkStatus()).has_value());
}

TEST(ErrorTest, InvalidFieldNamesPlaceValueAndRule) {
  const absl::Status status = InvalidField("answers[2].value", "9", "must be 1 to 7");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), "answers[2].value: value \"9\": must be 1 to 7");
}

TEST(ErrorTest, LongValuesAreCutOnACharacterBoundary) {
  std::string value(79, 'a');
  value += "\xC3\xA9\xC3\xA9";  // two-byte characters across the cut
  const absl::Status status = InvalidField("name", value, "too long");
  EXPECT_TRUE(absl::StrContains(status.message(), std::string(79, 'a') + "...\""));
}

TEST(ViolationsTest, ReportsAllAndBoundsTheList) {
  Violations violations;
  EXPECT_TRUE(violations.ToStatus().ok());
  for (int i = 0; i < 80; ++i) violations.AddMissing("field");
  const absl::Status status = violations.ToStatus();
  EXPECT_TRUE(absl::StrContains(status.message(), "and 79 more"));
  EXPECT_EQ(GetErrorDetail(status)->violations.size(), Violations::kMaxReported);
}

TEST(RenameFieldsTest, RenamesEveryViolationAndTheMessage) {
  Violations violations;
  violations.Add("table", "0 rows", "must have a row");
  violations.AddMissing("row 1");
  const absl::Status renamed = RenameField(violations.ToStatus(), "table", "csv");
  EXPECT_EQ(renamed.message(), "csv: value \"0 rows\": must have a row (and 1 more)");
  const auto detail = GetErrorDetail(renamed);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "INVALID_FIELD");
  EXPECT_EQ(detail->violations[0].field, "csv");
  EXPECT_EQ(detail->violations[1].field, "row 1");
  const absl::Status under = RenameFields(renamed, [](const std::string& field) { return "a." + field; });
  EXPECT_EQ(GetErrorDetail(under)->violations[1].field, "a.row 1");
  EXPECT_EQ(under.message().substr(0, 6), "a.csv:");
  // Nothing to rename.
  EXPECT_EQ(RenameField(NotFound("table"), "table", "csv"), NotFound("table"));
  EXPECT_TRUE(RenameField(absl::OkStatus(), "table", "csv").ok());
}

TEST(SplitDescriptionTest, PartsValueAndRule) {
  Violations violations;
  violations.Add("a", "say \"x\": y", "must be short");
  violations.AddMissing("b");
  const std::optional<ErrorDetail> detail = GetErrorDetail(violations.ToStatus());
  const DescriptionParts parts = SplitDescription(detail->violations[0].description);
  EXPECT_EQ(parts.rule, "must be short") << "nothing of the value";
  EXPECT_EQ(parts.value.substr(0, 3), "say");
  EXPECT_EQ(SplitDescription(detail->violations[1].description).rule, "is required");
  EXPECT_EQ(SplitDescription(detail->violations[1].description).value, "");
}

absl::StatusOr<int> Doubled(absl::StatusOr<int> in) {
  ASSIGN_OR_RETURN(const int value, in);
  RETURN_IF_ERROR(value < 0 ? absl::OutOfRangeError("negative") : absl::OkStatus());
  return 2 * value;
}

TEST(StatusMacrosTest, PassValuesAndErrors) {
  EXPECT_EQ(*Doubled(2), 4);
  EXPECT_EQ(Doubled(-1).status().code(), absl::StatusCode::kOutOfRange);
  EXPECT_EQ(Doubled(absl::AbortedError("")).status().code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace plumbline
