#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "coding/service/convert.h"
#include "coding/service/test_fixture.h"
#include "google/protobuf/descriptor.h"
#include "plumbline/coding/v1/coder.pb.h"

namespace plumbline::coding {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

// Words that a field or a message of a blinded role must not be about.
const char* const kForbidden[] = {"session", "transcript", "team",   "site",       "authority", "arm",
                                  "cluster", "worker",     "family", "supervisor", "speaker",   "parent",
                                  "turn",    "wave",       "trial",  "key",        "majority",  "coders",
                                  "other",   "progress",   "actor",  "agreement"};

std::set<std::string> WordsOf(const std::string& name) {  // "StudyKeyEntry" and "study_key" alike
  std::set<std::string> words;
  std::string word;
  for (const char c : name) {
    const bool upper = absl::ascii_isupper(static_cast<unsigned char>(c));
    if (c == '_' || c == '.' || upper) {
      words.insert(word);
      word.clear();
    }
    if (c != '_' && c != '.') word += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  words.insert(word);
  return words;
}

// Every breach in what `message` can carry, however deep.
void Walk(const Descriptor& message, std::set<const Descriptor*>& seen, std::set<std::string>& breaches) {
  if (!seen.insert(&message).second) return;
  const auto check = [&](const std::string& name, const std::string& place) {
    std::set<std::string> words = WordsOf(name);
    // A coder's own progress; its fields are listed one by one in ProgressIsTheCodersOwnCounts.
    if (place == "plumbline.coding.v1.GetMyProgressResponse") words.erase("progress");
    for (const char* word : kForbidden) {
      if (words.count(word) > 0 || words.count(absl::StrCat(word, "s")) > 0) breaches.insert(place);
    }
  };
  // The entry of a map is called so by protobuf, and its fields key and value.
  const bool map_entry = message.options().map_entry();
  if (!map_entry) check(message.name(), message.full_name());
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    if (!map_entry) check(field.name(), field.full_name());
    const Descriptor* type = field.message_type();
    if (type == nullptr) continue;
    // Any could carry anything.
    if (type->full_name() == "google.protobuf.Any") breaches.insert(field.full_name());
    if (type->file()->package() != "google.protobuf") Walk(*type, seen, breaches);
  }
}

TEST(Blinding, NoAnswerOfTheCoderServiceCanCarryWhereAQuestionComesFrom) {
  const auto* service =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName("plumbline.coding.v1.CoderService");
  ASSERT_NE(service, nullptr);
  ASSERT_GE(service->method_count(), 8);
  std::set<const Descriptor*> seen;
  std::set<std::string> breaches;
  for (int i = 0; i < service->method_count(); ++i) Walk(*service->method(i)->output_type(), seen, breaches);
  EXPECT_THAT(breaches, ::testing::IsEmpty());
  EXPECT_GE(seen.size(), 15u);  // the walk went down into items, codes, suggestions and choices
  EXPECT_EQ(seen.count(v1::Suggestion::descriptor()), 1u);
  EXPECT_EQ(seen.count(v1::SuggestionReason::descriptor()), 1u);
}

std::vector<std::string> FieldsOf(const Descriptor& message) {
  std::vector<std::string> fields;
  for (int i = 0; i < message.field_count(); ++i) fields.push_back(message.field(i)->name());
  return fields;
}

// Rules that ship and words of the question: there is room for nothing else.
TEST(Blinding, ASuggestionHoldsRulesAndWords) {
  EXPECT_THAT(FieldsOf(*v1::Suggestion::descriptor()),
              ::testing::ElementsAre("outcomes_focused", "nomination", "reasons", "rules"));
  EXPECT_THAT(FieldsOf(*v1::SuggestionReason::descriptor()), ::testing::ElementsAre("rule", "reason", "words"));
}

TEST(Blinding, ProgressIsTheCodersOwnCounts) {
  EXPECT_THAT(FieldsOf(*v1::GetMyProgressResponse::descriptor()),
              ::testing::ElementsAre("coded", "skipped", "total", "deadline"));
}

// The walk finds what it looks for: the coordinator's messages do carry it.
TEST(Blinding, TheWalkSeesTheCoordinatorsMessages) {
  std::set<const Descriptor*> seen;
  std::set<std::string> breaches;
  Walk(*v1::OpenStudyKeyResponse::descriptor(), seen, breaches);
  EXPECT_EQ(breaches.count("plumbline.coding.v1.StudyKeyEntry.session"), 1u);
  Walk(*v1::GetStudyResultsResponse::descriptor(), seen, breaches);
  EXPECT_EQ(breaches.count("plumbline.coding.v1.StudyResults.sessions"), 1u);
}

class BlindingOverRpc : public CodingServiceTest {
 protected:
  using Coders = v1::CoderService::Stub;

