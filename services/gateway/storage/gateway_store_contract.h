#ifndef PLUMBLINE_GATEWAY_STORAGE_GATEWAY_STORE_CONTRACT_H_
#define PLUMBLINE_GATEWAY_STORAGE_GATEWAY_STORE_CONTRACT_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "gateway/storage/gateway_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every store of the gateway must do. A test file instantiates the suite with factories; one that answers nullptr
// fails its tests.
namespace plumbline::gateway {

class StoreHarness {
 public:
  using Factory = std::function<std::unique_ptr<StoreHarness>()>;
  virtual ~StoreHarness() = default;
  virtual GatewayUnitOfWork& store() = 0;
};

class GatewayStoreContract : public ::testing::TestWithParam<StoreHarness::Factory> {
 protected:
  void SetUp() override {
    harness_ = GetParam()();
    ASSERT_NE(harness_, nullptr);
  }

  absl::Status Write(const std::function<absl::Status(GatewayWriter&)>& body) {
    return harness_->store()
        .Write({"ann", "Test/Write", "", "", absl::FromUnixSeconds(1)},
               [&](GatewayWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                 RETURN_IF_ERROR(body(writer));
                 return jobs::WriteResult{};
               })
        .status();
  }
  template <typename T>
  T Read(const std::function<absl::StatusOr<T>(GatewayReader&)>& body) {
    T out{};
    const absl::Status status = harness_->store().Read([&](GatewayReader& reader) -> absl::Status {
      ASSIGN_OR_RETURN(out, body(reader));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return out;
  }
  absl::Status ReadStatus(const std::function<absl::Status(GatewayReader&)>& body) {
    return harness_->store().Read(body);
  }

  static Trial NewTrial(const std::string& id) {
    Trial trial;
    trial.id = id;
    trial.title = "Trial \"" + id + "\" – north";
    trial.arms = {{"programme", "Programme"}, {"usual", ""}};
    trial.waves = {{"t2", "After"}, {"t1", "Before"}};  // order is the trial's, not the alphabet's
    trial.synthetic = true;
    trial.description = "Two\nlines";
    trial.create_time = absl::FromUnixMicros(1'700'000'000'123'456);
    trial.etag = "e1";
    return trial;
  }
  static Members NewMembers(const std::string& prefix) {
    Members members;
    members.authorities = {{prefix + "a1", "First", "x"}, {prefix + "a2", "Second", "x"}};
    members.teams = {{prefix + "t1", prefix + "a1", "programme", "Team one", "x"},
                     {prefix + "t2", prefix + "a1", "usual", "Team two", "x"}};
    members.participants = {{prefix + "s1", prefix + "t1", ParticipantKind::kSupervisor, "x"},
                            {prefix + "w1", prefix + "t1", ParticipantKind::kWorker, "x"},
                            {prefix + "f1", prefix + "t2", ParticipantKind::kFamily, "x"}};
    members.sessions = {{prefix + "r1", prefix + "t1", "t1", prefix + "s1", absl::Minutes(22), "x"},
                        {prefix + "r2", prefix + "t2", "t2", "", absl::ZeroDuration(), "x"}};
    return members;
  }
  absl::Status AddTrial(const std::string& id) {
    return Write([&](GatewayWriter& writer) -> absl::Status {
      RETURN_IF_ERROR(writer.InsertTrial(NewTrial(id)));
      return writer.InsertMembers(id, NewMembers(id + "-"));
    });
  }

  std::unique_ptr<StoreHarness> harness_;
};

TEST_P(GatewayStoreContract, KeepsATrialAsItWas) {
  ASSERT_TRUE(Write([](GatewayWriter& w) { return w.InsertTrial(NewTrial("north")); }).ok());
  EXPECT_EQ(Read<Trial>([](GatewayReader& r) { return r.GetTrial("north"); }), NewTrial("north"));

  const absl::Status taken = Write([](GatewayWriter& w) { return w.InsertTrial(NewTrial("north")); });
  EXPECT_EQ(taken.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(GetErrorDetail(taken)->metadata.at("resource"), "trials/north");
  const absl::Status missing = ReadStatus([](GatewayReader& r) { return r.GetTrial("south").status(); });
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorDetail(missing)->metadata.at("resource"), "trials/south");
}

TEST_P(GatewayStoreContract, ListsTrialsByIdInPages) {
  for (const char* id : {"b", "a-1", "a", "c"}) {
    ASSERT_TRUE(Write([&](GatewayWriter& w) { return w.InsertTrial(NewTrial(id)); }).ok());
  }
  const auto ids = [&](const std::string& after, int limit) {
    std::vector<std::string> out;
    for (const Trial& trial : Read<std::vector<Trial>>([&](GatewayReader& r) { return r.ListTrials(after, limit); })) {
      out.push_back(trial.id);
    }
    return out;
  };
  EXPECT_THAT(ids("", 0), ::testing::ElementsAre("a", "a-1", "b", "c"));
  EXPECT_THAT(ids("", 2), ::testing::ElementsAre("a", "a-1"));
  EXPECT_THAT(ids("a-1", 2), ::testing::ElementsAre("b", "c"));
  EXPECT_THAT(ids("c", 2), ::testing::IsEmpty());
}

TEST_P(GatewayStoreContract, UpdateReplacesArmsAndWaves) {
  ASSERT_TRUE(AddTrial("north").ok());
  Trial changed = NewTrial("north");
  changed.title = "Renamed";
  changed.arms.push_back({"third", "Third"});
  changed.waves = {{"t1", ""}, {"t2", ""}};
  changed.etag = "e2";
  ASSERT_TRUE(Write([&](GatewayWriter& w) { return w.UpdateTrial(changed); }).ok());
  EXPECT_EQ(Read<Trial>([](GatewayReader& r) { return r.GetTrial("north"); }), changed);
  EXPECT_EQ(Write([](GatewayWriter& w) { return w.UpdateTrial(NewTrial("south")); }).code(),
            absl::StatusCode::kNotFound);
  const TrialUse use = Read<TrialUse>([](GatewayReader& r) { return r.GetTrialUse("north"); });
  EXPECT_THAT(use.arms, ::testing::ElementsAre("programme", "usual"));
  EXPECT_THAT(use.waves, ::testing::ElementsAre("t1", "t2"));
}

TEST_P(GatewayStoreContract, KeepsMembersApartByTrial) {
  ASSERT_TRUE(AddTrial("north").ok());
  ASSERT_TRUE(AddTrial("south").ok());
  const Members expected = NewMembers("north-");
  EXPECT_EQ(Read<std::vector<Authority>>([](GatewayReader& r) { return r.ListAuthorities("north", "", 0); }),
            expected.authorities);
  EXPECT_EQ(Read<std::vector<Team>>([](GatewayReader& r) { return r.ListTeams("north", "", 0); }), expected.teams);
  EXPECT_EQ(Read<std::vector<Session>>([](GatewayReader& r) { return r.ListSessions("north", "", 0); }),
            expected.sessions);
  const auto participants =
      Read<std::vector<Participant>>([](GatewayReader& r) { return r.ListParticipants("north", "", 0); });
  EXPECT_THAT(participants, ::testing::UnorderedElementsAreArray(expected.participants));
  EXPECT_EQ(participants.front().id, "north-f1");  // by id
  EXPECT_THAT(Read<std::vector<Team>>([](GatewayReader& r) { return r.ListTeams("north", "north-t1", 1); }),
              ::testing::ElementsAre(expected.teams[1]));
  EXPECT_THAT(Read<std::vector<Team>>([](GatewayReader& r) {
                return r.FindTeams("north", {"north-t2", "south-t1", "nobody"});
              }),
              ::testing::ElementsAre(expected.teams[1]));
}

TEST_P(GatewayStoreContract, KnowsNamedIdsAndSessionsOfEveryTrial) {
  ASSERT_TRUE(AddTrial("north").ok());
  ASSERT_TRUE(AddTrial("south").ok());
  NamedIds ids;
  ids.authorities = {"north-a1", "south-a1"};
  ids.teams = {"north-t1", "nobody"};
  ids.participants = {"north-s1", "north-w1"};
  ids.sessions = {"north-r1", "south-r2", "nobody"};
  const KnownMembers known = Read<KnownMembers>([&](GatewayReader& r) { return r.FindKnown("north", ids); });
  EXPECT_THAT(known.authorities, ::testing::ElementsAre("north-a1"));
  EXPECT_THAT(known.teams, ::testing::ElementsAre("north-t1"));
  EXPECT_THAT(known.participants, ::testing::ElementsAre(::testing::Pair("north-s1", ParticipantKind::kSupervisor),
                                                         ::testing::Pair("north-w1", ParticipantKind::kWorker)));
  EXPECT_THAT(known.session_trials,
              ::testing::ElementsAre(::testing::Pair("north-r1", "north"), ::testing::Pair("south-r2", "south")));
}

TEST_P(GatewayStoreContract, FindsMoreIdsThanOneQueryTakes) {
  ASSERT_TRUE(AddTrial("north").ok());
  Members many;
  std::set<std::string> ids;
  for (int i = 0; i < 1001; ++i) {
    many.participants.push_back({"p" + std::to_string(i), "north-t1", ParticipantKind::kWorker, "x"});
    ids.insert(many.participants.back().id);
  }
  ASSERT_TRUE(Write([&](GatewayWriter& w) { return w.InsertMembers("north", many); }).ok());
  const auto found = Read<std::vector<Participant>>([&](GatewayReader& r) { return r.FindParticipants("north", ids); });
  ASSERT_EQ(found.size(), 1001u);
  EXPECT_TRUE(std::is_sorted(found.begin(), found.end(),
                             [](const Participant& a, const Participant& b) { return a.id < b.id; }));
}

TEST_P(GatewayStoreContract, WhatIsInUseStays) {
  ASSERT_TRUE(AddTrial("north").ok());
  const auto reason = [](const absl::Status& status) {
    const auto detail = GetErrorDetail(status);
    return detail.has_value() ? detail->reason : status.ToString();
  };
  EXPECT_EQ(reason(Write([](GatewayWriter& w) { return w.DeleteTrial("north"); })), "TRIAL_IN_USE");
  EXPECT_EQ(reason(Write([](GatewayWriter& w) { return w.DeleteAuthority("north", "north-a1"); })), "AUTHORITY_IN_USE");
  EXPECT_EQ(reason(Write([](GatewayWriter& w) { return w.DeleteTeam("north", "north-t1"); })), "TEAM_IN_USE");

  ASSERT_TRUE(Write([](GatewayWriter& w) -> absl::Status {
                RETURN_IF_ERROR(w.DeleteSession("north", "north-r1"));
                RETURN_IF_ERROR(w.DeleteSession("north", "north-r2"));
                for (const char* id : {"north-s1", "north-w1", "north-f1"}) {
                  RETURN_IF_ERROR(w.DeleteParticipant("north", id, "y").status());
                }
                for (const char* id : {"north-t1", "north-t2"}) RETURN_IF_ERROR(w.DeleteTeam("north", id));
                for (const char* id : {"north-a1", "north-a2"}) RETURN_IF_ERROR(w.DeleteAuthority("north", id));
                return w.DeleteTrial("north");
              }).ok());
  EXPECT_EQ(ReadStatus([](GatewayReader& r) { return r.GetTrial("north").status(); }).code(),
            absl::StatusCode::kNotFound);
}

TEST_P(GatewayStoreContract, DeletingWhatIsNotThereIsNotFound) {
  ASSERT_TRUE(AddTrial("north").ok());
  ASSERT_TRUE(AddTrial("south").ok());
  const auto code = [&](const std::function<absl::Status(GatewayWriter&)>& body) { return Write(body).code(); };
  const absl::StatusCode not_found = absl::StatusCode::kNotFound;
  EXPECT_EQ(code([](GatewayWriter& w) { return w.DeleteTrial("west"); }), not_found);
  EXPECT_EQ(code([](GatewayWriter& w) { return w.DeleteAuthority("north", "south-a2"); }), not_found);
  EXPECT_EQ(code([](GatewayWriter& w) { return w.DeleteTeam("north", "nobody"); }), not_found);
  EXPECT_EQ(code([](GatewayWriter& w) { return w.DeleteParticipant("north", "south-s1", "y").status(); }), not_found);
  EXPECT_EQ(code([](GatewayWriter& w) { return w.DeleteSession("north", "south-r1"); }), not_found);
  EXPECT_EQ(Read<std::vector<Session>>([](GatewayReader& r) { return r.ListSessions("south", "", 0); }).size(), 2u);
}

TEST_P(GatewayStoreContract, ASupervisorWhoLeavesIsTakenOffTheirSessions) {
  ASSERT_TRUE(AddTrial("north").ok());
  int changed = -1;
  ASSERT_TRUE(Write([&](GatewayWriter& w) -> absl::Status {
                ASSIGN_OR_RETURN(changed, w.DeleteParticipant("north", "north-s1", "new"));
                return absl::OkStatus();
              }).ok());
  EXPECT_EQ(changed, 1);
  const auto sessions = Read<std::vector<Session>>([](GatewayReader& r) { return r.ListSessions("north", "", 0); });
  EXPECT_EQ(sessions[0].supervisor, "");
  EXPECT_EQ(sessions[0].etag, "new");
  EXPECT_EQ(sessions[1].etag, "x");
}

TEST_P(GatewayStoreContract, AFailedWriteLeavesNothing) {
  ASSERT_TRUE(AddTrial("north").ok());
  const absl::Status failed = Write([](GatewayWriter& w) -> absl::Status {
    Members members;
    members.authorities = {{"new", "New", "x"}};
    RETURN_IF_ERROR(w.InsertMembers("north", members));
    return absl::FailedPreconditionError("changed my mind");
  });
  EXPECT_EQ(failed.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(
      Read<std::vector<Authority>>([](GatewayReader& r) { return r.FindAuthorities("north", {"new"}); }).empty());
}

TEST_P(GatewayStoreContract, ReportsAreNewestFirstAndKeptAsTheyWere) {
  ASSERT_TRUE(AddTrial("north").ok());
  const auto report = [](const std::string& id, int second) {
    return StoredReport{"north", id, absl::FromUnixSeconds(second), std::string("head\0", 5) + id,
                        std::string("\xff\0body", 6)};
  };
  for (const StoredReport& r : {report("b", 10), report("a", 20), report("c", 10)}) {
    ASSERT_TRUE(Write([&](GatewayWriter& w) { return w.InsertReport(r); }).ok());
  }
  EXPECT_EQ(Read<StoredReport>([](GatewayReader& r) { return r.GetReport("north", "b"); }), report("b", 10));
  StoredReport again = report("b", 30);
  again.body = "other";
  ASSERT_TRUE(Write([&](GatewayWriter& w) { return w.InsertReport(again); }).ok());
  EXPECT_EQ(Read<StoredReport>([](GatewayReader& r) { return r.GetReport("north", "b"); }).body, report("b", 10).body);

  const auto ids = [&](absl::Time before, const std::string& id, int limit) {
    std::vector<std::string> out;
    for (const StoredReport& r : Read<std::vector<StoredReport>>(
             [&](GatewayReader& reader) { return reader.ListReports("north", before, id, limit); })) {
      EXPECT_EQ(r.body, "");
      EXPECT_EQ(r.head, std::string("head\0", 5) + r.id);
      out.push_back(r.id);
    }
    return out;
  };
  const absl::Time end = absl::FromUnixSeconds(4'000'000'000);
  EXPECT_THAT(ids(end, "", 10), ::testing::ElementsAre("a", "c", "b"));
  EXPECT_THAT(ids(end, "", 2), ::testing::ElementsAre("a", "c"));
  EXPECT_THAT(ids(absl::FromUnixSeconds(10), "c", 2), ::testing::ElementsAre("b"));
  const absl::Status missing = ReadStatus([](GatewayReader& r) { return r.GetReport("north", "z").status(); });
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
}

}  // namespace plumbline::gateway

#endif  // PLUMBLINE_GATEWAY_STORAGE_GATEWAY_STORE_CONTRACT_H_
