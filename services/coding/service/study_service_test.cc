#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/service/convert.h"
#include "coding/service/convert_operations.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/prepare_study.h"

// How studies are made, changed and given up; a study from questions to feedback is in coding_service_test.cc.
namespace plumbline::coding {
namespace {

using ::testing::HasSubstr;
using Studies = v1::StudyService::Stub;
using Transcripts = v1::TranscriptService::Stub;

class StudyServiceTest : public CodingServiceTest {
 protected:
  static v1::CreateStudyRequest NewStudy() { return CodingServiceTest::NewStudy({"c1", "c2", "c3"}); }
  // Session "big" with so many questions.
  void ImportQuestions(int count) {
    v1::ImportQuestionsRequest request;
    std::string csv = "session,turn,question\n";
    for (int i = 1; i <= count; ++i) absl::StrAppend(&csv, "big,", i, ",Question ", i, "?\n");
    request.set_csv(csv);
    v1::ImportQuestionsResponse response;
    ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).ok());
  }
  v1::Study Get(const std::string& name) {
    v1::GetStudyRequest request;
    request.set_name(name);
    v1::GetStudyResponse response;
    EXPECT_TRUE(Call(*studies_, &Studies::GetStudy, request, &response).ok());
    return response.study();
  }
  v1::GetStudyProgressResponse Progress() {
    v1::GetStudyProgressRequest request;
    request.set_name("studies/pilot");
    v1::GetStudyProgressResponse response;
    EXPECT_TRUE(Call(*studies_, &Studies::GetStudyProgress, request, &response).ok());
    return response;
  }
  jobs::Handler Prepare() { return MakePrepareStudyHandler(frames_, *store_, ids_, clock_); }
};

TEST_F(StudyServiceTest, RulesAreCheckedByNameAndShown) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy();
  request.mutable_sample()->mutable_share()->set_numerator(3);
  request.mutable_sample()->mutable_share()->set_denominator(2);
  request.mutable_assignment()->set_coders_per_item(4);
  request.set_adjudicator("c1");
  request.mutable_deadline()->set_seconds(1);
  request.set_requires_training("training/none");
  request.set_frame("ofs");
  request.set_purpose(static_cast<v1::StudyPurpose>(77));
  const auto detail = GetErrorDetail(Create(request));
  ASSERT_TRUE(detail.has_value());
  std::set<std::string> fields;
  for (const FieldViolation& violation : detail->violations) fields.insert(violation.field);
  EXPECT_EQ(fields, (std::set<std::string>{"sample.share", "assignment.coders_per_item", "adjudicator", "deadline",
                                           "requires_training", "frame", "purpose"}));
  request = NewStudy();
  request.mutable_sample()->mutable_share()->set_numerator(1);
  request.mutable_sample()->mutable_share()->set_denominator(2);
  request.mutable_assignment()->set_coders_per_item(2);
  request.mutable_assignment()->mutable_repeats()->set_numerator(1);
  request.mutable_assignment()->mutable_repeats()->set_denominator(4);
  request.set_adjudicator("judge");
  request.mutable_deadline()->set_seconds(absl::ToUnixSeconds(clock_.Now()) + 60);
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(request, &created).ok());
  const v1::Study study = Get("studies/pilot");
  EXPECT_EQ(study.SerializeAsString(), created.study().SerializeAsString());
  EXPECT_EQ(study.item_count(), 3);  // 1 of 2, 2 of 3
  EXPECT_EQ(study.session_count(), 2);
  EXPECT_EQ(study.sample().share().denominator(), 2);
  EXPECT_EQ(study.assignment().coders_per_item(), 2);
  EXPECT_EQ(study.assignment().overlap().numerator(), 1);
  EXPECT_EQ(study.assignment().repeats().denominator(), 4);
  EXPECT_EQ(study.adjudicator(), "judge");
  EXPECT_EQ(study.deadline().seconds(), request.deadline().seconds());
  EXPECT_EQ(study.suggestions(), v1::SUGGESTION_MODE_NEVER);
  EXPECT_EQ(study.purpose(), v1::STUDY_PURPOSE_MAIN);
  // Six assignments over three coders, and a repeat for each.
  const auto progress = Progress();
  ASSERT_EQ(progress.coders_size(), 3);
  for (const v1::CoderProgress& coder : progress.coders()) {
    EXPECT_EQ(coder.total(), 3) << coder.coder();
    EXPECT_EQ(coder.late(), 0);
  }
  clock_.Advance(absl::Minutes(2));
  EXPECT_EQ(Progress().coders(0).late(), 3);
}

