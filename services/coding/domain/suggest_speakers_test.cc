#include "coding/domain/suggest_speakers.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "coding/domain/questions.h"
#include "coding/domain/words.h"
#include "common/base/env.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace plumbline::coding {
namespace {

using ::testing::Each;
using ::testing::Field;
using ::testing::Gt;

Cue CueOf(const std::string& text, int64_t start_ms, int64_t end_ms, bool change = false) {
  Cue cue;
  cue.text = text;
  cue.start_ms = start_ms;
  cue.end_ms = end_ms;
  cue.change = change;
  return cue;
}

// Cues of `words_a_cue` words, 400 ms a word.
std::vector<Cue> Captions(const std::string& text, size_t words_a_cue) {
  std::istringstream in(text);
  std::vector<Cue> cues;
  std::string word;
  int64_t time = 0;
  for (size_t n = 0; in >> word; ++n, time += 400) {
    if (n % words_a_cue == 0) {
      cues.push_back(CueOf(word, time, time + 400));
    } else {
      absl::StrAppend(&cues.back().text, " ", word);
      cues.back().end_ms = time + 400;
    }
  }
  return cues;
}

std::string Shown(const SuggestedTurns& suggested) {
  std::string out;
  for (const Turn& turn : suggested.turns) absl::StrAppend(&out, turn.speaker, ": ", turn.text, "\n");
  return out;
}

TEST(SuggestSpeakers, AQuestionAndItsAnswerAreTwoTurns) {
  const auto suggested = SuggestSpeakers(Captions(
      "okay what are you worried about I'm not sure she seems fine to me so what did the school say yes they are happy",
      6));
  EXPECT_EQ(Shown(suggested),
            "A: okay what are you worried about\nB: I'm not sure she seems fine to me\nA: so what did the school say\n"
            "B: yes they are happy\n");
  EXPECT_EQ(suggested.asker, "A");
  EXPECT_EQ(suggested.turns[0].suggested_by, "start");
  EXPECT_EQ(suggested.turns[1].suggested_by, "answer");
  EXPECT_EQ(suggested.turns[2].suggested_by, "question");
  EXPECT_THAT(suggested.turns, Each(Field(&Turn::confidence, Gt(0.5))));
}

TEST(SuggestSpeakers, PunctuatedCaptionsChangeAtSentences) {
  const auto suggested = SuggestSpeakers(
      Captions("How is she now? Fine, I think. I saw her on Monday. And what did you talk about? School.", 4));
  EXPECT_EQ(
      Shown(suggested),
      "A: How is she now?\nB: Fine, I think. I saw her on Monday.\nA: And what did you talk about?\nB: School.\n");
}

// Marks are facts of the captions: the speaker changes there and nowhere else.
TEST(SuggestSpeakers, MarksBind) {
  const auto suggested =
      SuggestSpeakers({CueOf("good morning what is new", 0, 1000), CueOf("not much", 1000, 2000, true),
                       CueOf("what about him what about her", 2000, 3000, true), CueOf("no", 3000, 4000, true)});
  EXPECT_EQ(Shown(suggested), "A: good morning what is new\nB: not much\nA: what about him what about her\nB: no\n");
  EXPECT_EQ(suggested.turns[1].suggested_by, "mark");
}

TEST(SuggestSpeakers, TimesInsideACueAreReadOffItsLength) {
  const auto suggested = SuggestSpeakers({CueOf("what is it I'm not so sure", 1000, 3600)});
  ASSERT_EQ(suggested.turns.size(), 2u);
  EXPECT_EQ(suggested.turns[0].start_ms, 1000);
  EXPECT_EQ(suggested.turns[0].end_ms, 2100);  // 11 of 26 bytes
  EXPECT_EQ(suggested.turns[1].start_ms, 2100);
  EXPECT_EQ(suggested.turns[1].end_ms, 3600);
}

// Whatever the captions hold, no word is lost or doubled, and the same captions give the same turns.
TEST(SuggestSpeakers, KeepsEveryWordInOrder) {
  for (const char* text :
       {"one", "what", "? ? ?", "yes no yes no what what what", "\xC3\x89t\xC3\xA9 what is it \xC3\xA9"}) {
    std::vector<Cue> cues = Captions(text, 2);
    const auto suggested = SuggestSpeakers(cues);
    std::string joined;
    for (const Turn& turn : suggested.turns) absl::StrAppend(&joined, joined.empty() ? "" : " ", turn.text);
    EXPECT_TRUE(suggested.turns.empty() || joined == text) << joined;
    EXPECT_EQ(Shown(suggested), Shown(SuggestSpeakers(cues)));
  }
  EXPECT_TRUE(SuggestSpeakers({}).turns.empty());
}

// --- On real captions: how well turns, speakers and questions are told.
// -----------------------------------------------

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// A conversation as a sequence of words, each with who says it, and the places at which a turn starts.
struct WordStream {
  std::vector<std::string> words;
  std::vector<std::string> speakers;
  std::vector<size_t> turn_first;  // first word of each turn
};

WordStream StreamOf(const std::vector<Turn>& turns) {
  WordStream stream;
  for (const Turn& turn : turns) {
    stream.turn_first.push_back(stream.words.size());
    const Words words(turn.text);
    for (const Word& word : words.list()) {
      stream.words.emplace_back(word.text);
      stream.speakers.push_back(turn.speaker);
    }
  }
  return stream;
}

// For each word of `from` the word of `to` it is aligned with (longest common subsequence), or npos. The labelled text
// is the raw one but for small corrections, so almost all are.
std::vector<size_t> Align(const std::vector<std::string>& from, const std::vector<std::string>& to) {
  const size_t n = from.size();
  const size_t m = to.size();
  std::vector<std::vector<uint16_t>> best(n + 1, std::vector<uint16_t>(m + 1));
  for (size_t i = n; i-- > 0;) {
    for (size_t j = m; j-- > 0;) {
      best[i][j] =
          from[i] == to[j] ? static_cast<uint16_t>(best[i + 1][j + 1] + 1) : std::max(best[i + 1][j], best[i][j + 1]);
    }
  }
  std::vector<size_t> aligned(n, std::string::npos);
  for (size_t i = 0, j = 0; i < n && j < m;) {
    if (from[i] == to[j]) {
      aligned[i++] = j++;
    } else if (best[i + 1][j] >= best[i][j + 1]) {
      ++i;
    } else {
      ++j;
    }
  }
  return aligned;
}

struct Measured {
  int turns_told = 0;
  int turns_real = 0;
  int turns_right = 0;  // starts within `slack` words
  int words = 0;
  int words_right = 0;     // up to the names of the speakers
  int words_straight = 0;  // "A" is the asker
  int questions_found = 0;
  int questions_real = 0;
  int questions_right = 0;
  int questions_right_of_asker = 0;
  int questions_found_of_asker = 0;

