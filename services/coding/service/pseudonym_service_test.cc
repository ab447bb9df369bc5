#include <optional>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/test_violations.h"
#include "coding/service/pseudonymizer.h"
#include "coding/service/test_fixture.h"
#include "coding/worker/batch_import.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using Transcripts = v1::TranscriptService::Stub;
using Pseudonyms = v1::PseudonymService::Stub;

class PseudonymServiceTest : public CodingServiceTest {
 protected:
  static v1::TranscriptSource Source(const std::string& session, const std::string& content,
                                     const std::string& family = "f") {
    v1::TranscriptSource source;
    source.set_session(session);
    source.set_content(content);
    source.mutable_pseudonyms()->set_family(family);
    v1::Identity& kelly = *source.mutable_pseudonyms()->add_identities();
    kelly.set_given_name("Kelly");
    kelly.set_family_name("Smithson");
    return source;
  }
  absl::Status ImportSource(const v1::TranscriptSource& source, v1::ImportTranscriptResponse* response = nullptr,
                            const std::string& request_id = "") {
    v1::ImportTranscriptRequest request;
    request.set_request_id(request_id);
    *request.mutable_source() = source;
    v1::ImportTranscriptResponse ignored;
    return Call(*transcripts_, &Transcripts::ImportTranscript, request, response == nullptr ? &ignored : response);
  }
  std::vector<std::string> Turns(const std::string& session) {
    v1::GetTranscriptRequest request;
    request.set_name("transcripts/" + session);
    v1::GetTranscriptResponse response;
    EXPECT_TRUE(Call(*transcripts_, &Transcripts::GetTranscript, request, &response).ok());
    std::vector<std::string> turns;
    for (const v1::Turn& turn : response.transcript().turns()) {
      turns.push_back(absl::StrCat(turn.speaker(), ": ", turn.text()));
    }
    return turns;
  }
  v1::GetPseudonymReportResponse ReportOf(const std::string& name) {
    v1::GetPseudonymReportRequest request;
    request.set_name(name);
    v1::GetPseudonymReportResponse response;
    const absl::Status status = Call(*pseudonyms_, &Pseudonyms::GetPseudonymReport, request, &response);
    EXPECT_TRUE(status.ok()) << status;
    return response;
  }
};

TEST_F(PseudonymServiceTest, NamesAreReplacedBeforeAnythingIsStored) {
  v1::ImportTranscriptResponse response;
  ASSERT_TRUE(
      ImportSource(Source("a", "Supervisor: How is Kelly? My name is Tove.\nTove Lund: Kelly is well.\n"), &response)
          .ok());
  EXPECT_THAT(Turns("a"),
              ElementsAre("Supervisor: How is [PERSON-1]? My name is [PERSON-2].", "[PERSON-2]: [PERSON-1] is well."));
  EXPECT_THAT(response.ShortDebugString(), Not(HasSubstr("Kelly")));
  EXPECT_THAT(response.ShortDebugString(), Not(HasSubstr("Tove")));
  EXPECT_EQ(store_->state().transcripts.at("a").questions.at(0).text, "How is [PERSON-1]?");
  EXPECT_EQ(response.transcript().pseudonyms().rules_version(), kPseudonymRules);
  const v1::GetPseudonymReportResponse report = ReportOf("transcripts/a");
  EXPECT_EQ(report.transcript_count(), 1);
  EXPECT_GT(report.counts_size(), 1);
  EXPECT_TRUE(report.remembers());
}

// The captions are searched before turns are guessed; the person is the same there, in the turns and in other sessions.
TEST_F(PseudonymServiceTest, CaptionsWithoutSpeakersAreSearchedBeforeTurnsAreSuggested) {
  v1::ImportTranscriptResponse response;
  const absl::Status status = ImportSource(Source("a",
                                                  "WEBVTT\n\n00:00.000 --> 00:04.000\nwhat is her number then\n\n"
                                                  "00:04.000 --> 00:08.000\nI'm not sure kelly\n\n"
                                                  "00:08.000 --> 00:12.000\nsmithson has oh seven seven double oh\n\n"
                                                  "00:12.000 --> 00:16.000\nnine oh oh one two oh what is yours\n"),
                                           &response);
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_THAT(Turns("a"), ElementsAre("A: what is her number then", "B: I'm not sure [PERSON-1] has [PHONE-1]",
                                      "A: what is yours"));
  EXPECT_EQ(response.report().started_turn_count(), 3);
  ASSERT_TRUE(ImportSource(Source("b", "Supervisor: Kelly came?\n")).ok());
  EXPECT_THAT(Turns("b"), ElementsAre("Supervisor: [PERSON-1] came?"));
  int mentions = 0;
  for (const v1::PseudonymCount& count : response.transcript().pseudonyms().counts()) mentions += count.mentions();
  EXPECT_EQ(mentions, 2);
  EXPECT_EQ(response.transcript().pseudonyms().word_count(), 25);
  // Off is off.
  v1::TranscriptSource off = Source("c", "WEBVTT\n\n00:00.000 --> 00:04.000\nit is 07700 900123\n\n");
  off.mutable_pseudonyms()->Clear();
  off.mutable_pseudonyms()->set_mode(v1::PSEUDONYM_MODE_OFF);
  ASSERT_TRUE(ImportSource(off).ok());
  EXPECT_THAT(Turns("c"), ElementsAre(HasSubstr("07700 900123")));
}

