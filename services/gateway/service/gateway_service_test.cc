#include <functional>
#include <map>
#include <string>

#include "gateway/service/test_fixture.h"

namespace plumbline::gateway {

Clock& RealClock() { return SystemClock(); }

namespace {

TEST_F(GatewayTest, EmptyRequestsGetTypedErrors) {
  using T = v1::TrialService::Stub;
  using R = v1::ReportService::Stub;
  using O = common::v1::OperationsService::Stub;
  const std::map<std::string, std::function<absl::Status()>> calls = {
      {"CreateTrial", [&] { return Call(trials_, &T::CreateTrial, {}); }},
      {"GetTrial", [&] { return Call(trials_, &T::GetTrial, {}); }},
      {"UpdateTrial", [&] { return Call(trials_, &T::UpdateTrial, {}); }},
      {"DeleteTrial", [&] { return Call(trials_, &T::DeleteTrial, {}); }},
      {"BatchCreateMembers", [&] { return Call(trials_, &T::BatchCreateMembers, {}); }},
      {"CreateAuthority", [&] { return Call(trials_, &T::CreateAuthority, {}); }},
      {"GetAuthority", [&] { return Call(trials_, &T::GetAuthority, {}); }},
      {"ListAuthorities", [&] { return Call(trials_, &T::ListAuthorities, {}); }},
      {"DeleteAuthority", [&] { return Call(trials_, &T::DeleteAuthority, {}); }},
      {"CreateTeam", [&] { return Call(trials_, &T::CreateTeam, {}); }},
      {"GetTeam", [&] { return Call(trials_, &T::GetTeam, {}); }},
      {"ListTeams", [&] { return Call(trials_, &T::ListTeams, {}); }},
      {"DeleteTeam", [&] { return Call(trials_, &T::DeleteTeam, {}); }},
      {"CreateParticipant", [&] { return Call(trials_, &T::CreateParticipant, {}); }},
      {"GetParticipant", [&] { return Call(trials_, &T::GetParticipant, {}); }},
      {"ListParticipants", [&] { return Call(trials_, &T::ListParticipants, {}); }},
      {"DeleteParticipant", [&] { return Call(trials_, &T::DeleteParticipant, {}); }},
      {"CreateSession", [&] { return Call(trials_, &T::CreateSession, {}); }},
      {"GetSession", [&] { return Call(trials_, &T::GetSession, {}); }},
      {"ListSessions", [&] { return Call(trials_, &T::ListSessions, {}); }},
      {"DeleteSession", [&] { return Call(trials_, &T::DeleteSession, {}); }},
      {"CreateReport", [&] { return Call(reports_, &R::CreateReport, {}); }},
      {"GetReport", [&] { return Call(reports_, &R::GetReport, {}); }},
      {"ListReports", [&] { return Call(reports_, &R::ListReports, {}); }},
      {"RenderReport", [&] { return Call(reports_, &R::RenderReport, {}); }},
      {"GetOperation", [&] { return Call(routed_, &O::GetOperation, {}); }},
      {"CancelOperation", [&] { return Call(routed_, &O::CancelOperation, {}); }},
      {"RequeueOperation", [&] { return Call(routed_, &O::RequeueOperation, {}); }},
      {"WaitOperation", [&] { return Call(routed_, &O::WaitOperation, {}); }},
  };
  for (const auto& [method, call] : calls) {
    const absl::Status status = call();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << method << ": " << status;
    const auto detail = GetErrorDetail(status);
    ASSERT_TRUE(detail.has_value()) << method;
    EXPECT_EQ(detail->reason, "INVALID_FIELD") << method;
    ASSERT_FALSE(detail->violations.empty()) << method;
    EXPECT_FALSE(detail->violations[0].field.empty()) << method;
  }
  EXPECT_TRUE(Call(trials_, &T::ListTrials, {}).ok());      // all trials
  EXPECT_TRUE(Call(routed_, &O::ListOperations, {}).ok());  // all operations
  EXPECT_TRUE(submitter_.submitted.empty());
}

}  // namespace
}  // namespace plumbline::gateway