  double turn_f1() const { return 2.0 * turns_right / (turns_told + turns_real); }
  double speakers() const { return static_cast<double>(words_right) / words; }
  double question_f1() const { return 2.0 * questions_right / (questions_found + questions_real); }
  double asker_f1() const { return 2.0 * questions_right_of_asker / (questions_found_of_asker + questions_real); }
};

// Places at which a turn starts, but for the first, in words of the other stream; matched one to one.
int MatchStarts(const std::vector<size_t>& told, const std::vector<size_t>& real, size_t slack) {
  int right = 0;
  size_t r = 0;
  for (const size_t t : told) {
    while (r < real.size() && real[r] + slack < t) ++r;
    if (r < real.size() && (real[r] <= t + slack)) {
      ++right;
      ++r;
    }
  }
  return right;
}

// A question as the span of words it takes in the real stream.
struct Place {
  size_t first;
  size_t last;
};

// One to one, most common words first, at least half of the words of both (Dice).
int MatchPlaces(const std::vector<Place>& found, const std::vector<Place>& real) {
  struct Pair {
    double overlap;
    size_t f;
    size_t r;
  };
  std::vector<Pair> pairs;
  for (size_t f = 0; f < found.size(); ++f) {
    for (size_t r = 0; r < real.size(); ++r) {
      const size_t first = std::max(found[f].first, real[r].first);
      const size_t last = std::min(found[f].last, real[r].last);
      if (first > last) continue;
      const double common = static_cast<double>(last - first + 1);
      const double dice =
          2 * common / static_cast<double>(found[f].last - found[f].first + 1 + real[r].last - real[r].first + 1);
      if (dice >= 0.5) pairs.push_back({dice, f, r});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.overlap > b.overlap; });
  std::vector<bool> f_used(found.size());
  std::vector<bool> r_used(real.size());
  int right = 0;
  for (const Pair& pair : pairs) {
    if (f_used[pair.f] || r_used[pair.r]) continue;
    f_used[pair.f] = r_used[pair.r] = true;
    ++right;
  }
  return right;
}

// Where `text` stands in the words of a turn that starts at `first`; the whole turn where it cannot be found.
Place PlaceOf(const std::string& text, const WordStream& stream, size_t turn_first, size_t turn_end, size_t from) {
  const Words words(text);
  const size_t n = words.list().size();
  for (size_t i = std::max(turn_first, from); i + n <= turn_end; ++i) {
    bool same = n > 0;
    for (size_t k = 0; same && k < n; ++k) same = stream.words[i + k] == words.list()[k].text;
    if (same) return {i, i + n - 1};
  }
  return {turn_first, turn_end - 1};
}

std::vector<Place> RealPlaces(const std::vector<Question>& questions, const WordStream& real) {
  std::vector<Place> places;
  for (const Question& question : questions) {
    const auto turn = static_cast<size_t>(question.turn - 1);
    const size_t end = turn + 1 < real.turn_first.size() ? real.turn_first[turn + 1] : real.words.size();
    const size_t from = places.empty() ? 0 : places.back().last + 1;
    places.push_back(PlaceOf(question.text, real, real.turn_first[turn], end, from));
  }
  return places;
}

// Questions of the told turns as places in the real stream.
std::vector<Place> ToldPlaces(const Transcript& told, const std::string& speaker, const std::vector<size_t>& aligned) {
  std::vector<Place> places;
  size_t before = 0;
  for (const Turn& turn : told.turns) {
    const Words words(turn.text);
    if (speaker.empty() || turn.speaker == speaker) {
      for (const FoundQuestion& question : FindQuestions(turn.text, DetectPunctuation(told))) {
        Place place{std::string::npos, 0};
        for (size_t i = 0; i < words.list().size(); ++i) {
          const Word& word = words.list()[i];
          const size_t to = aligned[before + i];
          if (word.begin < question.begin || word.begin >= question.end || to == std::string::npos) continue;
          place.first = std::min(place.first, to);
          place.last = std::max(place.last, to);
        }
        if (place.first != std::string::npos) places.push_back(place);
      }
    }
    before += words.list().size();
  }
  return places;
}

Measured Measure(const Transcript& told, const Transcript& real, const std::vector<Question>& questions, size_t slack) {
  const WordStream told_stream = StreamOf(told.turns);
  const WordStream real_stream = StreamOf(real.turns);
  const std::vector<size_t> aligned = Align(told_stream.words, real_stream.words);
  const std::string asker = real.turns[0].speaker;
  Measured out;
  std::vector<size_t> starts;
  for (size_t t = 1; t < told_stream.turn_first.size(); ++t) {
    size_t word = told_stream.turn_first[t];
    while (word < aligned.size() && aligned[word] == std::string::npos) ++word;
    starts.push_back(word < aligned.size() ? aligned[word] : real_stream.words.size());
  }
  out.turns_told = static_cast<int>(starts.size());
  out.turns_real = static_cast<int>(real_stream.turn_first.size()) - 1;
  out.turns_right = MatchStarts(starts, {real_stream.turn_first.begin() + 1, real_stream.turn_first.end()}, slack);
  for (size_t i = 0; i < aligned.size(); ++i) {
    if (aligned[i] == std::string::npos) continue;
    ++out.words;
    out.words_straight += (told_stream.speakers[i] == "A") == (real_stream.speakers[aligned[i]] == asker) ? 1 : 0;
  }
  out.words_right = std::max(out.words_straight, out.words - out.words_straight);
  const std::vector<Place> real_places = RealPlaces(questions, real_stream);
  const std::vector<Place> all = ToldPlaces(told, "", aligned);
  const std::vector<Place> of_asker = ToldPlaces(told, told.suggested_asker, aligned);
  out.questions_real = static_cast<int>(real_places.size());
  out.questions_found = static_cast<int>(all.size());
  out.questions_right = MatchPlaces(all, real_places);
  out.questions_found_of_asker = static_cast<int>(of_asker.size());
  out.questions_right_of_asker = MatchPlaces(of_asker, real_places);
  return out;
}

void Print(const std::string& name, const Measured& m) {
  std::printf(
      "%s: turn starts %d of %d, %d told, F1 %.3f; words with the right speaker %d of %d = %.3f, asker guessed %s;\n"
      "  questions of all turns %d of %d, %d told, F1 %.3f; of the suggested asker %d, %d told, F1 %.3f\n",
      name.c_str(), m.turns_right, m.turns_real, m.turns_told, m.turn_f1(), m.words_right, m.words, m.speakers(),
      m.words_straight * 2 >= m.words ? "right" : "wrong", m.questions_right, m.questions_real, m.questions_found,
      m.question_f1(), m.questions_right_of_asker, m.questions_found_of_asker, m.asker_f1());
}

class RealCaptions : public testing::Test {
 protected:
  void SetUp() override {
    const std::string shared = Env::Process().String("PLUMBLINE_SHARED", "");
    if (shared.empty()) GTEST_SKIP() << "PLUMBLINE_SHARED is not set: no real captions to measure on";
    folder_ = absl::StrCat(shared, "/transcripts/");
    const auto table = ParseQuestionsCsv(ReadFile(folder_ + "questions.csv"), QuestionLimits{});
    ASSERT_TRUE(table.ok()) << table.status();
    for (const SessionQuestions& session : *table) questions_[session.session] = session.questions;
  }

