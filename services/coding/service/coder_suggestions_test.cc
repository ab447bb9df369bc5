#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/batch_csv.h"
#include "coding/domain/test_violations.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/create_study_report.h"

// When the desk shows what the pre-coder proposes, and that nothing else follows from it.
namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Coders = v1::CoderService::Stub;
using Studies = v1::StudyService::Stub;

constexpr char kWants[] = "What does she want?";   // outcomes-focused by the shipped rules, entry 1
constexpr char kKnow[] = "How will she know?";     // the same, entry 2
constexpr char kUpToDate[] = "Is it up to date?";  // none of them fires

class CoderSuggestionsTest : public CodingServiceTest {
 protected:
  // The sessions of ImportTwo, by c1 and c2.
  static v1::CreateStudyRequest NewStudy(v1::SuggestionMode mode, const std::string& id = "pilot") {
    v1::CreateStudyRequest request = CodingServiceTest::NewStudy({"c1", "c2"});
    request.set_study_id(id);
    request.set_suggestions(mode);
    return request;
  }
  void ImportAndCreate(v1::SuggestionMode mode) {
    ImportTwo();
    const absl::Status status = Create(NewStudy(mode));
    ASSERT_TRUE(status.ok()) << status;
  }

  // The suggestions that ListItems shows, by the question's words; GetItem must show the same.
  std::map<std::string, v1::Suggestion> Shown(const std::string& coder) {
    std::map<std::string, v1::Suggestion> shown;
    for (const v1::Item& item : Items(coder)) {
      v1::GetItemRequest request;
      request.set_study("studies/pilot");
      request.set_coder(coder);
      request.set_item(item.id());
      v1::GetItemResponse response;
      EXPECT_TRUE(Call(*coder_, &Coders::GetItem, request, &response).ok());
      EXPECT_EQ(response.item().SerializeAsString(), item.SerializeAsString());
      if (item.has_suggestion()) shown[item.text()] = item.suggestion();
    }
    return shown;
  }
  static std::vector<std::string> Texts(const std::map<std::string, v1::Suggestion>& shown) {
    std::vector<std::string> texts;
    for (const auto& [text, suggestion] : shown) texts.push_back(text);
    return texts;
  }

  std::string IdOf(const std::string& coder, const std::string& text) {
    for (const v1::Item& item : Items(coder)) {
      if (item.text() == text) return item.id();
    }
    ADD_FAILURE() << coder << " has no item " << text;
    return "";
  }
  absl::Status Answer(const std::string& coder, const std::string& text, bool yes) {
    return Submit(CodeRequest(coder, IdOf(coder, text), yes, ""));
  }
  absl::Status Skip(const std::string& coder, const std::string& text) {
    v1::SubmitCodeRequest request = CodeRequest(coder, IdOf(coder, text), false, "");
    request.mutable_code()->Clear();
    request.mutable_code()->set_skip_reason("cannot tell");
    return Submit(request);
  }
  std::string Export(const std::string& coder) {
    v1::ExportBatchRequest request;
    request.set_study("studies/pilot");
    request.set_coder(coder);
    v1::ExportBatchResponse response;
    EXPECT_TRUE(Call(*coder_, &Coders::ExportBatch, request, &response).ok());
    return response.csv();
  }
};

TEST_F(CoderSuggestionsTest, AreRefusedBesideItemsThatComeASecondTime) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy(v1::SUGGESTION_MODE_AFTER_ANSWER);
  request.mutable_assignment()->mutable_repeats()->set_numerator(1);
  request.mutable_assignment()->mutable_repeats()->set_denominator(4);
  EXPECT_THAT(ViolationsText(Create(request)), HasSubstr("suggestions: value \"set\": must be never where items"));
  request.set_suggestions(v1::SUGGESTION_MODE_NEVER);
  EXPECT_TRUE(Create(request).ok());
}

