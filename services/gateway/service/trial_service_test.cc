#include <string>
#include <vector>

#include "gateway/service/test_fixture.h"
#include "google/protobuf/util/message_differencer.h"

// Trials and their members.
namespace plumbline::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST_F(GatewayTest, ATrialIsCreatedReadListedChangedAndDeleted) {
  v1::CreateTrialResponse created;
  ASSERT_TRUE(CreateTrial("north", &created).ok());
  EXPECT_EQ(created.trial().name(), "trials/north");
  EXPECT_FALSE(created.trial().etag().empty());
  EXPECT_TRUE(created.trial().synthetic());
  EXPECT_EQ(CreateTrial("north").code(), absl::StatusCode::kAlreadyExists);

  v1::UpdateTrialRequest update;
  *update.mutable_trial() = created.trial();
  update.mutable_trial()->set_title("Renamed");
  update.mutable_trial()->clear_arms();
  update.mutable_update_mask()->add_paths("title");
  v1::UpdateTrialResponse updated;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::UpdateTrial, update, &updated).ok());
  EXPECT_EQ(updated.trial().title(), "Renamed");
  EXPECT_EQ(updated.trial().arms_size(), 2);
  EXPECT_NE(updated.trial().etag(), created.trial().etag());
  const absl::Status stale = Call(trials_, &v1::TrialService::Stub::UpdateTrial, update);
  EXPECT_EQ(stale.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetErrorDetail(stale)->reason, "STALE_ETAG");
  update.mutable_update_mask()->set_paths(0, "synthetic");
  update.mutable_trial()->set_etag(updated.trial().etag());
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::UpdateTrial, update).code(), absl::StatusCode::kInvalidArgument);

  v1::DeleteTrialRequest remove;
  remove.set_name("trials/north");
  EXPECT_TRUE(Call(trials_, &v1::TrialService::Stub::DeleteTrial, remove).ok());
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::DeleteTrial, remove).code(), absl::StatusCode::kNotFound);
}

TEST_F(GatewayTest, ArmsInUseStay) {
  FillTrial();
  v1::UpdateTrialRequest update;
  *update.mutable_trial() = NewTrial();
  update.mutable_trial()->set_name("trials/north");
  update.mutable_trial()->mutable_arms()->RemoveLast();
  const absl::Status status = Call(trials_, &v1::TrialService::Stub::UpdateTrial, update);
  EXPECT_EQ(GetErrorDetail(status)->reason, "ARM_IN_USE");
  v1::DeleteTrialRequest remove;
  remove.set_name("trials/north");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::DeleteTrial, remove))->reason, "TRIAL_IN_USE");
}

TEST_F(GatewayTest, ABatchIsStoredWholeOrNotAtAll) {
  ASSERT_TRUE(CreateTrial("north").ok());
  v1::BatchCreateMembersRequest bad = Batch();
  bad.mutable_sessions(1)->set_wave("t9");
  const absl::Status refused = Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, bad);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorDetail(refused)->violations[0].field, "sessions[1].wave");
  v1::ListAuthoritiesRequest list;
  list.set_parent("trials/north");
  v1::ListAuthoritiesResponse authorities;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::ListAuthorities, list, &authorities).ok());
  EXPECT_EQ(authorities.authorities_size(), 0);

  bad = Batch();
  bad.mutable_teams(0)->set_name("trials/south/teams/a");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, bad))->violations[0].field,
            "teams[0].name");

  v1::BatchCreateMembersResponse response;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, Batch(), &response).ok());
  EXPECT_EQ(response.created_count(), 8);
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, Batch()).code(),
            absl::StatusCode::kAlreadyExists);
}

TEST_F(GatewayTest, RepeatingARequestIdGivesTheFirstAnswer) {
  ASSERT_TRUE(CreateTrial("north").ok());
  v1::BatchCreateMembersRequest request = Batch();
  request.set_request_id("once");
  v1::BatchCreateMembersResponse first, second;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request, &first).ok());
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request, &second).ok());
  EXPECT_EQ(second.created_count(), first.created_count());
  request.mutable_authorities(0)->set_title("Other");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request))->reason,
            "REQUEST_ID_REUSED");
}

