#include "gateway/service/merged_operations.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::gateway {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace pb = common::v1;

// One service's list in memory. Its tokens hold characters that tokens of tokens must keep.
class List {
 public:
  void Add(const std::string& name, int64_t seconds, int32_t nanos = 0) {
    pb::Operation operation;
    operation.set_name(name);
    operation.mutable_create_time()->set_seconds(seconds);
    operation.mutable_create_time()->set_nanos(nanos);
    operations_.push_back(operation);
    std::sort(operations_.begin(), operations_.end(), [](const pb::Operation& a, const pb::Operation& b) {
      const auto key = [](const pb::Operation& o) {
        return std::make_tuple(o.create_time().seconds(), o.create_time().nanos(), o.name());
      };
      return key(a) > key(b);
    });
  }
  OperationLister Lister() {
    return [this](const pb::ListOperationsRequest& request) -> absl::StatusOr<pb::ListOperationsResponse> {
      ++asked;
      if (!error.ok()) return error;
      auto from = operations_.begin();
      if (!request.page_token().empty()) {
        const std::string last = request.page_token().substr(std::string(kMark).size());
        from = std::find_if(from, operations_.end(), [&](const pb::Operation& o) { return o.name() == last; }) + 1;
      }
      pb::ListOperationsResponse page;
      for (; from != operations_.end() && page.operations_size() < request.page_size(); ++from) {
        *page.add_operations() = *from;
      }
      if (from != operations_.end()) {
        page.set_next_page_token(absl::StrCat(kMark, page.operations(page.operations_size() - 1).name()));
      }
      return page;
    };
  }

  int asked = 0;
  absl::Status error;

 private:
  static constexpr char kMark[] = ". \n";
  std::vector<pb::Operation> operations_;
};

class MergedOperationsTest : public ::testing::Test {
 protected:
  // Names of one page; `token_` goes on.
  std::vector<std::string> Page(int size) {
    pb::ListOperationsRequest request;
    request.set_page_token(token_);
    const auto page = MergeOperations({a_.Lister(), b_.Lister(), c_.Lister()}, request, size);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> names;
    if (!page.ok()) return names;
    for (const auto& operation : page->operations()) names.push_back(operation.name());
    token_ = page->next_page_token();
    return names;
  }
  std::vector<std::string> AllPages(int size) {
    std::vector<std::string> all;
    token_ = "";
    do {
      const std::vector<std::string> page = Page(size);
      if (!token_.empty()) {  // full but the last
        EXPECT_EQ(page.size(), static_cast<size_t>(size));
      }
      all.insert(all.end(), page.begin(), page.end());
    } while (!token_.empty() && all.size() < 1000);
    return all;
  }

  List a_, b_, c_;
  std::string token_;
};

TEST_F(MergedOperationsTest, OneOrderForEveryPageSize) {
  a_.Add("a-1", 10);
  a_.Add("a-2", 30);
  a_.Add("a-3", 30, 5);
  a_.Add("a-4", 60);
  b_.Add("b-1", 5);
  b_.Add("b-2", 30);
  b_.Add("b-3", 31);
  for (int size = 1; size <= 9; ++size) {
    EXPECT_THAT(AllPages(size), ElementsAre("a-4", "b-3", "a-3", "b-2", "a-2", "a-1", "b-1")) << size;
  }
}

TEST_F(MergedOperationsTest, ManyOfOneServiceAreReadPageByPage) {
  std::vector<std::string> expected;
  for (int i = 99; i >= 10; --i) {
    List& list = i % 10 == 0 ? c_ : a_;
    list.Add(absl::StrCat(i), i);
    expected.push_back(absl::StrCat(i));
  }
  EXPECT_EQ(AllPages(7), expected);
  const int pages = 90 / 7 + 1;
  EXPECT_LE(a_.asked, 2 * pages);
  EXPECT_EQ(b_.asked, 1);  // at its end, it is not asked again
}

TEST_F(MergedOperationsTest, OperationsAcceptedBetweenPagesNeitherRepeatNorHideOthers) {
  for (int i = 1; i <= 4; ++i) a_.Add(absl::StrCat("a-", i), i);
  b_.Add("b-1", 1);
  EXPECT_THAT(Page(2), ElementsAre("a-4", "a-3"));
  for (int i = 5; i <= 9; ++i) a_.Add(absl::StrCat("a-", i), i);
  b_.Add("b-9", 9);
  c_.Add("c-9", 9);
  EXPECT_THAT(Page(2), ElementsAre("a-2", "b-1"));
  EXPECT_THAT(Page(2), ElementsAre("a-1"));
  EXPECT_EQ(token_, "");
}

TEST_F(MergedOperationsTest, WithoutOperationsThePageIsEmptyAndTheLast) {
  EXPECT_THAT(Page(5), IsEmpty());
  EXPECT_EQ(token_, "");
}

TEST_F(MergedOperationsTest, AnErrorOfAServiceEndsTheList) {
  a_.Add("a-1", 1);
  c_.error = absl::UnavailableError("down");
  EXPECT_EQ(MergeOperations({a_.Lister(), b_.Lister(), c_.Lister()}, {}, 5).status(), c_.error);
}

TEST_F(MergedOperationsTest, ATokenIsOnlyGoodForItsList) {
  for (int i = 1; i <= 3; ++i) a_.Add(absl::StrCat("a-", i), i);
  Page(1);
  ASSERT_NE(token_, "");
  const auto refused = [&](const std::string& target, const std::string& token,
                           const std::vector<OperationLister>& services) {
    pb::ListOperationsRequest request;
    request.set_target(target);
    request.set_page_token(token);
    const absl::Status status = MergeOperations(services, request, 1).status();
    const auto detail = GetErrorDetail(status);
    return status.code() == absl::StatusCode::kInvalidArgument && detail && detail->violations[0].field == "page_token";
  };
  const std::vector<OperationLister> services = {a_.Lister(), b_.Lister(), c_.Lister()};
  EXPECT_FALSE(refused("", token_, services));
  EXPECT_TRUE(refused("other", token_, services));
  EXPECT_TRUE(refused("", "x", services));
  EXPECT_TRUE(refused("", token_, {a_.Lister(), b_.Lister()}));
}

}  // namespace
}  // namespace plumbline::gateway