  Transcript Parsed(const std::string& path, bool suggest = true) {
    TranscriptOptions options;
    options.suggest_speakers = suggest;
    auto transcript = ParseTranscript(ReadFile(folder_ + path), options);
    EXPECT_TRUE(transcript.ok()) << path << ": " << transcript.status();
    return transcript.ok() ? *std::move(transcript) : Transcript{};
  }

  // The suggestion for a raw file held against its labelled one. A start counts within two words.
  Measured OfCaptions(const std::string& session, bool show) {
    const Transcript told = Parsed(session + ".vtt");
    const Transcript real = Parsed("labelled/" + session + ".txt");
    EXPECT_TRUE(told.speakers_suggested);
    if (show) {
      for (const Turn& turn : told.turns) {
        std::printf("  %s %.2f %-14s %s\n", turn.speaker.c_str(), turn.confidence, turn.suggested_by.c_str(),
                    turn.text.c_str());
      }
    }
    const Measured measured = Measure(told, real, questions_[session], 2);
    Print(session, measured);
    // What it would be to leave the captions as they are.
    const Measured plain = Measure(Parsed(session + ".vtt", false), real, questions_[session], 2);
    std::printf("  without suggestion: questions %d of %d, %d told, F1 %.3f\n", plain.questions_right,
                plain.questions_real, plain.questions_found, plain.question_f1());
    return measured;
  }