TEST_F(StudyServiceTest, TitleAndDeadlineMayBeChanged) {
  ImportTwo();
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(NewStudy(), &created).ok());
  v1::UpdateStudyRequest request;
  request.mutable_study()->set_name("studies/pilot");
  v1::UpdateStudyResponse response;
  const auto refused = [&] {
    const auto detail = GetErrorDetail(Call(*studies_, &Studies::UpdateStudy, request, &response));
    return detail && !detail->violations.empty() ? detail->violations[0].field : std::string();
  };
  EXPECT_EQ(refused(), "update_mask");
  request.mutable_update_mask()->add_paths("coders");
  EXPECT_EQ(refused(), "update_mask");
  request.mutable_update_mask()->set_paths(0, "title");
  EXPECT_EQ(refused(), "title");
  request.mutable_study()->set_title("Pilot of spring");
  request.mutable_update_mask()->add_paths("deadline");
  request.mutable_study()->mutable_deadline()->set_seconds(1);
  EXPECT_EQ(refused(), "study.deadline");
  request.mutable_study()->mutable_deadline()->set_seconds(absl::ToUnixSeconds(clock_.Now()) + 60);
  request.set_etag("another");
  EXPECT_EQ(Call(*studies_, &Studies::UpdateStudy, request, &response).code(), absl::StatusCode::kAborted);
  request.set_etag(created.study().etag());
  ASSERT_TRUE(Call(*studies_, &Studies::UpdateStudy, request, &response).ok());
  EXPECT_EQ(response.study().title(), "Pilot of spring");
  EXPECT_NE(response.study().etag(), created.study().etag());
  EXPECT_EQ(store_->audit().back().entry.detail, "fields: title deadline");
  // Removed again.
  request.set_etag("");
  request.mutable_update_mask()->mutable_paths()->DeleteSubrange(0, 1);
  request.mutable_study()->clear_deadline();
  ASSERT_TRUE(Call(*studies_, &Studies::UpdateStudy, request, &response).ok());
  EXPECT_FALSE(response.study().has_deadline());
  ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
  EXPECT_EQ(Reason(Call(*studies_, &Studies::UpdateStudy, request, &response)), "STUDY_CLOSED");
}

TEST_F(StudyServiceTest, TheKeyComesInPagesAndEveryOpeningIsRecorded) {
  ImportTwo();
  ASSERT_TRUE(Create(NewStudy()).ok());
  v1::ListStudyKeyRequest request;
  request.set_name("studies/pilot");
  request.set_page_size(1);
  v1::ListStudyKeyResponse page;
  EXPECT_EQ(Reason(Call(*studies_, &Studies::ListStudyKey, request, &page)), "KEY_SEALED");
  EXPECT_EQ(page.entries_size(), 0);
  EXPECT_EQ(store_->audit().back().entry.action, "study.open_key.refused");
  ASSERT_TRUE(Close(/*allow_missing=*/true).ok());
  std::vector<std::string> sessions;
  do {
    ASSERT_TRUE(Call(*studies_, &Studies::ListStudyKey, request, &page).ok());
    for (const v1::StudyKeyEntry& entry : page.entries()) sessions.push_back(entry.session());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_THAT(sessions, ::testing::ElementsAre("a", "a", "b", "b", "b"));
  std::vector<std::string> lines;
  for (const auto& line : store_->audit()) {
    if (line.entry.action == "study.open_key") lines.push_back(line.entry.detail);
  }
  EXPECT_THAT(lines, ::testing::ElementsAre("sessions after=0 until=1", "sessions after=1 until=2"));
  // A token that was made up, or is somebody else's, opens no page in silence, nor one that is far beyond.
  const std::string token = EncodePageToken("ListStudyKey/pilot", "1");
  request.set_page_token(token);
  ASSERT_TRUE(CallAs("eve", *studies_, &Studies::ListStudyKey, request, &page).ok());
  EXPECT_EQ(store_->audit().back().actor, "eve");
  EXPECT_EQ(store_->audit().back().entry.action, "study.open_key");
  request.set_page_token(EncodePageToken("ListStudyKey/pilot", "2147483647"));
  EXPECT_TRUE(absl::IsInvalidArgument(Call(*studies_, &Studies::ListStudyKey, request, &page)));
}

TEST_F(StudyServiceTest, PairsAreRefusedWhereTheFrameTakesNone) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy();
  request.set_pairs_csv("session,first,second\na,one,two\n");
  EXPECT_THAT(std::string(Create(request).message()), HasSubstr("pairs_csv"));  // the frame codes questions
  request.set_pairs_csv("session,first\na,one\n");
  EXPECT_EQ(Create(request).code(), absl::StatusCode::kInvalidArgument);
}