  // "s01" to "s30" with ten questions each, coded by anna and ben.
  void CreateWideStudy(const std::string& frame = "frames/binary",
                       v1::SuggestionMode suggestions = v1::SUGGESTION_MODE_NEVER) {
    v1::CreateStudyRequest create;
    create.set_study_id("wide");
    create.set_title("Wide");
    create.set_frame(frame);
    create.set_suggestions(suggestions);
    for (int session = 1; session <= kSessions; ++session) {
      const std::string id = absl::StrCat(session < 10 ? "s0" : "s", session);
      std::string text = "Supervisor:";
      for (int question = 1; question <= kQuestions; ++question) {
        absl::StrAppend(&text, " What about ", session, " and ", question, "?");
      }
      ASSERT_TRUE(Import(id, text + "\n").ok());
      create.add_sessions(id);
    }
    for (const char* coder : {"anna", "ben"}) create.add_coders(coder);
    create.set_seed(29);
    v1::CreateStudyResponse created;
    const absl::Status status = Call(*studies_, &v1::StudyService::Stub::CreateStudy, create, &created);
    ASSERT_TRUE(status.ok()) << status;
    ASSERT_EQ(created.study().item_count(), kSessions * kQuestions);
  }

  // The ids in a coder's order, from pages of `page_size`; their tokens in `tokens`.
  std::vector<std::string> Order(const std::string& coder, int page_size, std::vector<std::string>* tokens = nullptr) {
    std::vector<std::string> ids;
    v1::ListItemsRequest request;
    request.set_study("studies/wide");
    request.set_coder(coder);
    request.set_page_size(page_size);
    do {
      v1::ListItemsResponse page;
      EXPECT_TRUE(Call(*coder_, &Coders::ListItems, request, &page).ok());
      for (const v1::Item& item : page.items()) {
        EXPECT_EQ(item.position(), static_cast<int>(ids.size()) + 1);
        ids.push_back(item.id());
      }
      request.set_page_token(page.next_page_token());
      if (tokens != nullptr && !page.next_page_token().empty()) tokens->push_back(page.next_page_token());
    } while (!request.page_token().empty());
    return ids;
  }

  // Place in the order of sessions and questions, by item, from the opened key.
  std::map<std::string, double> Places() {
    v1::CloseStudyRequest close;
    close.set_name("studies/wide");
    close.set_allow_missing(true);
    v1::CloseStudyResponse closed;
    EXPECT_TRUE(Call(*studies_, &v1::StudyService::Stub::CloseStudy, close, &closed).ok());
    v1::OpenStudyKeyRequest open;
    open.set_name("studies/wide");
    v1::OpenStudyKeyResponse key;
    EXPECT_TRUE(Call(*studies_, &v1::StudyService::Stub::OpenStudyKey, open, &key).ok());
    std::map<std::string, double> places;
    for (const v1::StudyKeyEntry& entry : key.entries()) {
      int session = 0;
      EXPECT_TRUE(absl::SimpleAtoi(entry.session().substr(1), &session));
      places[entry.item()] = session * kQuestions + entry.question_number();
    }
    return places;
  }

  static constexpr int kSessions = 30;
  static constexpr int kQuestions = 10;
};

// Ranks 0..n-1 of values without ties.
template <typename T>
std::vector<double> Ranks(const std::vector<T>& values) {
  std::vector<T> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  std::vector<double> ranks;
  for (const T& value : values) {
    ranks.push_back(static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin()));
  }
  return ranks;
}

