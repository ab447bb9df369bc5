#include "cli/role_labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plumbline::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RoleLabelsTest, TellsWhoIsInNoFile) {
  RoleLabels labels({"Nobody", "Jo", "anna smith"});
  labels.See("Supervisor: How is it?\nJo: Fine.\nSupervisor: And then?\nJo: Better.\n");
  EXPECT_THAT(labels.Unseen(), ElementsAre("Nobody", "anna smith"));
  labels.See("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna Smith>Good.\n");
  EXPECT_THAT(labels.Unseen(), ElementsAre("Nobody"));
}

// As an import compares them: without case and punctuation, and a label without a number stands for numbered ones.
TEST(RoleLabelsTest, LabelsAreComparedAsAnImportComparesThem) {
  RoleLabels labels({"speaker", "Speaker 1"});
  labels.See("Speaker 2: How is it?\nSpeaker 3: Fine.\n");
  EXPECT_THAT(labels.Unseen(), ElementsAre("Speaker 1"));
}

TEST(RoleLabelsTest, OfAFileThatCannotBeReadNothingIsSaid) {
  RoleLabels labels({"Jo"});
  labels.See("");
  EXPECT_THAT(labels.Unseen(), IsEmpty());
}

}  // namespace
}  // namespace plumbline::cli