// The same person has the same number in all texts of a session, so that who compares them sees it.
TEST_F(StudyServiceTest, PairsAreStoredWithoutWhatIdentifiesPeople) {
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy();
  request.set_request_id("r1");
  request.set_frame("frames/goal-alignment");
  request.clear_sessions();
  request.add_sessions("a");
  const std::string table =
      "session,first,second\na,Mrs Brown is to ring 07700 900123,Mr Jones is to ring\na,Stay at school,Mrs Brown is "
      "calm\n";
  request.set_pairs_csv(table);
  ASSERT_TRUE(Create(request).ok());
  std::set<std::string> texts;
  for (const v1::Item& item : Items("c1")) texts.insert(item.text() + "|" + item.second_text());
  EXPECT_EQ(texts, (std::set<std::string>{"Mrs [PERSON-1] is to ring [PHONE-1]|Mr [PERSON-2] is to ring",
                                          "Stay at school|Mrs [PERSON-1] is calm"}));
  EXPECT_TRUE(Create(request).ok());  // a repeat
  request.set_pairs_csv(table + "a,One,Two\n");
  EXPECT_EQ(Reason(Create(request)), "REQUEST_ID_REUSED");
}

// An operation that goes on with a study which was given up meanwhile must not fill the one that took its id: its items
// would be drawn by the seed of the first.
TEST_F(StudyServiceTest, AnOperationMakesNoOtherStudyThanItsOwn) {
  ImportQuestions(17'000);
  v1::CreateStudyRequest request = NewStudy();
  request.clear_sessions();
  request.add_sessions("big");
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(request, &created).ok());
  const std::string first = created.operation().name();
  class Interrupted : public TestContext {
   public:
    Interrupted(jobs::Operation operation, std::function<void()> interrupt)
        : TestContext(std::move(operation)), interrupt_(std::move(interrupt)) {}
    absl::Status ShouldStop() override {
      if (interrupt_) std::exchange(interrupt_, nullptr)();
      return absl::OkStatus();
    }

   private:
    std::function<void()> interrupt_;
  };
  Interrupted context(Claimed(created.operation().name()).operation(), [&] {
    v1::DeleteStudyRequest remove;
    remove.set_name("studies/pilot");
    v1::DeleteStudyResponse removed;
    ASSERT_TRUE(Call(*studies_, &Studies::DeleteStudy, remove, &removed).ok());
    clock_.Advance(absl::Seconds(1));
    ASSERT_TRUE(Create(request, &created).ok());
  });
  EXPECT_EQ(Reason(Prepare()(context)), "STUDY_REPLACED");
  EXPECT_TRUE(store_->state().studies.at("pilot").items.empty());
  // The same where it starts only now.
  TestContext late = Claimed(first);
  EXPECT_EQ(Reason(Prepare()(late)), "STUDY_REPLACED");
  EXPECT_TRUE(store_->state().studies.at("pilot").items.empty());
  TestContext own = Claimed(created.operation().name());
  ASSERT_TRUE(Prepare()(own).ok());
  EXPECT_EQ(Get("studies/pilot").state(), v1::STUDY_STATE_OPEN);
}

