#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
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
    const std::set<std::string> words = WordsOf(name);
    for (const char* word : kForbidden) {
      if (words.count(word) > 0 || words.count(absl::StrCat(word, "s")) > 0) breaches.insert(place);
    }
  };
  check(message.name(), message.full_name());
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    check(field.name(), field.full_name());
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
  ASSERT_GE(service->method_count(), 3);
  std::set<const Descriptor*> seen;
  std::set<std::string> breaches;
  for (int i = 0; i < service->method_count(); ++i) Walk(*service->method(i)->output_type(), seen, breaches);
  EXPECT_THAT(breaches, ::testing::IsEmpty());
  EXPECT_GE(seen.size(), 6u);  // the walk went down into items, codes and choices
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

class BlindingOverRpc : public CodingServiceTest {};

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
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Call(*studies_, &v1::StudyService::Stub::CreateStudy, create, &created).ok());
  const std::vector<v1::Item> items = Items("coder-anna");
  ASSERT_EQ(items.size(), 3u);
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
