#include "absl/strings/escaping.h"
#include "common/jobs/operation_family_contract.h"
#include "common/jobs/operation_upkeep_contract.h"
#include "common/jobs/sql_databases_test_util.h"
#include "common/jobs/sql_harness.h"
#include "common/jobs/sql_status_codec.h"

namespace plumbline::jobs {
namespace {

using plumbline::testing::PostgresServer;

// The suites' names by their place below.
template <typename ParamInfo>
std::string Name(const ParamInfo& backend) {
  return std::vector<std::string>{"SqliteFile", "SqliteMemory", "Postgres"}.at(backend.index);
}

template <typename Interface>
std::vector<std::function<std::unique_ptr<Interface>()>> Backends() {
  std::vector<std::function<std::unique_ptr<Interface>()>> backends = {
      [] { return SqlHarness::Make<Interface>(SqliteOptions()); },
      [] { return SqlHarness::Make<Interface>(MemoryOptions()); }};
  if (PostgresServer::SkipReason().empty()) {
    backends.push_back([] { return SqlHarness::Make<Interface>(PostgresOptions()); });
  }
  return backends;
}

INSTANTIATE_TEST_SUITE_P(Sql, UnitOfWorkContract, ::testing::ValuesIn(Backends<UnitOfWorkHarness>()),
                         [](const auto& backend) { return Name(backend); });
INSTANTIATE_TEST_SUITE_P(Sql, OperationFamilyContract, ::testing::ValuesIn(Backends<UnitOfWorkHarness>()),
                         [](const auto& backend) { return Name(backend); });
INSTANTIATE_TEST_SUITE_P(Sql, OperationUpkeepContract, ::testing::ValuesIn(Backends<UnitOfWorkHarness>()),
                         [](const auto& backend) { return Name(backend); });
INSTANTIATE_TEST_SUITE_P(Sql, OperationStoreContract, ::testing::ValuesIn(Backends<OperationStoreHarness>()),
                         [](const auto& backend) { return Name(backend); });

TEST(SqlOperationStoreTest, PageTokensBelongToTheirRequest) {
  const auto harness = SqlHarness::Make<OperationStoreHarness>(MemoryOptions());
  ASSERT_NE(harness, nullptr);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(
        harness->Create({"op-" + std::to_string(i), "k", "", "studies/a"}, "ann", absl::FromUnixSeconds(i)).ok());
  }
  OperationStore& store = harness->store();
  const auto page = store.List("studies/a", 1, "");
  ASSERT_TRUE(page.ok());
  ASSERT_NE(page->next_page_token, "");
  EXPECT_TRUE(store.List("studies/a", 2, page->next_page_token).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(store.List("", 1, page->next_page_token).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store.List("studies/b", 1, page->next_page_token).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(store.List("studies/a", 0, "").status()));
  for (const char* text : {"", "1", "1 ", "1 5", "1 5 ", "1 5 0", "1 x 0 op", "1 5 99 op", "2 5 0 op", "1 5 0 "}) {
    const std::string token = absl::WebSafeBase64Escape(std::string("x") + text);
    EXPECT_TRUE(absl::IsInvalidArgument(store.List("", 1, token).status())) << text;
    const std::string bare = absl::WebSafeBase64Escape(text);
    if (bare.empty()) continue;
    EXPECT_TRUE(absl::IsInvalidArgument(store.List("", 1, bare).status())) << text;
  }
}

TEST(SqlOperationStoreTest, HostileIdsAreNotFoundOrRefused) {
  const auto harness = SqlHarness::Make<OperationStoreHarness>(MemoryOptions());
  ASSERT_NE(harness, nullptr);
  EXPECT_TRUE(absl::IsNotFound(harness->store().Get(std::string(1 << 20, 'a')).status()));
  EXPECT_TRUE(absl::IsNotFound(harness->store().Get("'; DROP TABLE operations; --").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(harness->store().Get("\xff").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(harness->store().Get(std::string("a\0b", 3)).status()));
}

TEST(StatusCodecTest, EverythingSurvives) {
  const absl::Status plain = absl::DeadlineExceededError(std::string("late\0\xff", 6));
  EXPECT_EQ(DecodeStatus(EncodeStatus(plain)), plain);
  EXPECT_FALSE(GetErrorDetail(DecodeStatus(EncodeStatus(plain))).has_value());
  EXPECT_TRUE(DecodeStatus(EncodeStatus(absl::OkStatus())).ok());
  const absl::Status rich = MakeError(absl::StatusCode::kResourceExhausted, "slow down",
                                      {.reason = "TOO_MANY",
                                       .metadata = {{"limit", "5"}, {"resource", "a:b"}},
                                       .violations = {{"x[0]", "must be 1"}, {"", ""}},
                                       .retry_after = absl::Milliseconds(1500)});
  const absl::Status back = DecodeStatus(EncodeStatus(rich));
  EXPECT_EQ(back.code(), rich.code());
  EXPECT_EQ(back.message(), rich.message());
  const auto detail = GetErrorDetail(back);
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->reason, "TOO_MANY");
  EXPECT_THAT(detail->metadata,
              ::testing::ElementsAre(::testing::Pair("limit", "5"), ::testing::Pair("resource", "a:b")));
  ASSERT_EQ(detail->violations.size(), 2u);
  EXPECT_EQ(detail->violations[0].field, "x[0]");
  EXPECT_EQ(detail->violations[0].description, "must be 1");
  EXPECT_EQ(detail->retry_after, absl::Milliseconds(1500));
}

TEST(StatusCodecTest, WhatIsNotOursIsInternal) {
  const std::string good = EncodeStatus(InvalidField("a", "b", "c"));
  for (size_t cut = 1; cut < good.size(); ++cut) {
    EXPECT_TRUE(absl::IsInternal(DecodeStatus(good.substr(0, cut)))) << cut;
  }
  for (const char* bytes : {"x", "1:1", "1:2", "9999999999999999999999:1", "1:11:0", "-1:a"}) {
    EXPECT_TRUE(absl::IsInternal(DecodeStatus(bytes))) << bytes;
  }
  EXPECT_TRUE(absl::IsInternal(DecodeStatus(good + "1:x")));
}

}  // namespace
}  // namespace plumbline::jobs