// What only the turns show gets a number of its own; what the captions showed keeps it.
TEST_F(PseudonymServiceTest, NumbersOfCaptionsAndTurnsAreOfOnePiece) {
  const PseudonymChoice choice;
  std::vector<Cue> cues(2);
  cues[0].text = "mr dahl what is your name";
  cues[1].text = "tove from mr dahl";
  const std::optional<Hidden> captions = HideIdentifiers(choice, cues);
  EXPECT_EQ(cues[0].text, "mr [PERSON-1] what is your name");
  EXPECT_EQ(cues[1].text, "tove from mr [PERSON-1]");
  Transcript transcript;
  for (const Cue& cue : cues) {
    Turn turn;
    turn.text = cue.text;
    transcript.turns.push_back(turn);
  }
  const Hidden hidden = HideIdentifiers(choice, transcript, captions);
  EXPECT_EQ(transcript.turns[1].text, "[PERSON-2] from mr [PERSON-1]");
  EXPECT_EQ(hidden.local, (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(hidden.record.words, captions->record.words);
  EXPECT_TRUE(hidden.written.empty());
  int mentions = 0;
  for (const auto& [what, count] : hidden.record.counts) mentions += count;
  EXPECT_EQ(mentions, 3);
}

TEST_F(PseudonymServiceTest, APersonKeepsTheNumberOverTheSessionsOfAFamily) {
  ASSERT_TRUE(ImportSource(Source("a", "Supervisor: Mr Dahl and Kelly came?\n")).ok());
  ASSERT_TRUE(ImportSource(Source("b", "Supervisor: Kelly came, and Mrs Berg, without Mr Dahl?\n")).ok());
  ASSERT_TRUE(ImportSource(Source("c", "Supervisor: Kelly came?\n", "g")).ok());
  EXPECT_THAT(Turns("a"), ElementsAre("Supervisor: Mr [PERSON-1] and [PERSON-2] came?"));
  EXPECT_THAT(Turns("b"), ElementsAre("Supervisor: [PERSON-2] came, and Mrs [PERSON-3], without Mr [PERSON-1]?"));
  EXPECT_THAT(Turns("c"), ElementsAre("Supervisor: [PERSON-1] came?"));
  EXPECT_EQ(store_->state().transcripts.at("b").questions.at(0).text,
            "[PERSON-2] came, and Mrs [PERSON-3], without Mr [PERSON-1]?");
  const v1::GetPseudonymReportResponse report = ReportOf("families/f");
  EXPECT_EQ(report.transcript_count(), 2);
  EXPECT_GT(report.remembered_count(), 2);
  // What is remembered are keyed hashes.
  const FakeCodingState state = store_->state();
  for (const auto& [key, row] : state.pseudonyms.rows.at("families/f")) {
    EXPECT_THAT(row.key, ::testing::MatchesRegex("test:[0-9a-f]+")) << row.key;
  }
}

TEST_F(PseudonymServiceTest, ADestroyedMapIsGoneAndItsNumbersAreNotGivenAgain) {
  ASSERT_TRUE(ImportSource(Source("a", "Supervisor: Kelly came?\n")).ok());
  v1::DestroyPseudonymMapRequest request;
  request.set_request_id("r1");
  request.set_name("families/f");
  v1::DestroyPseudonymMapResponse response;
  ASSERT_TRUE(Call(*pseudonyms_, &Pseudonyms::DestroyPseudonymMap, request, &response).ok());
  EXPECT_GT(response.destroyed_count(), 0);
  const int destroyed = response.destroyed_count();
  ASSERT_TRUE(Call(*pseudonyms_, &Pseudonyms::DestroyPseudonymMap, request, &response).ok());
  EXPECT_EQ(response.destroyed_count(), destroyed);  // the first answer
  EXPECT_EQ(ReportOf("families/f").remembered_count(), 0);
  ASSERT_TRUE(ImportSource(Source("b", "Supervisor: Kelly came?\n")).ok());
  EXPECT_THAT(Turns("b"), ElementsAre("Supervisor: [PERSON-2] came?"));
}

TEST_F(PseudonymServiceTest, WithoutAKeyNothingIsRememberedButNoNumberIsGivenTwice) {
  FakePseudonymState state;
  FakePseudonyms fake(state);
  PseudonymChoice choice;
  choice.family = "f";
  const auto numbers = [&](const std::vector<std::string>& texts) {
    PseudonymMemory memory(fake, nullptr);
    std::string out;
    for (const std::string& text : texts) {
      Transcript transcript;
      Turn turn;
      turn.text = text;
      transcript.turns.push_back(turn);
      const Hidden hidden = HideIdentifiers(choice, transcript);
      Renumber(*memory.Number("families/f", hidden), transcript);
      absl::StrAppend(&out, transcript.turns[0].text, "\n");
    }
    EXPECT_TRUE(memory.Save().ok());
    return out;
  };
  // The same within one request, another number in the next.
  EXPECT_EQ(numbers({"I met Mr Dahl.", "We saw Mrs Berg and Mr Dahl."}),
            "I met Mr [PERSON-1].\nWe saw Mrs [PERSON-2] and Mr [PERSON-1].\n");
  EXPECT_EQ(numbers({"I met Mr Dahl."}), "I met Mr [PERSON-3].\n");
  EXPECT_TRUE(state.rows.empty());
}

TEST_F(PseudonymServiceTest, OffIsSaidOpenlyAndTakesNoList) {
  v1::TranscriptSource source;
  source.set_session("a");
  source.set_content("Supervisor: Mr Dahl came?\n");
  source.mutable_pseudonyms()->set_mode(v1::PSEUDONYM_MODE_OFF);
  v1::ImportTranscriptResponse response;
  ASSERT_TRUE(ImportSource(source, &response).ok());
  EXPECT_THAT(Turns("a"), ElementsAre("Supervisor: Mr Dahl came?"));
  EXPECT_EQ(response.transcript().pseudonyms().mode(), v1::PSEUDONYM_MODE_OFF);
  EXPECT_THAT(store_->audit().back().entry.detail, HasSubstr("pseudonyms=off"));
  source.set_session("b");
  source.mutable_pseudonyms()->add_identities()->set_given_name("Kelly");
  EXPECT_THAT(std::string(ImportSource(source).message()), HasSubstr("source.pseudonyms.identities"));
}

TEST_F(PseudonymServiceTest, WrongListsAreRefusedWithoutShowingThem) {
  v1::TranscriptSource source = Source("visit-kelly", "Supervisor: Why?\n");
  EXPECT_THAT(std::string(ImportSource(source).message()), HasSubstr("source.session"));
  source = Source("a", "Supervisor: Why?\n", "smithson-family");
  EXPECT_THAT(std::string(ImportSource(source).message()), HasSubstr("source.pseudonyms.family"));
  source = Source("a", "Supervisor: Why?\n", "Not An Id");
  EXPECT_THAT(std::string(ImportSource(source).message()), Not(HasSubstr("Not An Id")));
  source = Source("a", "Supervisor: Why?\n");
  source.mutable_pseudonyms()->add_identities()->set_kind(static_cast<v1::PseudonymKind>(99));
  EXPECT_THAT(std::string(ImportSource(source).message()), HasSubstr("source.pseudonyms.identities[1].kind"));
  source.mutable_pseudonyms()->mutable_identities(1)->set_kind(v1::PSEUDONYM_KIND_SCHOOL);
  EXPECT_THAT(std::string(ImportSource(source).message()), HasSubstr("source.pseudonyms.identities[1].text"));
  EXPECT_TRUE(store_->state().transcripts.empty());
}

TEST_F(PseudonymServiceTest, ARepeatGetsTheFirstAnswerAndAnotherTextDoesNot) {
  const v1::TranscriptSource source = Source("a", "Supervisor: Mr Dahl and Kelly came?\n");
  v1::ImportTranscriptResponse first;
  v1::ImportTranscriptResponse again;
  ASSERT_TRUE(ImportSource(source, &first, "r").ok());
  ASSERT_TRUE(ImportSource(source, &again, "r").ok());
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  EXPECT_TRUE(absl::IsInvalidArgument(ImportSource(Source("a", "Supervisor: Why?\n"), nullptr, "r")));
}

TEST_F(PseudonymServiceTest, ABatchWaitsWithoutNamesAndIsStoredWithOneNumberForEach) {
  v1::BatchImportTranscriptsRequest request;
  *request.add_sources() = Source("a", "Supervisor: Mr Dahl and Kelly came?\n");
  *request.add_sources() = Source("b", "Supervisor: Kelly came on 07700 900123?\n");
  v1::BatchImportTranscriptsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::BatchImportTranscripts, request, &response).ok());
  TestContext context = Claimed(response.operation().name());
  const std::string payload = absl::AsciiStrToLower(context.operation().payload);
  for (const char* original : {"kelly", "smithson", "dahl", "07700"}) EXPECT_THAT(payload, Not(HasSubstr(original)));
  const jobs::Handler import = MakeBatchImportHandler(*store_, clock_);
  ASSERT_TRUE(import(context).ok());
  EXPECT_THAT(Turns("a"), ElementsAre("Supervisor: Mr [PERSON-1] and [PERSON-2] came?"));
  EXPECT_THAT(Turns("b"), ElementsAre("Supervisor: [PERSON-2] came on [PHONE-1]?"));
  EXPECT_EQ(store_->state().transcripts.at("b").questions.at(0).text, "[PERSON-2] came on [PHONE-1]?");
  EXPECT_EQ(ReportOf("families/f").transcript_count(), 2);
}

