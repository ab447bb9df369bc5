#include "common/jobs/simulation/simulation.h"

#include <gtest/gtest.h>

#include <set>

#include "common/base/log.h"

namespace plumbline::jobs::simulation {
namespace {

class SimulationTest : public ::testing::Test {
 protected:
  SimulationTest() { log::SetLevel("off"); }
  ~SimulationTest() override { log::SetLevel("info"); }

  Crew crew_;
};

TEST_F(SimulationTest, InvariantsHoldWhateverGoesWrong) {
  constexpr uint64_t kSeeds = 600;
  FaultCounts faults{};
  Outcome outcome;
  for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
    const RunResult result = RunSeed(crew_, {.seed = seed, .bug = Bug::kNone, .trace = false});
    ASSERT_EQ(result.violation, "") << "replay: queue_simulation --seed " << seed << " --trace";
    for (size_t i = 0; i < kFaults; ++i) faults[i] += result.faults[i];
    outcome.Add(result.outcome);
  }
  for (size_t i = 0; i < kFaults; ++i) EXPECT_GT(faults[i], 0) << ToString(static_cast<Fault>(i)) << " never happened";
  for (const auto& [name, count] : outcome.Named()) EXPECT_GT(count, 0) << name;
}

TEST_F(SimulationTest, ASeedIsTheSameEveryTime) {
  std::set<uint64_t> fingerprints;
  for (uint64_t seed = 1; seed <= 10; ++seed) {
    const RunResult once = RunSeed(crew_, {.seed = seed, .bug = Bug::kNone, .trace = true});
    Crew other;
    const RunResult again = RunSeed(other, {.seed = seed, .bug = Bug::kNone, .trace = true});
    EXPECT_EQ(once.trace, again.trace) << "seed " << seed;
    EXPECT_EQ(once.fingerprint, again.fingerprint) << "seed " << seed;
    EXPECT_EQ(once.steps, again.steps) << "seed " << seed;
    fingerprints.insert(once.fingerprint);
  }
  EXPECT_EQ(fingerprints.size(), 10U) << "seeds do not differ";
}

class BugTest : public SimulationTest, public ::testing::WithParamInterface<BugName> {};

TEST_P(BugTest, IsFoundAndReplayed) {
  constexpr uint64_t kSeeds = 2000;
  RunOptions options = {.seed = 0, .bug = GetParam().bug, .trace = false};
  RunResult found;
  while (found.violation.empty() && options.seed < kSeeds) {
    ++options.seed;
    found = RunSeed(crew_, options);
  }
  ASSERT_NE(found.violation, "") << GetParam().what << ": not found in " << kSeeds << " seeds";
  options.trace = true;
  const RunResult again = RunSeed(crew_, options);
  EXPECT_EQ(again.violation, found.violation);
  EXPECT_EQ(again.fingerprint, found.fingerprint);
  EXPECT_FALSE(again.trace.empty());
  const RunResult without = RunSeed(crew_, {.seed = options.seed, .bug = Bug::kNone, .trace = false});
  EXPECT_EQ(without.violation, "") << "seed " << options.seed << " fails without the bug as well";
}

INSTANTIATE_TEST_SUITE_P(Simulation, BugTest, ::testing::ValuesIn(Bugs()), [](const auto& test) {
  std::string name = test.param.name;
  for (char& c : name) {
    if (c == '-') c = '_';
  }
  return name;
});

}  // namespace
}  // namespace plumbline::jobs::simulation