TEST_F(CoderSuggestionsTest, BeforeTheAnswerEveryItemHasOne) {
  ImportAndCreate(v1::SUGGESTION_MODE_BEFORE_ANSWER);
  const auto shown = Shown("c1");
  ASSERT_EQ(shown.size(), 5u);
  const v1::Suggestion& wants = shown.at(kWants);
  EXPECT_TRUE(wants.outcomes_focused());
  EXPECT_EQ(wants.nomination(), "1");
  EXPECT_EQ(wants.rules(), "ofs-pilot@1");
  ASSERT_GE(wants.reasons_size(), 1);
  EXPECT_EQ(wants.reasons(0).rule(), "help-wanted");
  EXPECT_EQ(wants.reasons(0).reason(), "asks what the family wants or needs help with");
  EXPECT_EQ(wants.reasons(0).words(), "what does she want");
  EXPECT_EQ(shown.at(kKnow).nomination(), "2");
  // That nothing speaks for a question is a suggestion, too.
  const v1::Suggestion& up_to_date = shown.at(kUpToDate);
  EXPECT_FALSE(up_to_date.outcomes_focused());
  EXPECT_EQ(up_to_date.nomination(), "");
  EXPECT_EQ(up_to_date.rules(), "ofs-pilot@1");
  // An answer or a skip changes nothing.
  ASSERT_TRUE(Answer("c1", kWants, false).ok());
  ASSERT_TRUE(Skip("c1", kKnow).ok());
  EXPECT_EQ(Shown("c1").size(), 5u);
}

TEST_F(CoderSuggestionsTest, AfterTheAnswerOnlyWhatThisCoderHasAnswered) {
  ImportAndCreate(v1::SUGGESTION_MODE_AFTER_ANSWER);
  EXPECT_THAT(Shown("c1"), IsEmpty());
  ASSERT_TRUE(Skip("c1", kWants).ok());
  EXPECT_THAT(Shown("c1"), IsEmpty()) << "a skip is no answer";
  ASSERT_TRUE(Answer("c1", kKnow, false).ok());
  EXPECT_THAT(Texts(Shown("c1")), ::testing::ElementsAre(kKnow));
  EXPECT_EQ(Shown("c1").at(kKnow).nomination(), "2");
  EXPECT_THAT(Shown("c2"), IsEmpty()) << "another coder's answer shows nothing";
  ASSERT_TRUE(Answer("c1", kWants, true).ok());
  EXPECT_THAT(Texts(Shown("c1")), ::testing::ElementsAre(kKnow, kWants));
  // An answer that is taken back for a skip takes the suggestion with it.
  ASSERT_TRUE(Skip("c1", kKnow).ok());
  EXPECT_THAT(Texts(Shown("c1")), ::testing::ElementsAre(kWants));
  // What was answered before the suggestion was shown stays on record.
  ASSERT_TRUE(Answer("c1", kWants, false).ok());
  v1::ListCodeVersionsRequest versions;
  versions.set_study("studies/pilot");
  versions.set_coder("c1");
  versions.set_item(IdOf("c1", kWants));
  v1::ListCodeVersionsResponse codes;
  ASSERT_TRUE(Call(*coder_, &Coders::ListCodeVersions, versions, &codes).ok());
  ASSERT_EQ(codes.codes_size(), 3);
  EXPECT_TRUE(codes.codes(1).outcomes_focused());
  // Closing shows no more.
  ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
  EXPECT_THAT(Texts(Shown("c1")), ::testing::ElementsAre(kWants));
  EXPECT_THAT(Shown("c2"), IsEmpty());
}

TEST_F(CoderSuggestionsTest, NeverIsNever) {
  for (const v1::SuggestionMode mode : {v1::SUGGESTION_MODE_NEVER, v1::SUGGESTION_MODE_UNSPECIFIED}) {
    store_->set_state({});
    ImportAndCreate(mode);
    EXPECT_THAT(Shown("c1"), IsEmpty());
    for (const char* text : {kWants, kKnow, kUpToDate}) ASSERT_TRUE(Answer("c1", text, true).ok());
    EXPECT_THAT(Shown("c1"), IsEmpty());
    ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
    EXPECT_THAT(Shown("c1"), IsEmpty());
  }
}