TEST_F(PseudonymServiceTest, QuestionsFromElsewhereAreSearchedToo) {
  ASSERT_TRUE(ImportSource(Source("a", "Supervisor: Mr Dahl and Kelly came?\n")).ok());
  v1::ImportQuestionsRequest request;
  request.set_csv("session,turn,question\na,1,Did Kelly come with Mr Dahl?\n");
  *request.mutable_pseudonyms() = Source("a", "").pseudonyms();
  v1::ImportQuestionsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).ok());
  EXPECT_EQ(store_->state().transcripts.at("a").questions.at(0).text, "Did [PERSON-2] come with Mr [PERSON-1]?");
}

// The numbers of a session are those of its family, whatever a later import of questions says.
TEST_F(PseudonymServiceTest, QuestionsFromElsewhereKeepTheFamilyOfTheTranscript) {
  ASSERT_TRUE(ImportSource(Source("a", "Supervisor: Mr Dahl and Kelly came?\n")).ok());
  v1::ImportQuestionsRequest request;
  request.set_csv("session,turn,question\na,1,Did Mrs Berg come with Mr Dahl?\n");
  v1::ImportQuestionsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).ok());
  EXPECT_EQ(store_->state().transcripts.at("a").questions.at(0).text, "Did Mrs [PERSON-3] come with Mr [PERSON-1]?");
  request.mutable_pseudonyms()->set_family("g");
  const absl::Status refused = Call(*transcripts_, &Transcripts::ImportQuestions, request, &response);
  EXPECT_EQ(ViolationsText(refused),
            "pseudonyms.family: value \"g\": must be that of the import of transcripts/a, f\n");
  // What was not searched is said of the transcript, too.
  EXPECT_EQ(GetTranscript("a").pseudonyms().mode(), v1::PSEUDONYM_MODE_RULES);
  request.mutable_pseudonyms()->Clear();
  request.mutable_pseudonyms()->set_mode(v1::PSEUDONYM_MODE_OFF);
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::ImportQuestions, request, &response).ok());
  EXPECT_EQ(GetTranscript("a").pseudonyms().mode(), v1::PSEUDONYM_MODE_OFF);
}

