#include "common/operations/write.h"

#include <map>
#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/jobs/fake_operation_store.h"
#include "common/testing/fake_unit_of_work.h"
#include "gtest/gtest.h"
#include "plumbline/common/v1/operations.pb.h"

namespace plumbline::operations {
namespace {

namespace v1 = common::v1;

using Names = std::map<std::string, int>;
struct NameReader {};
struct NameWriter {
  Names& names;
};

// Has room for so many operations.
class LimitedSubmitter : public jobs::Submitter {
 public:
  explicit LimitedSubmitter(int room) : room_(room) {}
  void Submit(const jobs::OperationDraft& operation) override { submitted.push_back(operation.id); }
  absl::Status Admit(int operations) override {
    asked.push_back(operations);
    return operations <= room_ ? absl::OkStatus() : absl::ResourceExhaustedError("the job queue is full");
  }
  std::vector<std::string> submitted;
  std::vector<int> asked;

 private:
  const int room_;
};

class WriteTest : public ::testing::Test {
 protected:
  // A handler that sets a name and starts `operations` operations.
  absl::Status Handle(jobs::Submitter& submitter, int operations) {
    rpc::Call call;
    call.method = "S/Set";
    call.actor = "ann";
    v1::GetOperationRequest request;
    v1::GetOperationResponse response;
    return Write<NameReader, NameWriter, v1::GetOperationResponse>(
        unit_, submitter, call, request, response,
        [&](NameWriter& writer, v1::GetOperationResponse&, jobs::WriteResult& result) -> absl::Status {
          writer.names["a"] = 1;
          for (int i = 0; i < operations; ++i) result.operations.push_back({"op-" + std::to_string(i), "k", "", ""});
          return absl::OkStatus();
        });
  }

  jobs::FakeOperationStore store_;
  testing::FakeUnitOfWork<NameReader, NameWriter, Names> unit_{
      store_, [](const Names&) { return std::make_unique<NameReader>(); },
      [](Names& names) { return std::make_unique<NameWriter>(NameWriter{names}); }};
};

TEST_F(WriteTest, OperationsAreAdmittedRecordedAndSubmitted) {
  LimitedSubmitter submitter(2);
  ASSERT_TRUE(Handle(submitter, 2).ok());
  EXPECT_EQ(submitter.asked, std::vector<int>{2});
  EXPECT_EQ(submitter.submitted, (std::vector<std::string>{"op-0", "op-1"}));
  EXPECT_TRUE(store_.Get("op-1").ok());
}

TEST_F(WriteTest, AFullQueueRefusesTheWholeRequest) {
  LimitedSubmitter submitter(1);
  EXPECT_TRUE(absl::IsResourceExhausted(Handle(submitter, 2)));
  EXPECT_TRUE(unit_.state().empty());
  EXPECT_TRUE(absl::IsNotFound(store_.Get("op-0").status()));
  EXPECT_TRUE(submitter.submitted.empty());
}

TEST_F(WriteTest, WithoutOperationsTheQueueIsNotAsked) {
  LimitedSubmitter submitter(0);
  EXPECT_TRUE(Handle(submitter, 0).ok());
  EXPECT_TRUE(submitter.asked.empty());
  EXPECT_EQ(unit_.state().at("a"), 1);
}

}  // namespace
}  // namespace plumbline::operations