// Spearman's rank correlation times sqrt(n - 1): about standard normal where the two are independent.
template <typename A, typename B>
double RankZ(const std::vector<A>& a, const std::vector<B>& b) {
  const std::vector<double> ra = Ranks(a);
  const std::vector<double> rb = Ranks(b);
  const double n = static_cast<double>(a.size());
  double squares = 0;
  for (size_t i = 0; i < ra.size(); ++i) squares += (ra[i] - rb[i]) * (ra[i] - rb[i]);
  return (1 - 6 * squares / (n * (n * n - 1))) * std::sqrt(n - 1);
}

TEST_F(BlindingOverRpc, WhatACoderGetsHoldsNoSessionAndNoOtherCoder) {
  ASSERT_TRUE(Import("north-team-one", "Supervisor: What does she want? How will she know?\n").ok());
  ASSERT_TRUE(Import("south-team-two", "Supervisor: Is it up to date?\n").ok());
  v1::CreateStudyRequest create;
  create.set_study_id("pilot");
  create.set_title("North against south");
  create.set_frame("frames/ofs-pilot");
  for (const char* session : {"north-team-one", "south-team-two"}) create.add_sessions(session);
  for (const char* coder : {"coder-anna", "coder-ben"}) create.add_coders(coder);
  create.set_seed(5);
  create.set_suggestions(v1::SUGGESTION_MODE_BEFORE_ANSWER);  // so that they are looked through as well
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Call(*studies_, &v1::StudyService::Stub::CreateStudy, create, &created).ok());
  const std::vector<v1::Item> items = Items("coder-anna");
  ASSERT_EQ(items.size(), 3u);
  for (const v1::Item& item : items) EXPECT_TRUE(item.has_suggestion());
  v1::SubmitCodeResponse answer;
  ASSERT_TRUE(Submit(CodeRequest("coder-ben", items[0].id(), true, "1"), &answer).ok());
  std::string sent = answer.ShortDebugString();
  for (const v1::Item& item : Items("coder-anna")) {
    EXPECT_FALSE(item.has_code()) << "another coder's code shows";
    sent += item.ShortDebugString();
  }
  // Errors, too.
  sent += std::string(Submit(CodeRequest("coder-anna", "unknown", true, "1")).message());
  sent += std::string(Submit(CodeRequest("coder-anna", items[0].id(), true, "99")).message());
  ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
  sent += std::string(Submit(CodeRequest("coder-anna", items[0].id(), true, "1")).message());
  for (const char* secret : {"north", "south", "team", "ben"}) {
    EXPECT_EQ(sent.find(secret), std::string::npos) << secret << " in " << sent;
  }
}

// The numbers of placeholders run through a session, and with a key through a family.
TEST_F(BlindingOverRpc, NumbersOfPlaceholdersDoNotTellWhichItemsBelongTogether) {
  ASSERT_TRUE(Import("a", "Supervisor: Is Mr Brown well? Will Mrs Jones and Mr Brown come?\n").ok());
  ASSERT_TRUE(Import("b", "Supervisor: Has Mr Green rung?\n").ok());
  ASSERT_TRUE(Create(NewStudy({"c1", "c2"})).ok());
  const std::vector<std::string> shown = {"Is Mr [PERSON-1] well?", "Will Mrs [PERSON-1] and Mr [PERSON-2] come?",
                                          "Has Mr [PERSON-1] rung?"};
  std::vector<std::string> texts;
  for (const v1::Item& item : Items("c1")) {
    texts.push_back(item.text());
    v1::GetItemRequest get;
    get.set_study("studies/pilot");
    get.set_coder("c1");
    get.set_item(item.id());
    v1::GetItemResponse one;
    ASSERT_TRUE(Call(*coder_, &Coders::GetItem, get, &one).ok());
    EXPECT_EQ(one.item().text(), item.text());
  }
  EXPECT_THAT(texts, ::testing::UnorderedElementsAreArray(shown));
  v1::ExportBatchRequest batch;
  batch.set_study("studies/pilot");
  batch.set_coder("c1");
  v1::ExportBatchResponse table;
  ASSERT_TRUE(Call(*coder_, &Coders::ExportBatch, batch, &table).ok());
  for (const std::string& text : shown) EXPECT_THAT(table.csv(), ::testing::HasSubstr(text));
  // Whoever may know the session sees who is meant.
  EXPECT_THAT(QuestionTexts("a"), ::testing::Contains("Will Mrs [PERSON-2] and Mr [PERSON-1] come?"));
}

