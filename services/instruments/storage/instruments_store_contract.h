#ifndef PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENTS_STORE_CONTRACT_H_
#define PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENTS_STORE_CONTRACT_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "instruments/storage/instruments_store.h"

// What every store of instruments must do, as one suite that the fake and both databases run.
namespace plumbline::instruments {

// Owns a new, empty store and whatever it stands on.
class InstrumentsStoreHarness {
 public:
  using Factory = std::function<std::unique_ptr<InstrumentsStoreHarness>()>;
  virtual ~InstrumentsStoreHarness() = default;
  virtual InstrumentsStore& store() = 0;
};

class InstrumentsStoreContract : public ::testing::TestWithParam<InstrumentsStoreHarness::Factory> {
 protected:
  void SetUp() override {
    harness_ = GetParam()();
    ASSERT_NE(harness_, nullptr);
  }

  static absl::Time At(int64_t second) { return absl::FromUnixSeconds(1'700'000'000 + second); }

  // A response with one defined, one undefined and one category score.
  static StoredResponse MakeResponse(const std::string& id, const std::string& participant, const std::string& wave,
                                     double value) {
    StoredResponse r{.id = id,
                     .instrument = "swai",
                     .key_version = 2,
                     .participant = participant,
                     .wave = wave,
                     .answers = {{"1", value}, {"4a", std::nullopt}, {"5", 0.1 + 0.2}},
                     .scores = {},
                     .create_time = At(5)};
    Score defined{.score = "rapport",
                  .value = stats::Figure::Of(value / 3),
                  .explanation = "",
                  .answered = 12,
                  .items = 12,
                  .missing = {MissingRuleKind::kMeanOfAnswered, 10},
                  .direction = Direction::kLowerIsBetter,
                  .combination = Combination::kMean,
                  .category = ""};
    Score undefined = defined;
    undefined.score = "focus";
    undefined.value = stats::Figure::None(stats::Undefined::kTooFewValues);
    undefined.explanation = "items left out: 13";
    undefined.answered = 6;
    Score category = defined;
    category.score = "level";
    category.missing = {};
    category.direction = Direction::kNone;
    category.combination = Combination::kCategory;
    category.category = "low or medium";
    r.scores = {defined, undefined, category};
    return r;
  }

  absl::Status Write(const std::function<absl::Status(InstrumentsWriter&)>& body) {
    return harness_->store()
        .Write({.actor = "ann", .method = "S/M", .request_id = "", .request_digest = "", .now = At(1)},
               [&](InstrumentsWriter& writer) -> absl::StatusOr<jobs::WriteResult> {
                 RETURN_IF_ERROR(body(writer));
                 return jobs::WriteResult{};
               })
        .status();
  }

  absl::Status Insert(const std::vector<StoredResponse>& responses) {
    return Write([&](InstrumentsWriter& writer) { return writer.InsertResponses(responses); });
  }

  // The value that `read` gives in a read-only view.
  template <typename Value>
  absl::StatusOr<Value> Read(const std::function<absl::StatusOr<Value>(InstrumentsReader&)>& read) {
    absl::StatusOr<Value> value = absl::UnknownError("not read");
    const absl::Status status = harness_->store().Read([&](InstrumentsReader& reader) {
      value = read(reader);
      return value.status();
    });
    if (!status.ok()) return status;
    return value;
  }

  absl::StatusOr<StoredResponse> Get(const std::string& id) {
    return Read<StoredResponse>([&](InstrumentsReader& reader) { return reader.GetResponse(id); });
  }

  std::vector<std::string> ListIds(const ResponseFilter& filter, const std::string& after, int limit) {
    const auto page = Read<std::vector<StoredResponse>>(
        [&](InstrumentsReader& reader) { return reader.ListResponses(filter, after, limit); });
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> ids;
    for (const StoredResponse& response : *page) {
      EXPECT_EQ(response.scores.size(), 3u) << response.id;
      ids.push_back(response.id);
    }
    return ids;
  }

  static void ExpectSameScore(const Score& got, const Score& want) {
    EXPECT_EQ(got.score, want.score);
    EXPECT_EQ(got.value.value, want.value.value);
    EXPECT_EQ(got.value.reason, want.value.reason);
    EXPECT_EQ(got.explanation, want.explanation);
    EXPECT_EQ(got.answered, want.answered);
    EXPECT_EQ(got.items, want.items);
    EXPECT_EQ(got.missing, want.missing);
    EXPECT_EQ(got.direction, want.direction);
    EXPECT_EQ(got.combination, want.combination);
    EXPECT_EQ(got.category, want.category);
  }

  static void ExpectSame(const StoredResponse& got, const StoredResponse& want) {
    EXPECT_EQ(got.id, want.id);
    EXPECT_EQ(got.instrument, want.instrument);
    EXPECT_EQ(got.key_version, want.key_version);
    EXPECT_EQ(got.participant, want.participant);
    EXPECT_EQ(got.wave, want.wave);
    EXPECT_EQ(got.answers, want.answers);
    EXPECT_EQ(got.create_time, want.create_time);
    EXPECT_EQ(got.corrections, want.corrections);
    EXPECT_EQ(got.etag(), want.etag());
    ASSERT_EQ(got.scores.size(), want.scores.size());
    for (size_t s = 0; s < got.scores.size(); ++s) ExpectSameScore(got.scores[s], want.scores[s]);
  }

  std::unique_ptr<InstrumentsStoreHarness> harness_;
};

TEST_P(InstrumentsStoreContract, GivesBackWhatWasStoredToTheLastDigit) {
  const StoredResponse first = MakeResponse("b1", "trials/a/participants/w1", "t1", 7);
  const StoredResponse second = MakeResponse("a1", "w2", "t1", 1e-17);
  ASSERT_TRUE(Insert({first, second}).ok());
  for (const StoredResponse& want : {first, second}) {
    const auto got = Get(want.id);
    ASSERT_TRUE(got.ok()) << got.status();
    ExpectSame(*got, want);
  }
}

TEST_P(InstrumentsStoreContract, UnknownResponsesAreNamed) {
  for (const std::string& id : {std::string("none"), std::string(), std::string(5000, 'x')}) {
    EXPECT_TRUE(absl::IsNotFound(Get(id).status())) << Get(id).status();
    EXPECT_TRUE(absl::IsNotFound(Write([&](InstrumentsWriter& w) { return w.DeleteResponse(id, ""); })));
    EXPECT_TRUE(absl::IsNotFound(
        Write([&](InstrumentsWriter& w) { return w.CorrectResponse(id, "r0", {}, {}, "ann", At(1)).status(); })));
  }
  const auto detail = GetErrorDetail(Get("none").status());
  ASSERT_TRUE(detail.has_value());
  EXPECT_EQ(detail->metadata.at("resource"), "responses/none");
}

TEST_P(InstrumentsStoreContract, PagesAndFilters) {
  StoredResponse other = MakeResponse("a3", "w1", "t1", 3);
  other.instrument = "lass";
  ASSERT_TRUE(Insert({MakeResponse("b2", "w1", "t1", 1), MakeResponse("a-9", "w2", "t1", 2), other,
                      MakeResponse("c1", "w1", "t2", 4), MakeResponse("ab", "w3", "t1", 4)})
                  .ok());
  EXPECT_THAT(ListIds({}, "", 10), ::testing::ElementsAre("a-9", "a3", "ab", "b2", "c1"));
  EXPECT_THAT(ListIds({}, "", 2), ::testing::ElementsAre("a-9", "a3"));
  EXPECT_THAT(ListIds({}, "a3", 2), ::testing::ElementsAre("ab", "b2"));
  EXPECT_THAT(ListIds({}, "c1", 2), ::testing::IsEmpty());
  EXPECT_THAT(ListIds({.instrument = "swai", .wave = ""}, "", 10), ::testing::ElementsAre("a-9", "ab", "b2", "c1"));
  EXPECT_THAT(ListIds({.instrument = "swai", .wave = "t1"}, "a-9", 10), ::testing::ElementsAre("ab", "b2"));
  EXPECT_THAT(ListIds({.instrument = "", .wave = "t2"}, "", 10), ::testing::ElementsAre("c1"));
}

TEST_P(InstrumentsStoreContract, ASlotHoldsOneResponse) {
  ASSERT_TRUE(Insert({MakeResponse("a1", "w1", "t1", 1)}).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(Insert({MakeResponse("a2", "w1", "t1", 1)})));
  EXPECT_TRUE(absl::IsAlreadyExists(Insert({MakeResponse("a1", "w9", "t1", 1)})));
  // All or nothing: the good one before the bad one is not kept.
  EXPECT_TRUE(absl::IsAlreadyExists(Insert({MakeResponse("a3", "w3", "t1", 1), MakeResponse("a4", "w1", "t1", 1)})));
  EXPECT_THAT(ListIds({}, "", 10), ::testing::ElementsAre("a1"));
}

TEST_P(InstrumentsStoreContract, FindsTakenSlotsFewOrMany) {
  StoredResponse other = MakeResponse("o1", "w1", "t1", 3);
  other.instrument = "lass";
  ASSERT_TRUE(Insert({MakeResponse("a1", "w1", "t1", 1), MakeResponse("a2", "w2", "t2", 1), other}).ok());
  for (const size_t padding : {size_t{0}, size_t{500}}) {
    std::vector<ResponseSlot> slots = {
        {"swai", "w2", "t2"}, {"swai", "w2", "t1"}, {"lass", "w1", "t1"}, {"none", "w1", "t1"}};
    for (size_t i = 0; i < padding; ++i) slots.push_back({"swai", "p" + std::to_string(i), "t1"});
    const auto found = Read<std::vector<std::optional<std::string>>>(
        [&](InstrumentsReader& reader) { return reader.FindResponses(slots); });
    ASSERT_TRUE(found.ok()) << found.status();
    ASSERT_EQ(found->size(), slots.size());
    EXPECT_THAT(std::vector<std::optional<std::string>>(found->begin(), found->begin() + 4),
                ::testing::ElementsAre("a2", std::nullopt, "o1", std::nullopt));
    EXPECT_TRUE(std::all_of(found->begin() + 4, found->end(), [](const auto& id) { return !id.has_value(); }));
  }
}

TEST_P(InstrumentsStoreContract, ListsEveryValueOfOneScore) {
  StoredResponse other = MakeResponse("o1", "w1", "t1", 3);
  other.instrument = "lass";
  ASSERT_TRUE(Insert({MakeResponse("a1", "w2", "t1", 3), MakeResponse("a2", "w1", "t3", 6),
                      MakeResponse("a3", "w1", "t1", 9), other})
                  .ok());
  const auto observations =
      Read<std::vector<Observation>>([](InstrumentsReader& reader) { return reader.ListScores("swai", "rapport"); });
  ASSERT_TRUE(observations.ok()) << observations.status();
  ASSERT_EQ(observations->size(), 3u);
  EXPECT_EQ((*observations)[0].participant, "w1");
  EXPECT_EQ((*observations)[0].wave, "t1");
  EXPECT_EQ((*observations)[0].key_version, 2);
  EXPECT_EQ(*(*observations)[0].score.value, 3.0);
  EXPECT_EQ((*observations)[1].wave, "t3");
  EXPECT_EQ((*observations)[2].participant, "w2");
  const auto undefined =
      Read<std::vector<Observation>>([](InstrumentsReader& reader) { return reader.ListScores("swai", "focus"); });
  ASSERT_EQ(undefined->size(), 3u);
  EXPECT_FALSE((*undefined)[0].score.value.defined());
}

TEST_P(InstrumentsStoreContract, ACorrectionKeepsTheFormerAnswers) {
  const StoredResponse before = MakeResponse("a1", "w1", "t1", 3);
  ASSERT_TRUE(Insert({before}).ok());
  const std::vector<Answer> answers = {{"1", 4.0}, {"4a", 2.5}, {"5", std::nullopt}};
  Score score = before.scores[0];
  score.value = stats::Figure::Of(4);
  for (int round = 1; round <= 2; ++round) {
    StoredResponse after;
    const absl::Status status = Write([&](InstrumentsWriter& writer) -> absl::Status {
      ASSIGN_OR_RETURN(after, writer.CorrectResponse("a1", "r" + std::to_string(round - 1), answers, {score}, "bob",
                                                     At(10 * round)));
      return absl::OkStatus();
    });
    ASSERT_TRUE(status.ok()) << status;
    StoredResponse want = before;
    want.answers = answers;
    want.scores = {score};
    want.corrections = round;
    ExpectSame(after, want);
    ExpectSame(*Get("a1"), want);
  }
  const auto history =
      Read<std::vector<Correction>>([](InstrumentsReader& reader) { return reader.ListCorrections("a1"); });
  ASSERT_TRUE(history.ok()) << history.status();
  ASSERT_EQ(history->size(), 2u);
  EXPECT_EQ((*history)[0].number, 1);
  EXPECT_EQ((*history)[0].actor, "bob");
  EXPECT_EQ((*history)[0].time, At(10));
  EXPECT_EQ((*history)[0].former_answers, before.answers);
  EXPECT_EQ((*history)[1].former_answers, answers);
}

TEST_P(InstrumentsStoreContract, AStaleEtagChangesNothing) {
  const StoredResponse response = MakeResponse("a1", "w1", "t1", 3);
  ASSERT_TRUE(Insert({response}).ok());
  for (const char* etag : {"", "r1", "x"}) {
    const absl::Status corrected =
        Write([&](InstrumentsWriter& w) { return w.CorrectResponse("a1", etag, {}, {}, "bob", At(2)).status(); });
    EXPECT_TRUE(absl::IsAborted(corrected)) << corrected;
    EXPECT_EQ(GetErrorDetail(corrected).value_or(ErrorDetail{}).reason, "STALE_ETAG");
  }
  EXPECT_TRUE(absl::IsAborted(Write([](InstrumentsWriter& w) { return w.DeleteResponse("a1", "r1"); })));
  ExpectSame(*Get("a1"), response);
}

TEST_P(InstrumentsStoreContract, DeletingRemovesHistoryAndFreesTheSlot) {
  const StoredResponse response = MakeResponse("a1", "w1", "t1", 3);
  ASSERT_TRUE(Insert({response}).ok());
  ASSERT_TRUE(Write([&](InstrumentsWriter& w) {
                return w.CorrectResponse("a1", "r0", response.answers, response.scores, "bob", At(2)).status();
              }).ok());
  ASSERT_TRUE(Write([](InstrumentsWriter& w) { return w.DeleteResponse("a1", "r1"); }).ok());
  EXPECT_TRUE(absl::IsNotFound(Get("a1").status()));
  const auto history =
      Read<std::vector<Correction>>([](InstrumentsReader& reader) { return reader.ListCorrections("a1"); });
  EXPECT_TRUE(history->empty());
  const auto scores =
      Read<std::vector<Observation>>([](InstrumentsReader& reader) { return reader.ListScores("swai", "rapport"); });
  EXPECT_TRUE(scores->empty());
  EXPECT_TRUE(Insert({MakeResponse("a1", "w1", "t1", 5)}).ok());
}

TEST_P(InstrumentsStoreContract, AFailedWriteLeavesNothing) {
  const absl::Status status = Write([](InstrumentsWriter& writer) -> absl::Status {
    RETURN_IF_ERROR(writer.InsertResponses({MakeResponse("a1", "w1", "t1", 3)}));
    RETURN_IF_ERROR(writer.GetResponse("a1").status());  // the write sees its own changes
    return StaleEtag("responses/a1");
  });
  EXPECT_TRUE(absl::IsAborted(status)) << status;
  EXPECT_TRUE(absl::IsNotFound(Get("a1").status()));
}

}  // namespace plumbline::instruments

#endif  // PLUMBLINE_INSTRUMENTS_STORAGE_INSTRUMENTS_STORE_CONTRACT_H_