TEST_F(StudyServiceTest, ALargeStudyIsMadeByAnOperationThatMayBeBroken) {
  constexpr int kQuestions = 17'000;
  ImportQuestions(kQuestions);
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy();
  request.add_sessions("big");
  request.mutable_assignment()->mutable_repeats()->set_numerator(1);
  request.mutable_assignment()->mutable_repeats()->set_denominator(100);
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(request, &created).ok());
  EXPECT_EQ(created.study().state(), v1::STUDY_STATE_PREPARING);
  EXPECT_EQ(created.study().item_count(), kQuestions + 5);
  ASSERT_EQ(submitter_.submitted.size(), 1u);
  EXPECT_EQ(submitter_.submitted[0].kind, kPrepareStudyKind);
  EXPECT_EQ(created.operation().target(), "studies/pilot");
  EXPECT_EQ(Reason(Close()), "STUDY_PREPARING");
  EXPECT_EQ(Reason(Submit(CodeRequest("c1", "none", true, "1"))), "STUDY_PREPARING");

  // A run that is stopped again and again, each time by another worker, makes the same as one that is not.
  int runs = 0;
  for (; Get("studies/pilot").state() == v1::STUDY_STATE_PREPARING; ++runs) {
    ASSERT_LT(runs, 20);
    class StopsAtThirdLook : public TestContext {
     public:
      using TestContext::TestContext;
      absl::Status ShouldStop() override { return ++looks_ == 3 ? absl::UnavailableError("drains") : absl::OkStatus(); }

     private:
      int looks_ = 0;
    };
    StopsAtThirdLook context(Claimed(created.operation().name()).operation());
    const absl::Status run = Prepare()(context);
    EXPECT_TRUE(run.ok() || absl::IsUnavailable(run)) << run;
  }
  EXPECT_GT(runs, 2);
  EXPECT_EQ(store_->audit().back().entry.action, "study.open");
  const FakeCodingState broken = store_->state();
  const auto& made = broken.studies.at("pilot");
  EXPECT_FALSE(made.preparation.has_value());
  EXPECT_EQ(made.items.size(), static_cast<size_t>(kQuestions + 5 + 3 * 171));
  for (const char* coder : {"c1", "c2", "c3"}) {
    const auto& batch = made.batches.at(coder);
    EXPECT_EQ(batch.size(), static_cast<size_t>(kQuestions + 5 + 171));
    EXPECT_EQ(std::set<std::string>(batch.begin(), batch.end()).size(), batch.size());
  }
  // The same as a plan made at once: items at the same places, batches in the same order.
  std::vector<SessionSource> sources;
  for (const char* session : {"a", "b", "big"}) {
    sources.push_back({session, broken.transcripts.at(session).questions});
  }
  const Study& study = made.study;
  SeededIds other(99);
  Frame frame;
  for (const Frame& shipped : Shipped()) {
    if (shipped.id == "ofs-pilot") frame = shipped;
  }
  const auto plan = PlanStudy(study, frame, sources, other);
  ASSERT_TRUE(plan.ok()) << plan.status();
  for (size_t c = 0; c < 3; ++c) {
    const auto& batch = made.batches.at(study.coders[c]);
    ASSERT_EQ(batch.size(), plan->orders[c].size());
    for (size_t p = 0; p < batch.size(); ++p) {
      const StudyItem& planned = plan->items[plan->orders[c][p]];
      const StudyItem& stored = made.items.at(batch[p]);
      ASSERT_EQ(stored.number, planned.number) << c << " " << p;
      ASSERT_EQ(stored.repeat_of.empty(), planned.repeat_of.empty());
      ASSERT_EQ(stored.text, planned.text);
    }
  }
}

TEST_F(StudyServiceTest, AStudyThatIsNotMadeYetCanBeGivenUp) {
  ImportQuestions(17'000);
  ImportTwo();
  v1::CreateStudyRequest request = NewStudy();
  request.add_sessions("big");
  v1::CreateStudyResponse created;
  ASSERT_TRUE(Create(request, &created).ok());
  v1::DeleteStudyRequest remove;
  remove.set_name("studies/pilot");
  v1::DeleteStudyResponse removed;
  ASSERT_TRUE(Call(*studies_, &Studies::DeleteStudy, remove, &removed).ok());
  EXPECT_EQ(Call(*studies_, &Studies::DeleteStudy, remove, &removed).code(), absl::StatusCode::kNotFound);
  TestContext context(Claimed(created.operation().name()));
  EXPECT_EQ(Prepare()(context).code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Create(NewStudy()).ok());
  EXPECT_EQ(Reason(Call(*studies_, &Studies::DeleteStudy, remove, &removed)), "STUDY_PREPARED");
}

}  // namespace
}  // namespace plumbline::coding