// 300 items of 30 sessions. Beyond 3.3 a normal value falls once in a thousand times; ids and seed are fixed, so that
// the test answers the same each time.
TEST_F(BlindingOverRpc, IdsAndOrdersSayNothingOfSessionsOrOfEachOther) {
  CreateWideStudy();
  const std::vector<std::string> anna = Order("anna", 100);
  const std::vector<std::string> ben = Order("ben", 1000);
  ASSERT_EQ(anna.size(), static_cast<size_t>(kSessions * kQuestions));
  EXPECT_THAT(ben, ::testing::UnorderedElementsAreArray(anna));
  std::map<std::string, double> places = Places();
  std::vector<double> place, position_of_anna, position_of_ben, sequential;
  std::map<std::string, double> bens;
  for (const std::string& id : ben) bens.emplace(id, static_cast<double>(bens.size()));
  for (size_t i = 0; i < anna.size(); ++i) {
    ASSERT_EQ(places.count(anna[i]), 1u);
    place.push_back(places[anna[i]]);
    position_of_anna.push_back(static_cast<double>(i));
    position_of_ben.push_back(bens[anna[i]]);
    sequential.push_back(place.back() + 0.5 * static_cast<double>(i % 3));  // what an id with a hidden counter would do
  }
  EXPECT_LT(std::abs(RankZ(anna, place)), 3.3) << "ids follow the sessions";
  EXPECT_LT(std::abs(RankZ(anna, position_of_anna)), 3.3) << "ids follow the coder's order";
  EXPECT_LT(std::abs(RankZ(position_of_anna, place)), 3.3) << "a coder's order follows the sessions";
  EXPECT_LT(std::abs(RankZ(position_of_ben, place)), 3.3);
  EXPECT_LT(std::abs(RankZ(position_of_anna, position_of_ben)), 3.3) << "the coders' orders are alike";
  EXPECT_GT(std::abs(RankZ(sequential, place)), 10) << "the test would not see an order that is there";
  // Neighbours in a coder's order come from one session as often as chance has it: 9 in 299.
  int same_session = 0;
  for (size_t i = 1; i < place.size(); ++i) {
    same_session += static_cast<int>((place[i] - 1) / kQuestions) == static_cast<int>((place[i - 1] - 1) / kQuestions);
  }
  EXPECT_LE(same_session, 9 + 4 * 3);
  // Ids have one form and share no beginning beyond chance: 300 ids on 26 x 32 first two characters.
  std::map<std::string, int> beginnings;
  for (const std::string& id : anna) {
    EXPECT_EQ(id.size(), 26u);
    ++beginnings[id.substr(0, 2)];
  }
  for (const auto& [beginning, count] : beginnings) EXPECT_LE(count, 5) << beginning;
}

// A token is the list it belongs to, which the coder asked for, and the position, which the coder was shown.
TEST_F(BlindingOverRpc, APageTokenHoldsThePositionOnly) {
  CreateWideStudy();
  for (const char* coder : {"anna", "ben"}) {
    std::vector<std::string> tokens;
    Order(coder, 60, &tokens);
    ASSERT_EQ(tokens.size(), 4u);
    for (size_t page = 0; page < tokens.size(); ++page) {
      const std::string position = absl::StrCat(60 * (page + 1));
      EXPECT_EQ(absl::HexStringToBytes(tokens[page].substr(16)), position);
      EXPECT_EQ(tokens[page], EncodePageToken(absl::StrCat("ListItems/wide/", coder), position));
    }
  }
}