TEST_F(GatewayTest, ASessionIdBelongsToOneTrial) {
  FillTrial();
  ASSERT_TRUE(CreateTrial("south").ok());
  v1::BatchCreateMembersRequest request;
  request.set_parent("trials/south");
  auto* authority = request.add_authorities();
  authority->set_name("trials/south/authorities/leeds");
  authority->set_title("Leeds");
  auto* team = request.add_teams();
  team->set_name("trials/south/teams/a");
  team->set_authority("leeds");
  team->set_arm("usual");
  team->set_title("A");
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::BatchCreateMembers, request).ok());
  v1::CreateSessionRequest session;
  session.set_parent("trials/south");
  session.set_session_id("r1");
  session.mutable_session()->set_team("a");
  session.mutable_session()->set_wave("t1");
  const absl::Status status = Call(trials_, &v1::TrialService::Stub::CreateSession, session);
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(status)->metadata.at("resource"), "trials/north/sessions/r1");
}

TEST_F(GatewayTest, MembersAreCreatedReadPagedAndDeletedOneByOne) {
  FillTrial();
  v1::CreateSessionRequest create;
  create.set_parent("trials/north");
  create.set_session_id("r3");
  create.mutable_session()->set_team("a");
  create.mutable_session()->set_wave("t2");
  create.mutable_session()->set_supervisor("s1");
  create.mutable_session()->mutable_duration()->set_seconds(60);
  create.mutable_session()->mutable_duration()->set_nanos(1500);
  v1::CreateSessionResponse created;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::CreateSession, create, &created).ok());
  v1::GetSessionRequest get;
  get.set_name("trials/north/sessions/r3");
  v1::GetSessionResponse got;
  ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::GetSession, get, &got).ok());
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(got.session(), created.session()));
  EXPECT_EQ(got.session().duration().nanos(), 1000);

  std::vector<std::string> names;
  v1::ListSessionsRequest list;
  list.set_parent("trials/north");
  list.set_page_size(2);
  do {
    v1::ListSessionsResponse page;
    ASSERT_TRUE(Call(trials_, &v1::TrialService::Stub::ListSessions, list, &page).ok());
    EXPECT_LE(page.sessions_size(), 2);
    for (const auto& session : page.sessions()) names.push_back(session.name());
    list.set_page_token(page.next_page_token());
  } while (!list.page_token().empty());
  EXPECT_THAT(names, ElementsAre("trials/north/sessions/r1", "trials/north/sessions/r2", "trials/north/sessions/r3"));

  list.set_page_token("bm90IG91cnM");
  EXPECT_EQ(GetErrorDetail(Call(trials_, &v1::TrialService::Stub::ListSessions, list))->violations[0].field,
            "page_token");

  v1::DeleteSessionRequest remove;
  remove.set_name("trials/north/sessions/r3");
  remove.set_etag("stale");
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::DeleteSession, remove).code(), absl::StatusCode::kAborted);
  remove.set_etag(created.session().etag());
  EXPECT_TRUE(Call(trials_, &v1::TrialService::Stub::DeleteSession, remove).ok());
  EXPECT_EQ(Call(trials_, &v1::TrialService::Stub::GetSession, get).code(), absl::StatusCode::kNotFound);
}

TEST_F(GatewayTest, WrongWaveNamesPlaceValueAndRule) {
  FillTrial();
  v1::CreateSessionRequest create;
  create.set_parent("trials/north");
  create.set_session_id("r9");
  create.mutable_session()->set_team("a");
  create.mutable_session()->set_wave("t7");
  const absl::Status status = Call(trials_, &v1::TrialService::Stub::CreateSession, create);
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  const FieldViolation violation = GetErrorDetail(status)->violations[0];
  EXPECT_EQ(violation.field, "session.wave");
  EXPECT_THAT(violation.description, HasSubstr("t7"));
  EXPECT_THAT(violation.description, HasSubstr("t1, t2"));
}

}  // namespace
}  // namespace plumbline::gateway
