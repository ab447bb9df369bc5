#include "common/jobs/unit_of_work.h"

#include <map>

#include "common/jobs/operation_family_contract.h"
#include "common/jobs/operation_upkeep_contract.h"
#include "common/jobs/unit_of_work_contract.h"
#include "common/testing/fake_unit_of_work.h"

namespace plumbline::jobs {
namespace {

using Numbers = std::map<std::string, int64_t>;

class FakeReader : public NumberReader {
 public:
  explicit FakeReader(const Numbers& numbers) : numbers_(numbers) {}
  absl::StatusOr<int64_t> Get(const std::string& name) override {
    const auto it = numbers_.find(name);
    return it == numbers_.end() ? 0 : it->second;
  }

 private:
  const Numbers& numbers_;
};

class FakeWriter : public NumberWriter {
 public:
  explicit FakeWriter(Numbers& numbers) : numbers_(numbers) {}
  absl::StatusOr<int64_t> Get(const std::string& name) override { return FakeReader(numbers_).Get(name); }
  absl::Status Set(const std::string& name, int64_t number) override {
    numbers_[name] = number;
    return absl::OkStatus();
  }

 private:
  Numbers& numbers_;
};

class FakeHarness : public UnitOfWorkHarness {
 public:
  NumberUnitOfWork& unit() override { return unit_; }
  OperationStore& operations() override { return operations_; }
  std::vector<std::string> Audit() override {
    std::vector<std::string> lines;
    for (const auto& line : unit_.audit()) {
      lines.push_back(line.actor + " " + line.method + " " + line.entry.action + " " + line.entry.resource +
                      (line.entry.detail.empty() ? "" : " " + line.entry.detail));
    }
    for (const auto& line : operations_.audit()) {
      lines.push_back(line.actor + " " + line.method + " " + line.entry.action + " " + line.entry.resource + " " +
                      line.entry.detail);
    }
    return lines;
  }

 private:
  FakeOperationStore operations_;
  plumbline::testing::FakeUnitOfWork<NumberReader, NumberWriter, Numbers> unit_{
      operations_, [](const Numbers& numbers) { return std::make_unique<FakeReader>(numbers); },
      [](Numbers& numbers) { return std::make_unique<FakeWriter>(numbers); }};
};

INSTANTIATE_TEST_SUITE_P(Fake, UnitOfWorkContract,
                         ::testing::Values(UnitOfWorkHarness::Factory([] { return std::make_unique<FakeHarness>(); })));
INSTANTIATE_TEST_SUITE_P(Fake, OperationFamilyContract,
                         ::testing::Values(UnitOfWorkHarness::Factory([] { return std::make_unique<FakeHarness>(); })));
INSTANTIATE_TEST_SUITE_P(Fake, OperationUpkeepContract,
                         ::testing::Values(UnitOfWorkHarness::Factory([] { return std::make_unique<FakeHarness>(); })));

}  // namespace
}  // namespace plumbline::jobs