// Whether an item is somebody else's, of another study or nowhere, whether a study is there: no answer tells.
TEST_F(BlindingOverRpc, WhatIsElsewhereAndWhatIsNowhereGiveTheSameError) {
  CreateWideStudy();
  ImportTwo();
  ASSERT_TRUE(CreateStudy("pilot").ok());  // by c1, c2 and c3
  const std::string elsewhere = Order("anna", 1)[0];
  const std::string nowhere = std::string(25, 'a') + "b";
  const auto errors = [&](const std::string& study, const std::string& coder, const std::string& item) {
    std::string all;
    const auto add = [&](const absl::Status& status) {
      EXPECT_TRUE(absl::IsNotFound(status)) << status;
      absl::StrAppend(&all, status.ToString(), "|", GetErrorDetail(status)->metadata.at("resource"), "|",
                      Reason(status), "\n");
    };
    v1::GetItemRequest get;
    get.set_study(study);
    get.set_coder(coder);
    get.set_item(item);
    v1::GetItemResponse got;
    add(CallAs("coders/" + coder, *coder_, &Coders::GetItem, get, &got));
    v1::ListCodeVersionsRequest versions;
    versions.set_study(study);
    versions.set_coder(coder);
    versions.set_item(item);
    v1::ListCodeVersionsResponse listed;
    add(CallAs("coders/" + coder, *coder_, &Coders::ListCodeVersions, versions, &listed));
    v1::SubmitCodeRequest submit = CodeRequest(coder, item, true, "");
    submit.set_study(study);
    v1::SubmitCodeResponse submitted;
    add(CallAs("coders/" + coder, *coder_, &Coders::SubmitCode, submit, &submitted));
    v1::BatchSubmitCodesRequest batch;
    batch.set_study(study);
    batch.set_coder(coder);
    batch.add_entries()->set_item(item);
    batch.mutable_entries(0)->mutable_code()->set_outcomes_focused(true);
    v1::BatchSubmitCodesResponse stored;
    add(CallAs("coders/" + coder, *coder_, &Coders::BatchSubmitCodes, batch, &stored));
    return absl::StrReplaceAll(all, {{item, "ITEM"}, {study.substr(8), "STUDY"}});
  };
  EXPECT_EQ(errors("studies/pilot", "c1", elsewhere), errors("studies/pilot", "c1", nowhere));
  // A study that the coder has no part in, and none at all.
  EXPECT_EQ(errors("studies/wide", "c1", elsewhere), errors("studies/none", "c1", nowhere));
  const auto import_error = [&](const std::string& item) {
    v1::ImportBatchRequest request;
    request.set_study("studies/pilot");
    request.set_coder("c1");
    request.set_csv("item,outcomes_focused,nominated,skip_reason,version\n" + item + ",1,,,0\n");
    v1::ImportBatchResponse response;
    const absl::Status status = CallAs("coders/c1", *coder_, &Coders::ImportBatch, request, &response);
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    return absl::StrReplaceAll(status.ToString(), {{item, "ITEM"}});
  };
  EXPECT_EQ(import_error(elsewhere), import_error(nowhere));
}