// What coders are shown does not change while they code: a release with other rules shows nothing in a study that was
// made with the rules before.
TEST_F(CoderSuggestionsTest, LaterRulesShowNothingInAnEarlierStudy) {
  ImportAndCreate(v1::SUGGESTION_MODE_BEFORE_ANSWER);
  ASSERT_EQ(Shown("c1").size(), 5u);
  Suggesters later;
  for (const auto& [id, suggester] : suggesters_) {
    SuggestionRules rules = suggester.rules();
    ++rules.version;
    for (const Frame& frame : Shipped()) {
      if (!suggester.Fits(frame)) continue;
      auto made = Suggester::Create(rules, frame);
      ASSERT_TRUE(made.ok()) << made.status();
      later.emplace(id, *std::move(made));
    }
  }
  CoderService service(frames_, later, *store_, submitter_, handlers_);
  const auto server = rpc::Server::Start({.listen = "", .services = {&service}});
  ASSERT_TRUE(server.ok()) << server.status();
  coder_ = v1::CoderService::NewStub((*server)->InProcessChannel());
  EXPECT_EQ(Items("c1").size(), 5u);
  EXPECT_THAT(Shown("c1"), IsEmpty());
}

// The adjudicator codes, too: what holds for a coder holds for them, by their own answers.
TEST_F(CoderSuggestionsTest, TheAdjudicatorsDeskFollowsTheSameRule) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy(v1::SUGGESTION_MODE_AFTER_ANSWER);
  request.set_adjudicator("judge");
  ASSERT_TRUE(Create(request).ok());
  for (const char* coder : {"c1", "c2"}) {
    for (const v1::Item& item : Items(coder)) {
      const bool yes = item.text() == kWants || (item.text() == kKnow && std::string(coder) == "c1");
      ASSERT_TRUE(Submit(CodeRequest(coder, item.id(), yes, "")).ok());
    }
  }
  v1::OpenAdjudicationRequest open;
  open.set_name("studies/pilot");
  v1::OpenAdjudicationResponse opened;
  ASSERT_TRUE(Call(*studies_, &Studies::OpenAdjudication, open, &opened).ok());
  ASSERT_EQ(Items("judge").size(), 1u);
  EXPECT_THAT(Shown("judge"), IsEmpty());
  ASSERT_TRUE(Skip("judge", kKnow).ok());
  EXPECT_THAT(Shown("judge"), IsEmpty());
  ASSERT_TRUE(Answer("judge", kKnow, true).ok());
  EXPECT_THAT(Texts(Shown("judge")), ::testing::ElementsAre(kKnow));
}

TEST_F(CoderSuggestionsTest, AStudyThatCouldShowNoneIsRefused) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy(v1::SUGGESTION_MODE_BEFORE_ANSWER);
  request.set_frame("frames/binary");
  const absl::Status refused = Create(request);
  EXPECT_EQ(refused.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ViolationsText(refused),
            "suggestions: value \"SUGGESTION_MODE_BEFORE_ANSWER\": must be SUGGESTION_MODE_NEVER for frames/binary "
            "version 1: the pre-coder has no rules for it, but for frames/ofs-pilot version 1\n");
  request.set_suggestions(v1::SUGGESTION_MODE_NEVER);
  EXPECT_TRUE(Create(request).ok());
  // In training it is the coder who is tried.
  request = NewStudy(v1::SUGGESTION_MODE_AFTER_ANSWER, "training");
  request.set_purpose(v1::STUDY_PURPOSE_TRAINING);
  EXPECT_THAT(ViolationsText(Create(request)), HasSubstr("must be never in a training study"));
  // The audit log says which rules the coders were shown.
  ASSERT_TRUE(Create(NewStudy(v1::SUGGESTION_MODE_AFTER_ANSWER, "shown")).ok());
  EXPECT_THAT(store_->audit().back().entry.detail, HasSubstr("suggestions=ofs-pilot@1"));
}

// The table is handed out before the answers, and a coder keeps it.
TEST_F(CoderSuggestionsTest, ATableForOfflineWorkHoldsNone) {
  ImportAndCreate(v1::SUGGESTION_MODE_BEFORE_ANSWER);
  ASSERT_TRUE(Answer("c1", kWants, true).ok());
  const std::string table = Export("c1");
  Frame frame;
  for (const Frame& shipped : Shipped()) {
    if (shipped.id == "ofs-pilot") frame = shipped;
  }
  EXPECT_EQ(table.substr(0, table.find('\n') + 1), BatchHeader(frame));
  EXPECT_THAT(table, Not(HasSubstr("asks what")));
  EXPECT_THAT(table, Not(HasSubstr("ofs-pilot@1")));
}

