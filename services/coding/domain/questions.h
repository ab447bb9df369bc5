#ifndef PLUMBLINE_CODING_DOMAIN_QUESTIONS_H_
#define PLUMBLINE_CODING_DOMAIN_QUESTIONS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "coding/domain/transcript.h"
#include "coding/domain/words.h"

// The questions asked in a session: what coders judge.
namespace plumbline::coding {

// direct: an interrogative or a fragment that asks ("On his own?"). declarative: a statement put as a question ("So
// she could do it?"). tag: a statement with a question tag ("wouldn't he?"). indirect: a request ("Tell me about the
// strengths"). check: a statement with a check that the other follows ("okay?").
enum class QuestionKind { kDirect, kDeclarative, kTag, kIndirect, kCheck };

const char* ToString(QuestionKind kind);
std::optional<QuestionKind> QuestionKindFromString(std::string_view text);

// Rules of questions that a person put there.
inline constexpr char kImportedRule[] = "imported";  // extracted elsewhere: without a place in its turn
inline constexpr char kByHandRule[] = "by-hand";     // made or changed after extraction (question_edits.h)

struct Question {
  int turn = 0;   // Turn::number
  int order = 0;  // from 1, in the order in which they were asked in the session
  std::string text;
  QuestionKind kind = QuestionKind::kDirect;
  std::string rule;  // which rule found it, e.g. "wh-inversion", or kImportedRule, kByHandRule
  size_t begin = 0;  // bytes in the turn's text: text is turn.text[begin, end); both 0 for an imported question
  size_t end = 0;
  double confidence = 1;  // see FoundQuestion; 1 where a person put it there; 0: not known, it was stored before
};

// A question found in a piece of text, before it has a turn.
struct FoundQuestion {
  size_t begin = 0;
  size_t end = 0;
  QuestionKind kind = QuestionKind::kDirect;
  const char* rule = "";
  // How sure the rule is in this form that people would call it a question, from 0 to 1: the share of its findings that
  // annotators held to be questions where it was tried (README, "How sure"), rounded to 0.05. It depends on the words
  // alone, and is not a probability for one corpus: how often people ask differs between them.
  double confidence = 0;
};

// What is less sure is no question unless somebody asks for guesses.
inline constexpr double kMinConfidence = 0.5;

enum class Punctuation { kPunctuated, kNone };

// What a turn's neighbours and its speaker's part tell about it.
struct TurnContext {
  bool asker = false;    // the speaker's part is to ask: a supervisor, or a worker where none speaks
  bool answers = false;  // the turn before it, of somebody else, asked something
  bool mixed = false;    // nothing tells where another speaker goes on: an answer may follow the question
};

// A conversation counts as punctuated when it has at least one of . ? ! for every 40 words.
Punctuation DetectPunctuation(const Transcript& transcript);

// Finds the questions of one turn after the other, reusing its memory. Not thread-safe.
class QuestionFinder {
 public:
  // In order, never overlapping; also those below kMinConfidence. Deterministic: every question names the rule that
  // found it. Punctuated text: every sentence that ends in "?" is taken up (kind and confidence by its form); of the
  // others, those with the word order of a question or an indirect request. Text without punctuation: word order,
  // question words, requests, tags and fragments alone. The answer is good until the next call.
  const std::vector<FoundQuestion>& Find(std::string_view turn_text, Punctuation punctuation,
                                         const TurnContext& context = {});

 private:
  Words words_;
  std::vector<FoundQuestion> found_;
};

// What QuestionFinder finds in one turn.
std::vector<FoundQuestion> FindQuestions(std::string_view turn_text, Punctuation punctuation,
                                         const TurnContext& context = {});

// Whose questions count. As asked for; INVALID_ARGUMENT, field "asker", when no turn has that role. Where nothing is
// asked for: the supervisor where one speaks, else the worker where one speaks, else kUnknown.
absl::StatusOr<Role> ResolveAsker(const Transcript& transcript, std::optional<Role> asked_for);

struct ExtractionOptions {
  // Whose turns; everybody's when absent. kUnknown takes the turns whose speaker has no known role: in captions without
  // speakers that is everybody's.
  std::optional<Role> asker = std::nullopt;
  double min_confidence = kMinConfidence;
};

// The questions of a conversation, numbered from 1. Those of the speaker whose part it is to ask (ResolveAsker without
// a wish, where that is a known role) count more readily: see TurnContext.
std::vector<Question> ExtractQuestions(const Transcript& transcript, const ExtractionOptions& options);

// The same for one role, as stored for coding.
std::vector<Question> ExtractQuestions(const Transcript& transcript, Role asker);

struct SessionQuestions {
  std::string session;
  std::vector<Question> questions;  // rule "imported"
};

struct QuestionLimits {
  size_t max_bytes = 64u << 20;
  size_t max_questions = 200'000;
  size_t max_sessions = 10'000;
  size_t max_text_bytes = 4096;
};

// Reads questions that were extracted elsewhere: CSV with columns session, turn, question and, where present, kind and
// number (further columns are read over). Sessions come in the order in which they first appear, questions in the order
// of the file, which must not go back in turns. A turn may ask the same words twice ("Why? Why?"): the column number,
// the question's place in the session, tells such rows apart from a row that stands twice by mistake. Numbers may leave
// gaps; the questions read are numbered anew from 1. INVALID_ARGUMENT lists every bad cell: no session, a turn or
// number that is not 1 or more, an empty or overlong question, an unknown kind, a number that is not above the one
// before it, and without numbers the same question twice in a turn.
absl::StatusOr<std::vector<SessionQuestions>> ParseQuestionsCsv(std::string_view text, const QuestionLimits& limits);

}  // namespace plumbline::coding

#endif  // PLUMBLINE_CODING_DOMAIN_QUESTIONS_H_