// Ben has answered, skipped and changed everything; nothing that Anna can ask for changes by a byte.
TEST_F(BlindingOverRpc, WhatOneCoderDoesIsInNoAnswerToAnother) {
  CreateWideStudy("frames/ofs-pilot", v1::SUGGESTION_MODE_AFTER_ANSWER);
  v1::SubmitCodeRequest own = CodeRequest("anna", Order("anna", 1000)[0], true, "");
  own.set_study("studies/wide");
  ASSERT_TRUE(Submit(own).ok());  // Anna sees one suggestion
  const auto all_answers = [&] {
    std::string all;
    const std::string actor = "coders/anna";
    v1::ListItemsRequest list;
    list.set_study("studies/wide");
    list.set_coder("anna");
    list.set_page_size(1000);
    v1::ListItemsResponse items;
    EXPECT_TRUE(CallAs(actor, *coder_, &Coders::ListItems, list, &items).ok());
    absl::StrAppend(&all, items.SerializeAsString());
    v1::GetMyProgressRequest progress;
    progress.set_study("studies/wide");
    progress.set_coder("anna");
    v1::GetMyProgressResponse counts;
    EXPECT_TRUE(CallAs(actor, *coder_, &Coders::GetMyProgress, progress, &counts).ok());
    absl::StrAppend(&all, counts.SerializeAsString());
    v1::ExportBatchRequest batch;
    batch.set_study("studies/wide");
    batch.set_coder("anna");
    v1::ExportBatchResponse table;
    EXPECT_TRUE(CallAs(actor, *coder_, &Coders::ExportBatch, batch, &table).ok());
    absl::StrAppend(&all, table.SerializeAsString());
    for (int i = 0; i < 10; ++i) {
      v1::GetItemRequest get;
      get.set_study("studies/wide");
      get.set_coder("anna");
      get.set_item(items.items(i).id());
      v1::GetItemResponse item;
      EXPECT_TRUE(CallAs(actor, *coder_, &Coders::GetItem, get, &item).ok());
      v1::ListCodeVersionsRequest versions;
      versions.set_study("studies/wide");
      versions.set_coder("anna");
      versions.set_item(items.items(i).id());
      v1::ListCodeVersionsResponse codes;
      EXPECT_TRUE(CallAs(actor, *coder_, &Coders::ListCodeVersions, versions, &codes).ok());
      absl::StrAppend(&all, item.SerializeAsString(), codes.SerializeAsString());
    }
    return all;
  };
  const std::string before = all_answers();
  v1::BatchSubmitCodesRequest batch;
  batch.set_study("studies/wide");
  batch.set_coder("ben");
  for (const std::string& id : Order("ben", 1000)) {
    auto& entry = *batch.add_entries();
    entry.set_item(id);
    entry.mutable_code()->set_outcomes_focused(true);
  }
  v1::BatchSubmitCodesResponse stored;
  ASSERT_TRUE(Call(*coder_, &Coders::BatchSubmitCodes, batch, &stored).ok());
  for (auto& entry : *batch.mutable_entries()) {
    entry.mutable_code()->clear_outcomes_focused();
    entry.mutable_code()->set_skip_reason("bens-reason");
  }
  ASSERT_TRUE(Call(*coder_, &Coders::BatchSubmitCodes, batch, &stored).ok());
  EXPECT_EQ(all_answers(), before);
}

// A coder who reaches the coordinator's service all the same cannot rebuild the key of a study that takes codes: it
// follows from the seed, the sessions in their order and the questions.
TEST_F(BlindingOverRpc, SeedAndSessionsOfAStudyAreWithheldUntilItIsClosed) {
  using Studies = v1::StudyService::Stub;
  ImportTwo();
  v1::CreateStudyResponse created;
  ASSERT_TRUE(CreateStudy("pilot", &created).ok());
  const auto read = [this] {
    v1::GetStudyRequest get;
    get.set_name("studies/pilot");
    v1::GetStudyResponse got;
    EXPECT_TRUE(Call(*studies_, &Studies::GetStudy, get, &got).ok());
    v1::ListStudiesResponse list;
    EXPECT_TRUE(Call(*studies_, &Studies::ListStudies, v1::ListStudiesRequest(), &list).ok());
    EXPECT_EQ(list.studies_size(), 1);
    EXPECT_EQ(list.studies(0).SerializeAsString(), got.study().SerializeAsString());
    return got.study();
  };
  const v1::Study open = read();
  EXPECT_EQ(open.SerializeAsString(), created.study().SerializeAsString());
  EXPECT_EQ(open.sessions_size(), 0);
  EXPECT_EQ(open.seed(), 0u);
  EXPECT_EQ(open.item_count(), 5);
  EXPECT_EQ(open.coders_size(), 3);
  ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
  const v1::Study closed = read();
  EXPECT_THAT(std::vector<std::string>(closed.sessions().begin(), closed.sessions().end()),
              ::testing::ElementsAre("a", "b"));
  EXPECT_EQ(closed.seed(), 11u);
}

}  // namespace
}  // namespace plumbline::coding