// Answers from a table are answers.
TEST_F(CoderSuggestionsTest, AnImportedAnswerShowsTheSuggestion) {
  ImportAndCreate(v1::SUGGESTION_MODE_AFTER_ANSWER);
  v1::ImportBatchRequest request;
  request.set_study("studies/pilot");
  request.set_coder("c1");
  request.set_csv(absl::StrCat("item,outcomes_focused,nominated,skip_reason,version\n", IdOf("c1", kWants), ",0,,,0\n",
                               IdOf("c1", kKnow), ",,,cannot tell,0\n"));
  v1::ImportBatchResponse response;
  const absl::Status status = Call(*coder_, &Coders::ImportBatch, request, &response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(Texts(Shown("c1")), ::testing::ElementsAre(kWants));
}

// The same words asked in two sessions get the same bytes: nothing of a session can be in them.
TEST_F(CoderSuggestionsTest, ASuggestionIsAFunctionOfTheWords) {
  ASSERT_TRUE(Import("a", "Supervisor: What does she want?\nWorker: She wants to stay at her own school.\n").ok());
  ASSERT_TRUE(Import("b", "Manager: Hello.\nSupervisor: Fine. What does she want?\nWorker: Peace.\n").ok());
  ASSERT_TRUE(Create(NewStudy(v1::SUGGESTION_MODE_BEFORE_ANSWER)).ok());
  std::vector<std::string> bytes;
  for (const char* coder : {"c1", "c2"}) {
    for (const v1::Item& item : Items(coder)) {
      ASSERT_EQ(item.text(), kWants);
      bytes.push_back(item.suggestion().SerializeAsString());
    }
  }
  ASSERT_EQ(bytes.size(), 4u);
  for (const std::string& of_item : bytes) EXPECT_EQ(of_item, bytes[0]);
  EXPECT_NE(bytes[0], "");
}

// The same answers make the same results and reports, whatever the coders were shown: a suggestion is nobody's code.
// How far the coders agree with what is proposed is told only where they did not see it.
TEST_F(CoderSuggestionsTest, ResultsDoNotKnowOfSuggestions) {
  std::string expected;
  for (const v1::SuggestionMode mode :
       {v1::SUGGESTION_MODE_NEVER, v1::SUGGESTION_MODE_AFTER_ANSWER, v1::SUGGESTION_MODE_BEFORE_ANSWER}) {
    store_->set_state({});
    ImportAndCreate(mode);
    // c2 disagrees on one, and leaves one out.
    for (const char* text : {kWants, kKnow}) ASSERT_TRUE(Answer("c1", text, false).ok());
    ASSERT_TRUE(Answer("c2", kWants, true).ok());
    v1::GetStudyProgressRequest ask;
    ask.set_name("studies/pilot");
    v1::GetStudyProgressResponse progress;
    ASSERT_TRUE(Call(*studies_, &Studies::GetStudyProgress, ask, &progress).ok());
    ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
    v1::GetStudyResultsRequest get;
    get.set_name("studies/pilot");
    v1::GetStudyResultsResponse results;
    ASSERT_TRUE(Call(*studies_, &Studies::GetStudyResults, get, &results).ok());
    EXPECT_EQ(results.results().missing_codes(), 7);  // five items, two coders, three codes
    v1::CreateStudyReportRequest make;
    make.set_study("studies/pilot");
    v1::CreateStudyReportResponse making;
    ASSERT_TRUE(Call(*results_, &v1::ResultService::Stub::CreateStudyReport, make, &making).ok());
    TestContext context = Claimed(making.operation().name());
    ASSERT_TRUE(MakeCreateStudyReportHandler(frames_, suggesters_, *store_, clock_)(context).ok());
    v1::GetStudyReportRequest get_report;
    get_report.set_study("studies/pilot");
    v1::GetStudyReportResponse report;
    ASSERT_TRUE(Call(*results_, &v1::ResultService::Stub::GetStudyReport, get_report, &report).ok());
    EXPECT_EQ(report.report().has_suggestions(), mode == v1::SUGGESTION_MODE_NEVER);
    report.mutable_report()->clear_suggestions();
    const std::string all = progress.ShortDebugString() + results.ShortDebugString() + report.ShortDebugString();
    if (expected.empty()) expected = all;
    EXPECT_EQ(all, expected) << v1::SuggestionMode_Name(mode);
  }
}

}  // namespace
}  // namespace plumbline::coding
