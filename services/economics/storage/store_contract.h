#ifndef PLUMBLINE_ECONOMICS_STORAGE_STORE_CONTRACT_H_
#define PLUMBLINE_ECONOMICS_STORAGE_STORE_CONTRACT_H_

#include <string>
#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/testing/store_fixture.h"
#include "economics/storage/ledger_file.h"
#include "economics/storage/store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every store of the economics service does. Each test file instantiates it with its own backends.
namespace plumbline::economics {

using OpenStore = plumbline::testing::OpenStore<EconomicsReader, EconomicsWriter>;
using StoreBackend = plumbline::testing::StoreBackend<EconomicsReader, EconomicsWriter>;

class StoreContract : public plumbline::testing::StoreFixture<EconomicsReader, EconomicsWriter> {
 protected:
  static StoredUnitCost Cost(const std::string& id) {
    return {{.id = id, .role = "worker", .low = {}, .median = 17.63, .high = 20.5, .price_year = 2018, .source = "T9"},
            "etag-1"};
  }

  static StoredLedger MakeLedger(const std::string& id, absl::Time time) {
    StoredLedger out;
    out.id = id;
    out.spec.title = "Title of " + id;
    LedgerNode leaf;
    leaf.id = "a";
    leaf.source = "test \"quoted\" \xc2\xa3";
    leaf.printed = PrintedFigure{0.1, 0.1};
    LedgerNode sum;
    sum.id = "b";
    sum.source = "test";
    sum.formula = "a * 3";
    sum.rounding = {RoundingMode::kHalfEven, 0.01};
    out.spec.nodes = {leaf, sum};
    out.counts = {1, 2, 3, 4, 5};
    out.create_time = time;
    return out;
  }
};

TEST_P(StoreContract, KeepsUnitCosts) {
  ASSERT_TRUE(Write([](EconomicsWriter& w) { return w.InsertUnitCost(Cost("worker")); }).ok());
  const auto cost = Read<StoredUnitCost>([](EconomicsReader& r) { return r.GetUnitCost("worker"); });
  EXPECT_EQ(cost.cost.role, "worker");
  EXPECT_FALSE(cost.cost.low.has_value());
  EXPECT_DOUBLE_EQ(cost.cost.median, 17.63);
  EXPECT_DOUBLE_EQ(cost.cost.high.value(), 20.5);
  EXPECT_EQ(cost.cost.price_year, 2018);
  EXPECT_EQ(cost.cost.source, "T9");
  EXPECT_EQ(cost.etag, "etag-1");
  const absl::Status twice = Write([](EconomicsWriter& w) { return w.InsertUnitCost(Cost("worker")); });
  EXPECT_EQ(twice.code(), absl::StatusCode::kAlreadyExists);
  ASSERT_TRUE(GetErrorDetail(twice).has_value());
  EXPECT_EQ(GetErrorDetail(twice)->metadata.at("resource"), "unitCosts/worker");
}

TEST_P(StoreContract, ReplacesAndDeletesUnitCosts) {
  StoredUnitCost cost = Cost("worker");
  ASSERT_TRUE(Write([&](EconomicsWriter& w) { return w.InsertUnitCost(cost); }).ok());
  cost.cost.low = 10;
  cost.cost.high.reset();
  cost.etag = "etag-2";
  ASSERT_TRUE(Write([&](EconomicsWriter& w) { return w.UpdateUnitCost(cost); }).ok());
  const auto read = Read<StoredUnitCost>([](EconomicsReader& r) { return r.GetUnitCost("worker"); });
  EXPECT_DOUBLE_EQ(read.cost.low.value(), 10);
  EXPECT_FALSE(read.cost.high.has_value());
  EXPECT_EQ(read.etag, "etag-2");
  ASSERT_TRUE(Write([](EconomicsWriter& w) { return w.DeleteUnitCost("worker"); }).ok());
  for (const absl::Status& status : {ReadStatus([](EconomicsReader& r) { return r.GetUnitCost("worker").status(); }),
                                     Write([](EconomicsWriter& w) { return w.DeleteUnitCost("worker"); }),
                                     Write([&](EconomicsWriter& w) { return w.UpdateUnitCost(cost); })}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    ASSERT_TRUE(GetErrorDetail(status).has_value());
    EXPECT_EQ(GetErrorDetail(status)->metadata.at("resource"), "unitCosts/worker");
  }
}

TEST_P(StoreContract, PagesUnitCostsById) {
  for (const char* id : {"c", "a", "b"}) {
    ASSERT_TRUE(Write([&](EconomicsWriter& w) { return w.InsertUnitCost(Cost(id)); }).ok());
  }
  const auto ids = [this](const std::string& after, int limit) {
    std::vector<std::string> out;
    for (const auto& cost :
         Read<std::vector<StoredUnitCost>>([&](EconomicsReader& r) { return r.ListUnitCosts(after, limit); })) {
      out.push_back(cost.cost.id);
    }
    return out;
  };
  EXPECT_THAT(ids("", 2), ::testing::ElementsAre("a", "b"));
  EXPECT_THAT(ids("b", 2), ::testing::ElementsAre("c"));
  EXPECT_THAT(ids("c", 2), ::testing::IsEmpty());
}

TEST_P(StoreContract, KeepsLedgersAsTheyAre) {
  const StoredLedger ledger = MakeLedger("pilot", At(5));
  ASSERT_TRUE(Write([&](EconomicsWriter& w) { return w.InsertLedger(ledger); }).ok());
  const auto read = Read<StoredLedger>([](EconomicsReader& r) { return r.GetLedger("pilot"); });
  EXPECT_EQ(WriteLedgerSpec(read.spec), WriteLedgerSpec(ledger.spec));
  EXPECT_EQ(read.counts.reproduced, 1);
  EXPECT_EQ(read.counts.not_printed, 5);
  EXPECT_EQ(read.create_time, At(5));
  EXPECT_EQ(Write([&](EconomicsWriter& w) { return w.InsertLedger(ledger); }).code(), absl::StatusCode::kAlreadyExists);
  const absl::Status missing = ReadStatus([](EconomicsReader& r) { return r.GetLedger("other").status(); });
  EXPECT_EQ(missing.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorDetail(missing)->metadata.at("resource"), "ledgers/other");
}

TEST_P(StoreContract, PagesLedgersNewestFirst) {
  for (const auto& [id, seconds] : std::vector<std::pair<std::string, int>>{{"x", 1}, {"b", 2}, {"a", 2}, {"y", 3}}) {
    ASSERT_TRUE(Write([&](EconomicsWriter& w) { return w.InsertLedger(MakeLedger(id, At(seconds))); }).ok());
  }
  std::vector<std::string> ids;
  LedgerPosition after;
  while (true) {
    const auto page = Read<std::vector<StoredLedger>>([&](EconomicsReader& r) { return r.ListLedgers(after, 1); });
    if (page.empty()) break;
    ASSERT_EQ(page.size(), 1u);
    EXPECT_TRUE(page[0].spec.nodes.empty());
    EXPECT_EQ(page[0].spec.title, "Title of " + page[0].id);
    EXPECT_EQ(page[0].counts.does_not_follow, 3);
    ids.push_back(page[0].id);
    after = {page[0].create_time, page[0].id};
  }
  EXPECT_THAT(ids, ::testing::ElementsAre("y", "a", "b", "x"));
}

TEST_P(StoreContract, RemembersImports) {
  EXPECT_FALSE(Read<bool>([](EconomicsReader& r) { return r.WasImported("worker"); }));
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(Write([](EconomicsWriter& w) { return w.RecordImport("worker"); }).ok());
  }
  EXPECT_TRUE(Read<bool>([](EconomicsReader& r) { return r.WasImported("worker"); }));
}

TEST_P(StoreContract, AFailedBodyChangesNothing) {
  const absl::Status status = Write([](EconomicsWriter& w) -> absl::Status {
    RETURN_IF_ERROR(w.InsertUnitCost(Cost("a")));
    RETURN_IF_ERROR(w.InsertLedger(MakeLedger("l", At(1))));
    return InvalidField("x", "", "no");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReadStatus([](EconomicsReader& r) { return r.GetUnitCost("a").status(); }).code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ReadStatus([](EconomicsReader& r) { return r.GetLedger("l").status(); }).code(),
            absl::StatusCode::kNotFound);
}

}  // namespace plumbline::economics

#endif  // PLUMBLINE_ECONOMICS_STORAGE_STORE_CONTRACT_H_
