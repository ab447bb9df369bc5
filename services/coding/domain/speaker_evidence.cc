#include "coding/domain/speaker_evidence.h"

#include <algorithm>
#include <initializer_list>

namespace plumbline::coding {
namespace {

// The weights, set by hand on two recorded supervisions (README: how well speakers are suggested). A change of speaker
// costs; what speaks for it pays.
constexpr double kChange = -4.0;
constexpr double kInsideSentence = -6.0;  // in punctuated text
constexpr double kSentence = 1.5;
constexpr double kCue = 0.5;
constexpr double kPausePerSecond = 1.0;
constexpr double kLongestPause = 3.0;
constexpr double kQuestionStarts = 5.0;    // to the asker
constexpr double kQuestionEnds = 3.0;      // a "?" before it, to the other
constexpr double kAnswer = 3.5;            // to the other, after a question
constexpr double kClause = 3.0;            // the same
constexpr double kLaterClause = 0.5;       // share of it for each clause after the first
constexpr double kLooseAnswer = 1.0;       // yes or no without a question before it, to the other
constexpr double kAcknowledgment = 1.5;    // okay, so: to the asker
constexpr double kAfterShortAnswer = 3.0;  // the sentence after "Yes." or "Fine.", to the asker
constexpr double kShortAnswer = 2.0;       // such a sentence, to the other
constexpr double kCheckEnds = 1.0;         // ", okay?" before it, in place of kQuestionEnds: the asker often goes on
constexpr double kReflects = 3.0;          // "it sounds like", "so you": to the asker
constexpr double kOpens = 2.0;             // the asker opens the talk
constexpr double kForced = 60.0;
// Words.
constexpr double kQuestionWord = 2.5;  // where a question starts: the asker's
constexpr double kYou = 0.6;           // you, your
constexpr double kI = -0.6;            // I, my
constexpr double kWe = 0.25;           // we, our
constexpr double kLets = 1.5;
constexpr double kThey = -0.12;     // he, she: who is spoken of by the one who tells
constexpr double kAnyWord = -0.02;  // the one who answers says more

constexpr size_t kMinQuestion = 2;   // words before an answer can start
constexpr size_t kMaxQuestion = 28;  // words after which a question is over
constexpr size_t kMarksThatBind = 3;

bool OneOf(std::string_view word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool IsAnswerWord(std::string_view word) {
  return OneOf(
      word, {"yes", "yeah", "yep", "no", "nope", "well", "maybe", "possibly", "probably", "definitely", "hopefully"});
}

bool IsAcknowledgment(std::string_view word) {
  return OneOf(word, {"okay", "ok", "so", "right", "alright", "hmm", "mm", "great", "good", "and", "go"});
}

bool IsFirstPerson(std::string_view word) { return OneOf(word, {"i", "i'm", "i've", "i'll", "i'd", "my", "me"}); }
bool IsSecondPerson(std::string_view word) {
  return OneOf(word, {"you", "you're", "you've", "you'll", "you'd", "your", "yourself"});
}
bool IsThirdPerson(std::string_view word) {
  return OneOf(word, {"he", "he's", "he'll", "he'd", "she", "she's", "she'll", "she'd", "they", "they're", "they've",
                      "his", "her", "him", "their", "them"});
}

// After these a clause belongs to what stands before it: "what he wants", "if she came", "do you think contact is".
bool BindsClause(std::string_view word) {
  return OneOf(
      word, {"if",    "when",    "where",  "because",  "that",     "who",     "which",  "what",     "how",     "why",
             "while", "as",      "since",  "until",    "unless",   "whether", "than",   "think",    "know",    "feel",
             "say",   "says",    "said",   "mean",     "means",    "believe", "hope",   "guess",    "suppose", "wonder",
             "sure",  "tell",    "told",   "see",      "before",   "after",   "though", "although", "or",      "and",
             "but",   "is",      "are",    "was",      "were",     "do",      "does",   "did",      "have",    "has",
             "had",   "can",     "could",  "will",     "would",    "should",  "might",  "must",     "may",     "isn't",
             "don't", "doesn't", "didn't", "couldn't", "wouldn't", "won't",   "aren't"});
}

// A subject and its verb start at word i: "he's ...", "she said", "dad is ...", "I could".
bool StartsClause(const std::vector<Word>& words, size_t i) {
  const std::string_view word = words[i].text;
  const auto text = [&](size_t at) { return at < words.size() ? words[at].text : std::string_view(); };
  if (i > 0 && BindsClause(words[i - 1].text)) {
    // "what do you think about that | I'm not sure": here "that" stands for something and binds nothing.
    const bool object = words[i - 1].text == "that" && i > 1 && words[i - 2].Is(kPreposition);
    if (!object) return false;
  }
  const bool contracted = word.find('\'') != std::string_view::npos;
  if (contracted && OneOf(word.substr(0, word.find('\'')),
                          {"i", "he", "she", "it", "they", "we", "there", "that", "mum", "dad", "nan", "mom"})) {
    return true;
  }
  if (OneOf(word, {"i", "he", "she", "they", "we"})) return true;
  if (word == "it") return i + 1 < words.size() && (words[i + 1].Is(kAuxiliary) || text(i + 1) == "might");
  const bool noun_phrase = words[i].Is(kDeterminer) || words[i].capital;
  if (!noun_phrase) return false;
  for (size_t ahead = 1; ahead <= 3; ++ahead) {
    if (i + ahead >= words.size()) return false;
    if (words[i + ahead].Is(kAuxiliary)) return true;
    if (words[i + ahead].Is(kPreposition | kSubject | kWh)) return false;
  }
  const std::string_view next = text(i + 1);
  return next.size() > 2 && next.substr(next.size() - 2) == "'s";
}

// Where a question starts, the words that lead up to it belong to it: "okay so what ...".
size_t WithLead(const std::vector<Word>& words, size_t start, size_t floor) {
  size_t begin = start;
  while (begin > floor && start - begin < 4 && words[begin - 1].mark < Mark::kStop &&
         OneOf(words[begin - 1].text,
               {"okay", "ok", "so", "right", "hmm", "mm", "and", "but", "alright", "then", "now", "oh"})) {
    --begin;
  }
  return begin;
}

class Weigher {
 public:
  Weigher(const std::vector<Word>& words, const std::vector<CaptionGap>& gaps, bool punctuated)
      : words_(words), gaps_(gaps), punctuated_(punctuated), out_(words.size()) {
    const auto marks = std::count_if(gaps.begin(), gaps.end(), [](const CaptionGap& gap) { return gap.change_mark; });
    bound_to_marks_ = static_cast<size_t>(marks) >= kMarksThatBind;
  }

  std::vector<WordEvidence> Run(const std::vector<size_t>& question_starts) {
    for (size_t i = 0; i < words_.size(); ++i) {
      WordsAlone(i);
      Places(i);
    }
    const std::vector<size_t> starts = WithShortOnes(question_starts);
    for (size_t q = 0; q < starts.size(); ++q) {
      const size_t end = q + 1 < starts.size() ? starts[q + 1] : words_.size();
      Question(starts[q], q == 0 ? 0 : starts[q - 1] + 1, end);
    }
    out_[0].for_asker += kOpens;
    for (size_t i = 0; i < words_.size(); ++i) Marks(i);
    return std::move(out_);
  }

 private:
  void ToAsker(size_t i, double weight, const char* reason) {
    Note(weight, reason, out_[i].to_asker, to_asker_best_[i], out_[i].to_asker_by);
  }
  void ToOther(size_t i, double weight, const char* reason) {
    Note(weight, reason, out_[i].to_other, to_other_best_[i], out_[i].to_other_by);
  }
  static void Note(double weight, const char* reason, double& sum, double& best, const char*& by) {
    sum += weight;
    if (weight > best) {
      best = weight;
      by = reason;
    }
  }

  // "no has she got any": behind an answer, an auxiliary and its subject ask, where rules for whole turns see no start.
  std::vector<size_t> WithShortOnes(const std::vector<size_t>& question_starts) const {
    std::vector<size_t> starts = question_starts;
    for (size_t i = 1; i + 2 < words_.size() && !punctuated_; ++i) {
      if (IsAnswerWord(words_[i - 1].text) && words_[i].Is(kAuxiliary) && words_[i + 1].Is(kPersonal))
        starts.push_back(i);
    }
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    return starts;
  }

  // A sentence of one to three words that starts with an answer: "Yes fine."
  bool IsShortAnswer(size_t i) const {
    if (!punctuated_ || !SentenceStarts(i) || !(IsAnswerWord(words_[i].text) || words_[i].text == "fine")) return false;
    for (size_t end = i; end < words_.size() && end < i + 3; ++end) {
      if (words_[end].mark == Mark::kStop) return true;
      if (words_[end].mark == Mark::kQuestion) return false;
    }
    return false;
  }

  // What takes up what the other said: "it sounds like", "so you", "you said".
  bool Reflects(size_t i) const {
    const auto text = [&](size_t at) { return at < words_.size() ? words_[at].text : std::string_view(); };
    const std::string_view second = text(i + 1);
    if (words_[i].text == "so") return IsSecondPerson(second);
    if (words_[i].text == "you") return second == "said" || second == "noted" || second == "mentioned";
    const bool sounds = words_[i].text == "sounds" && second == "like";
    if (sounds) return i == 0 || (text(i - 1) != "it" && text(i - 1) != "that");
    return (words_[i].text == "it" || words_[i].text == "that") && second == "sounds";
  }

  bool SentenceStarts(size_t i) const { return i == 0 || words_[i - 1].mark >= Mark::kStop; }

  void WordsAlone(size_t i) {
    const std::string_view word = words_[i].text;
    WordEvidence& out = out_[i];
    out.to_asker_by = out.to_other_by = "words";
    out.for_asker = punctuated_ ? 0 : kAnyWord;
    if (IsSecondPerson(word)) out.for_asker += kYou;
    if (IsFirstPerson(word)) out.for_asker += kI;
    if (IsThirdPerson(word)) out.for_asker += kThey;
    if (OneOf(word, {"we", "we'll", "we're", "we've", "let's", "our"})) out.for_asker += word == "let's" ? kLets : kWe;
  }

  void Places(size_t i) {
    const std::string_view word = words_[i].text;
    for (const bool to_asker : {true, false}) {
      const auto add = [&](double weight, const char* reason) {
        to_asker ? ToAsker(i, weight, reason) : ToOther(i, weight, reason);
      };
      add(kChange, "words");
      if (punctuated_) add(SentenceStarts(i) ? kSentence : kInsideSentence, "sentence");
      if (gaps_[i].cue_starts) add(kCue, "words");
      const double seconds = static_cast<double>(gaps_[i].pause_ms) / 1000.0;
      if (seconds > 0) add(std::min(kLongestPause, kPausePerSecond * seconds), "pause");
    }
    if (IsAcknowledgment(word)) ToAsker(i, word == "and" || word == "go" ? 0.5 : kAcknowledgment, "acknowledgment");
    if (IsAnswerWord(word)) ToOther(i, kLooseAnswer, "answer");
    if (Reflects(i)) ToAsker(i, kReflects, "acknowledgment");
    if (IsShortAnswer(i)) {
      ToOther(i, kShortAnswer, "answer");
      size_t next = i;
      while (words_[next].mark < Mark::kStop) ++next;
      if (next + 1 < words_.size()) ToAsker(next + 1, kAfterShortAnswer, "sentence");
    }
  }

  // The question that starts at `start`; the next one at `next`, what stands before `floor` is another's.
  void Question(size_t start, size_t floor, size_t next) {
    const size_t begin = WithLead(words_, start, floor);
    ToAsker(begin, kQuestionStarts, "question");
    out_[start].for_asker += kQuestionWord;
    double share = 1.0;
    const size_t end = std::min({start + kMaxQuestion, next, words_.size()});
    for (size_t i = start + kMinQuestion; i < end; ++i) {
      if (words_[i - 1].mark == Mark::kQuestion) {
        const bool check = OneOf(words_[i - 1].text, {"okay", "ok", "right", "alright"});
        ToOther(i, check ? kCheckEnds : kQuestionEnds, "after-question");
        return;
      }
      if (IsAnswerWord(words_[i].text)) {
        ToOther(i, share * kAnswer, "answer");
        share *= kLaterClause;
      } else if (StartsClause(words_, i)) {
        ToOther(i, share * (kClause + (IsFirstPerson(words_[i].text) ? 0.5 : 0)),
                IsFirstPerson(words_[i].text) ? "answer" : "after-question");
        share *= kLaterClause;
      }
    }
  }

  void Marks(size_t i) {
    if (gaps_[i].change_mark) {
      out_[i].to_asker = out_[i].to_other = kForced;
      out_[i].to_asker_by = out_[i].to_other_by = "mark";
    } else if (bound_to_marks_) {
      out_[i].to_asker = out_[i].to_other = -kForced;
    }
  }

  const std::vector<Word>& words_;
  const std::vector<CaptionGap>& gaps_;
  const bool punctuated_;
  bool bound_to_marks_ = false;
  std::vector<WordEvidence> out_;
  std::vector<double> to_asker_best_ = std::vector<double>(words_.size(), 0.0);
  std::vector<double> to_other_best_ = std::vector<double>(words_.size(), 0.0);
};

}  // namespace

std::vector<WordEvidence> WeighWords(const std::vector<Word>& words, const std::vector<CaptionGap>& gaps,
                                     const std::vector<size_t>& question_starts, bool punctuated) {
  return Weigher(words, gaps, punctuated).Run(question_starts);
}

}  // namespace plumbline::coding
