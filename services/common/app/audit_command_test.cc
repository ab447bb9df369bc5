#include "common/app/audit_command.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/jobs/queue.h"

namespace plumbline::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

jobs::AuditReport OneLeftOneRepaired() {
  return {.findings = {{jobs::kOperationWithoutJob, "coding-a", "PENDING after 0 claims", true},
                       {jobs::kActiveWithoutLease, "coding-b", "says \"never\"", false}},
          .operations = 12,
          .jobs = 11,
          .leftovers = 3};
}

TEST(AuditCommandTest, TextNamesEveryFindingAndCountsThem) {
  const std::string text = AuditText("coding", OneLeftOneRepaired(), false);
  EXPECT_THAT(text, HasSubstr("repaired OPERATION_WITHOUT_JOB coding-a: PENDING after 0 claims\n"));
  EXPECT_THAT(text, HasSubstr("left     ACTIVE_WITHOUT_LEASE coding-b: says \"never\"\n"));
  EXPECT_THAT(text,
              HasSubstr("coding: 12 unfinished operations and 11 jobs looked at: 2 findings, 1 repaired, 1 left\n"));
  EXPECT_THAT(text, HasSubstr("3 jobs of finished operations in the queue"));
  EXPECT_THAT(text, HasSubstr("--repair"));
  EXPECT_THAT(AuditText("coding", OneLeftOneRepaired(), true), Not(HasSubstr("--repair")));
  EXPECT_EQ(AuditText("coding", {}, false), "coding: 0 unfinished operations and 0 jobs looked at: nothing wrong\n");
}

TEST(AuditCommandTest, JsonIsOneObjectOnOneLine) {
  EXPECT_EQ(AuditJson("coding", OneLeftOneRepaired()),
            "{\"service\":\"coding\",\"operations\":12,\"jobs\":11,\"leftovers\":3,\"findings\":["
            "{\"invariant\":\"OPERATION_WITHOUT_JOB\",\"id\":\"coding-a\",\"detail\":\"PENDING after 0 claims\","
            "\"repaired\":true},"
            "{\"invariant\":\"ACTIVE_WITHOUT_LEASE\",\"id\":\"coding-b\",\"detail\":\"says \\\"never\\\"\","
            "\"repaired\":false}]}\n");
}

TEST(AuditCommandTest, TheExitCodeSaysWhetherFindingsAreLeft) {
  jobs::AuditReport report = OneLeftOneRepaired();
  EXPECT_EQ(AuditExitCode(report), kAuditLeft);
  report.findings.pop_back();
  EXPECT_EQ(AuditExitCode(report), kAuditClean);
  EXPECT_EQ(AuditExitCode({}), kAuditClean);
}

TEST(AuditCommandTest, WhatCannotBeAskedIsNeitherCleanNorAFinding) {
  std::ostringstream out, err;
  const Env empty([](const std::string&) { return std::nullopt; });
  EXPECT_EQ(RunAudit({.service = "coding"}, empty, SystemClock(), out, err), kAuditFailed);
  EXPECT_EQ(out.str(), "");
  EXPECT_THAT(err.str(), HasSubstr("PLUMBLINE_DATABASE_URL"));
}

TEST(AuditCommandTest, HelpTellsEveryInvariant) {
  const std::string help = AuditHelp();
  for (const char* name :
       {jobs::kOperationWithoutJob, jobs::kParentWithoutLiveChild, jobs::kChildOfFinishedParent,
        jobs::kJobWithoutOperation, jobs::kJobWithoutPlace, jobs::kActiveWithoutLease, jobs::kPlaceWithoutJob,
        jobs::kJobInTwoPlaces, jobs::kPayloadWithoutJob, jobs::kJobUnreadable}) {
    EXPECT_THAT(help, HasSubstr(name));
  }
}

}  // namespace
}  // namespace plumbline::app