TEST_F(PseudonymServiceTest, ALabelTypedByHandIsNoName) {
  ASSERT_TRUE(ImportSource(Source("a", "Supervisor: Kelly came?\nWorker: Yes.\n")).ok());
  v1::EditTurnsRequest request;
  request.set_name("transcripts/a");
  v1::SetTurnSpeaker& edit = *request.add_edits()->mutable_set_speaker();
  edit.set_turn(2);
  edit.set_speaker("Tove Lund");
  v1::EditTurnsResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::EditTurns, request, &response).ok());
  EXPECT_THAT(Turns("a"), ElementsAre("Supervisor: [PERSON-1] came?", "[PERSON-2]: Yes."));
}

TEST_F(PseudonymServiceTest, ADeletedTranscriptTakesItsCountsAlong) {
  ASSERT_TRUE(ImportSource(Source("a", "Supervisor: Kelly came?\n")).ok());
  v1::DeleteTranscriptRequest request;
  request.set_name("transcripts/a");
  v1::DeleteTranscriptResponse response;
  ASSERT_TRUE(Call(*transcripts_, &Transcripts::DeleteTranscript, request, &response).ok());
  EXPECT_EQ(ReportOf("families/f").transcript_count(), 0);
  v1::GetPseudonymReportRequest gone;
  gone.set_name("transcripts/a");
  v1::GetPseudonymReportResponse report;
  EXPECT_TRUE(absl::IsNotFound(Call(*pseudonyms_, &Pseudonyms::GetPseudonymReport, gone, &report)));
}

}  // namespace
}  // namespace plumbline::coding