  std::string folder_;
  std::map<std::string, std::vector<Question>> questions_;
};

TEST_F(RealCaptions, SupervisionsWithoutPunctuation) {
  const bool show = !Env::Process().String("PLUMBLINE_SHOW", "").empty();
  for (const char* session : {"supervision-outcomes-focused", "supervision-traditional"}) {
    const Measured measured = OfCaptions(session, show);
    EXPECT_GE(measured.turn_f1(), 0.55);
    EXPECT_GE(measured.speakers(), 0.65);
    EXPECT_GE(measured.words_straight * 2, measured.words);
    EXPECT_GE(measured.asker_f1(), 0.80);
  }
}

TEST_F(RealCaptions, APunctuatedVisit) {
  const bool show = !Env::Process().String("PLUMBLINE_SHOW", "").empty();
  const Measured measured = OfCaptions("safety-plan-visit", show);
  EXPECT_GE(measured.turn_f1(), 0.6);
  EXPECT_GE(measured.speakers(), 0.55);
  EXPECT_GE(measured.asker_f1(), 0.80);
}

// Seven conversations that nothing was set by: their words without speakers, punctuation, capitals and times, eight to
// a caption.
TEST_F(RealCaptions, ConversationsStrippedOfAllButTheirWords) {
  Measured sum;
  for (const char* session :
       {"conversation-1-carers-support", "conversation-2-community-mental-health", "conversation-3-criminal-justice",
        "conversation-4-community-diabetes", "conversation-5-community-addictions",
        "conversation-6-children-and-families", "conversation-7-community-care"}) {
    const Transcript real = Parsed(absl::StrCat(session, ".txt"));
    std::string text;
    for (const std::string& word : StreamOf(real.turns).words) absl::StrAppend(&text, text.empty() ? "" : " ", word);
    std::vector<Cue> cues = Captions(text, 8);
    for (Cue& cue : cues) cue.start_ms = cue.end_ms = std::nullopt;
    SuggestedTurns suggested = SuggestSpeakers(cues);
    Transcript told;
    told.turns = std::move(suggested.turns);
    told.suggested_asker = suggested.asker;
    const Measured measured = Measure(told, real, questions_[session], 2);
    Print(session, measured);
    sum.turns_told += measured.turns_told;
    sum.turns_real += measured.turns_real;
    sum.turns_right += measured.turns_right;
    sum.words += measured.words;
    sum.words_right += measured.words_straight;
    sum.words_straight += measured.words_straight;
    sum.questions_found += measured.questions_found;
    sum.questions_real += measured.questions_real;
    sum.questions_right += measured.questions_right;
    sum.questions_right_of_asker += measured.questions_right_of_asker;
    sum.questions_found_of_asker += measured.questions_found_of_asker;
  }
  Print("all seven", sum);
  EXPECT_GE(sum.turn_f1(), 0.5);
  EXPECT_GE(sum.speakers(), 0.6);
  EXPECT_GE(sum.asker_f1(), 0.65);
}

}  // namespace
}  // namespace plumbline::coding
