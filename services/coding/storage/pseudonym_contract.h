#ifndef PLUMBLINE_CODING_STORAGE_PSEUDONYM_CONTRACT_H_
#define PLUMBLINE_CODING_STORAGE_PSEUDONYM_CONTRACT_H_

#include <functional>
#include <string>
#include <vector>

#include "coding/storage/store.h"
#include "common/base/status_macros.h"
#include "common/testing/store_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

// What every store of the coding service does with pseudonyms.
namespace plumbline::coding {

class PseudonymContract : public plumbline::testing::StoreFixture<CodingReader, CodingWriter> {
 protected:
  static PseudonymRow Row(const std::string& key, int64_t number, bool full = false,
                          PseudonymKind kind = PseudonymKind::kPerson) {
    return {kind, key, number, full};
  }
  absl::Status Change(const std::function<absl::Status(PseudonymWriter&)>& body) {
    return Write([&](CodingWriter& writer) { return body(writer.pseudonym_writer()); });
  }
  std::vector<PseudonymRow> Rows(const std::string& scope) {
    return Read<std::vector<PseudonymRow>>([&](CodingReader& r) { return r.pseudonyms().ListPseudonyms(scope); });
  }
  PseudonymCounters Counters(const std::string& scope) {
    return Read<PseudonymCounters>([&](CodingReader& r) { return r.pseudonyms().GetPseudonymCounters(scope); });
  }
};

TEST_P(PseudonymContract, RowsAreOfTheirScope) {
  EXPECT_THAT(Rows("families/a"), ::testing::IsEmpty());
  ASSERT_TRUE(Change([](PseudonymWriter& w) {
                return w.AddPseudonyms("families/a",
                                       {Row("k2", 2), Row("k1", 1, true), Row("k1", 1, false, PseudonymKind::kPhone)});
              }).ok());
  ASSERT_TRUE(Change([](PseudonymWriter& w) { return w.AddPseudonyms("families/b", {Row("k1", 7)}); }).ok());
  EXPECT_THAT(Rows("families/a"),
              ::testing::ElementsAre(Row("k1", 1, true), Row("k2", 2), Row("k1", 1, false, PseudonymKind::kPhone)));
  EXPECT_THAT(Rows("families/b"), ::testing::ElementsAre(Row("k1", 7)));
  // The same kind and key again: the new number.
  ASSERT_TRUE(Change([](PseudonymWriter& w) { return w.AddPseudonyms("families/b", {Row("k1", 8, true)}); }).ok());
  EXPECT_THAT(Rows("families/b"), ::testing::ElementsAre(Row("k1", 8, true)));
  ASSERT_TRUE(Change([](PseudonymWriter& w) { return w.DeletePseudonyms("families/a", {"k2", "none"}); }).ok());
  EXPECT_EQ(Rows("families/a").size(), 2u);
}

TEST_P(PseudonymContract, DestroyedRowsLeaveTheCounters) {
  int64_t destroyed = 0;
  ASSERT_TRUE(Change([](PseudonymWriter& w) {
                RETURN_IF_ERROR(w.AddPseudonyms("families/a", {Row("k1", 1), Row("k2", 2)}));
                return w.SetPseudonymCounters("families/a", {{PseudonymKind::kPerson, 3}});
              }).ok());
  for (const int64_t expected : {2, 0}) {
    ASSERT_TRUE(Change([&](PseudonymWriter& w) -> absl::Status {
                  ASSIGN_OR_RETURN(destroyed, w.DestroyPseudonyms("families/a"));
                  return absl::OkStatus();
                }).ok());
    EXPECT_EQ(destroyed, expected);
  }
  EXPECT_THAT(Rows("families/a"), ::testing::IsEmpty());
  EXPECT_EQ(Counters("families/a"), (PseudonymCounters{{PseudonymKind::kPerson, 3}}));
  // And never go back.
  ASSERT_TRUE(Change([](PseudonymWriter& w) {
                return w.SetPseudonymCounters("families/a", {{PseudonymKind::kPerson, 2}, {PseudonymKind::kId, 5}});
              }).ok());
  EXPECT_EQ(Counters("families/a"), (PseudonymCounters{{PseudonymKind::kPerson, 3}, {PseudonymKind::kId, 5}}));
}

TEST_P(PseudonymContract, RecordsOfSessionsAddUpByFamily) {
  PseudonymRecord one{
      1, false, "f", 100, {{{PseudonymKind::kPerson, "listed"}, 3}, {{PseudonymKind::kPhone, "phone"}, 1}}};
  PseudonymRecord two{2, true, "f", 10, {{{PseudonymKind::kPerson, "listed"}, 2}}};
  PseudonymRecord other{1, false, "", 5, {}};
  ASSERT_TRUE(Change([&](PseudonymWriter& w) {
                RETURN_IF_ERROR(w.PutPseudonymRecord("a", two));
                RETURN_IF_ERROR(w.PutPseudonymRecord("a", one));  // in place of the first
                RETURN_IF_ERROR(w.PutPseudonymRecord("b", two));
                return w.PutPseudonymRecord("c", other);
              }).ok());
  const auto read = [&](const std::string& session) {
    return Read<PseudonymRecord>([&](CodingReader& r) { return r.pseudonyms().GetPseudonymRecord(session); });
  };
  EXPECT_EQ(read("a"), one);
  EXPECT_EQ(read("c"), other);
  int sessions = 0;
  const auto sum = [&](const std::string& family) {
    return Read<PseudonymRecord>([&](CodingReader& r) { return r.pseudonyms().SumPseudonymRecords(family, sessions); });
  };
  EXPECT_EQ(sum("f"),
            (PseudonymRecord{
                2, false, "f", 110, {{{PseudonymKind::kPerson, "listed"}, 5}, {{PseudonymKind::kPhone, "phone"}, 1}}}));
  EXPECT_EQ(sessions, 2);
  EXPECT_EQ(sum("none"), (PseudonymRecord{0, false, "none", 0, {}}));
  EXPECT_EQ(sessions, 0);
}

TEST_P(PseudonymContract, ASessionsOwnScopeGoesWithItsRecord) {
  ASSERT_TRUE(Change([&](PseudonymWriter& w) {
                RETURN_IF_ERROR(w.PutPseudonymRecord("a", {1, false, "", 5, {{{PseudonymKind::kId, "x"}, 1}}}));
                RETURN_IF_ERROR(w.AddPseudonyms("transcripts/a", {Row("k", 1)}));
                RETURN_IF_ERROR(w.SetPseudonymCounters("transcripts/a", {{PseudonymKind::kPerson, 2}}));
                return w.AddPseudonyms("families/a", {Row("k", 1)});
              }).ok());
  ASSERT_TRUE(Change([](PseudonymWriter& w) { return w.DeletePseudonymRecord("a"); }).ok());
  EXPECT_THAT(Rows("transcripts/a"), ::testing::IsEmpty());
  EXPECT_THAT(Counters("transcripts/a"), ::testing::IsEmpty());
  EXPECT_EQ(Rows("families/a").size(), 1u);
  EXPECT_TRUE(
      absl::IsNotFound(ReadStatus([](CodingReader& r) { return r.pseudonyms().GetPseudonymRecord("a").status(); })));
  EXPECT_TRUE(Change([](PseudonymWriter& w) { return w.DeletePseudonymRecord("none"); }).ok());
}

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_STORAGE_PSEUDONYM_CONTRACT_H_
