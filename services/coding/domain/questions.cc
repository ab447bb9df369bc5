#include "coding/domain/questions.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/question_rules.h"
#include "coding/domain/transcript_text.h"
#include "coding/domain/word_view.h"
#include "coding/domain/words.h"
#include "common/base/csv.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr std::array<std::pair<QuestionKind, const char*>, 5> kKinds = {{{QuestionKind::kDirect, "direct"},
                                                                         {QuestionKind::kDeclarative, "declarative"},
                                                                         {QuestionKind::kTag, "tag"},
                                                                         {QuestionKind::kIndirect, "indirect"},
                                                                         {QuestionKind::kCheck, "check"}}};

// A spoken question rarely has more words; where no punctuation says where it ends, it is cut there.
constexpr size_t kMaxWords = 45;

// Whose part it is to ask means a tag as a question, also one that seeks agreement.
constexpr double kAskersTag = 0.55;

// Whether a question that starts at `begin` ends with its span in the middle of a phrase. Only a short one asks nothing
// yet; a longer one can be answered.
bool BreaksOff(const Span& span, size_t begin) {
  constexpr size_t kShort = 8;
  const Word& last = span[span.end - 1];
  if (span.end - begin > kShort || last.mark == Mark::kQuestion) return false;
  const bool marked = last.broken && last.mark == Mark::kNone;  // a dash may be the listener's interruption
  return marked || EndsOpen(last) || OneOf(last.key, "and"_w, "but"_w, "because"_w, "if"_w);
}

FoundQuestion ToFound(const std::vector<Word>& words, const RuleHit& hit, size_t end) {
  end = std::min(end, hit.begin + kMaxWords);
  return {words[hit.begin].begin, words[end - 1].end, hit.kind, hit.rule, hit.confidence};
}

// Who sets marks would have set one. Without it, only a whole sentence in the order of a question is one, a request,
// and in the middle of a sentence a question word with an auxiliary before its pronoun.
bool AsksWithoutMark(const Span& span, size_t i, const RuleHit& hit) {
  constexpr double kSure = 0.95;
  return hit.kind == QuestionKind::kIndirect || i <= span.opening || span[span.opening].Is(kSubordinator) ||
         (span[i].Is(kWh) && hit.confidence >= kSure);
}

// Every question of a span by its words. Each runs up to the next one.
void Scan(const Span& span, bool strict, const TurnContext& context, std::vector<FoundQuestion>& found) {
  std::optional<RuleHit> open;  // the last one, whose end is not known yet
  const auto close = [&](size_t next) {
    if (!open) return;
    size_t end = open->kind == QuestionKind::kTag ? open->next : std::max(next, open->begin + 1);
    if (context.mixed) end = AnswerStart(span, open->begin, end);
    if (end == span.end && BreaksOff(span, open->begin)) open->confidence = std::min(open->confidence, kBrokenOff);
    found.push_back(ToFound(*span.words, *open, end));
  };
  size_t from = span.begin;
  for (size_t i = span.begin; i < span.end;) {
    if (!span[i].Is(kWh | kWhContraction | kAuxiliary | kStarter)) {
      ++i;
      continue;
    }
    auto hit = MatchQuestionAt(span, i, from, strict);
    if (hit && strict && !AsksWithoutMark(span, i, *hit)) hit.reset();
    if (!hit) {
      ++i;
      continue;
    }
    hit->begin = std::max(hit->begin, from);
    if (context.asker && hit->kind == QuestionKind::kTag) hit->confidence = std::max(hit->confidence, kAskersTag);
    close(hit->begin);
    open = hit;
    from = std::min(hit->next, span.end);
    i = std::max(i + 1, from);
    if (strict) break;  // a sentence with a full stop asks once, if at all
  }
  if (!open && !strict) {
    open = MatchSpanEnd(span, from);
    if (!open) open = MatchWholeSpan(span, context);
  }
  close(span.end);
}

// One row of a table of questions.
struct QuestionRow {
  std::string session;
  int number = 0;     // 0 without the column, or where the cell is bad
  Question question;  // turn 0 where the cell is bad; its order is not set
};

// The cells of one row, each by itself.
QuestionRow ReadQuestionRow(const CsvTable& table, size_t row, const QuestionLimits& limits, Violations& violations) {
  QuestionRow read;
  read.session = table.Cell(row, "session");
  if (read.session.empty()) violations.AddMissing(CsvTable::Place(row, "session"));
  const auto positive = [&](std::string_view column) {
    int value = 0;
    const std::string& cell = table.Cell(row, column);
    if (absl::SimpleAtoi(cell, &value) && value >= 1) return value;
    violations.Add(CsvTable::Place(row, column), cell, "must be a whole number from 1");
    return 0;
  };
  Question& question = read.question;
  question.turn = positive("turn");
  if (table.HasColumn("number")) read.number = positive("number");
  question.text = CollapseSpace(table.Cell(row, "question"));
  if (question.text.empty()) violations.AddMissing(CsvTable::Place(row, "question"));
  if (question.text.size() > limits.max_text_bytes) {
    violations.Add(CsvTable::Place(row, "question"), question.text,
                   absl::StrCat("may have at most ", limits.max_text_bytes, " bytes"));
  }
  if (question.text.find('\0') != std::string::npos) {
    violations.Add(CsvTable::Place(row, "question"), "a NUL character", "must be text without NUL characters");
  }
  const std::string& kind_cell = table.Cell(row, "kind");
  const std::optional<QuestionKind> kind =
      kind_cell.empty() ? QuestionKind::kDirect : QuestionKindFromString(kind_cell);
  if (!kind) {
    violations.Add(CsvTable::Place(row, "kind"), kind_cell, "must be direct, declarative, tag, indirect or check");
  }
  question.kind = kind.value_or(QuestionKind::kDirect);
  question.rule = kImportedRule;
  return read;
}

// Holds the rows of a table of questions against those before them.
class RowOrder {
 public:
  // `numbered`: the table has the column number.
  explicit RowOrder(bool numbered) : numbered_(numbered) {}

  void Check(size_t row, const QuestionRow& read, Violations& violations) {
    Last& last = last_[read.session];
    if (read.question.turn > 0 && read.question.turn < last.turn) {
      violations.Add(CsvTable::Place(row, "turn"), absl::StrCat(read.question.turn),
                     "must not go back: questions stand in the order in which they were asked");
    }
    last.turn = std::max(last.turn, read.question.turn);
    if (numbered_) {
      if (read.number > 0 && read.number <= last.number) {
        violations.Add(
            CsvTable::Place(row, "number"), absl::StrCat(read.number),
            absl::StrCat("must be above ", last.number,
                         ", the number before it in the session: no question stands twice, and they stand in "
                         "the order in which they were asked"));
      }
      last.number = std::max(last.number, read.number);
    } else if (!seen_.emplace(absl::StrCat(read.session, "\n", read.question.turn), read.question.text).second) {
      violations.Add(CsvTable::Place(row, "question"), read.question.text,
                     "stands twice in the same turn: give its place in the session in a column number if it was asked "
                     "twice");
    }
  }

 private:
  struct Last {
    int turn = 0;
    int number = 0;
  };
  const bool numbered_;
  std::map<std::string, Last> last_;                    // by session
  std::set<std::pair<std::string, std::string>> seen_;  // session and turn, text
};

}  // namespace

const char* ToString(QuestionKind kind) {
  for (const auto& [value, name] : kKinds) {
    if (value == kind) return name;
  }
  return "direct";
}

std::optional<QuestionKind> QuestionKindFromString(std::string_view text) {
  for (const auto& [value, name] : kKinds) {
    if (text == name) return value;
  }
  return std::nullopt;
}

Punctuation DetectPunctuation(const Transcript& transcript) {
  size_t words = 0;
  size_t marks = 0;
  Words split;
  for (const Turn& turn : transcript.turns) {
    split.Split(turn.text);
    words += split.list().size();
    for (const Word& word : split.list()) {
      if (word.mark == Mark::kStop || word.mark == Mark::kQuestion) ++marks;
    }
  }
  return marks * 40 >= words && marks > 0 ? Punctuation::kPunctuated : Punctuation::kNone;
}

const std::vector<FoundQuestion>& QuestionFinder::Find(std::string_view turn_text, Punctuation punctuation,
                                                       const TurnContext& context) {
  words_.Split(turn_text);
  found_.clear();
  const std::vector<Word>& words = words_.list();
  size_t begin = 0;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool ends = words[i].mark == Mark::kStop || words[i].mark == Mark::kQuestion;
    if (!ends && i + 1 < words.size()) continue;
    const Span span = MakeSpan(words, begin, i + 1);
    if (words[i].mark == Mark::kQuestion) {
      const SpanPlace place{begin == 0, i + 1 == words.size(), words_.continues()};
      const RuleHit hit = ClassifyMarked(span, place, context);
      found_.push_back({words[hit.begin].begin, words[i].mark_end, hit.kind, hit.rule, hit.confidence});
    } else {
      Scan(span, punctuation == Punctuation::kPunctuated, context, found_);
    }
    begin = i + 1;
  }
  return found_;
}

std::vector<FoundQuestion> FindQuestions(std::string_view turn_text, Punctuation punctuation,
                                         const TurnContext& context) {
  QuestionFinder finder;
  return finder.Find(turn_text, punctuation, context);
}

absl::StatusOr<Role> ResolveAsker(const Transcript& transcript, std::optional<Role> asked_for) {
  const auto speaks = [&transcript](Role role) {
    return std::any_of(transcript.turns.begin(), transcript.turns.end(),
                       [role](const Turn& turn) { return turn.role == role; });
  };
  if (asked_for) {
    if (speaks(*asked_for)) return *asked_for;
    return InvalidField("asker", ToString(*asked_for),
                        "no turn is spoken by this role: name the speakers' roles, or choose another asker");
  }
  if (speaks(Role::kSupervisor)) return Role::kSupervisor;
  return speaks(Role::kWorker) ? Role::kWorker : Role::kUnknown;
}

std::vector<Question> ExtractQuestions(const Transcript& transcript, const ExtractionOptions& options) {
  const Punctuation punctuation = DetectPunctuation(transcript);
  const absl::StatusOr<Role> part = ResolveAsker(transcript, std::nullopt);
  const Role asks = part.ok() ? *part : Role::kUnknown;
  const bool mixed = punctuation == Punctuation::kNone && !transcript.speakers_known;
  std::vector<Question> questions;
  QuestionFinder finder;
  const Turn* previous = nullptr;
  bool previous_asked = false;
  for (const Turn& turn : transcript.turns) {
    const bool answers = previous_asked && previous->speaker != turn.speaker;
    const TurnContext context{.asker = asks != Role::kUnknown && turn.role == asks, .answers = answers, .mixed = mixed};
    previous = &turn;
    previous_asked = false;
    const bool counts = !options.asker || turn.role == *options.asker;
    for (FoundQuestion found : finder.Find(turn.text, punctuation, context)) {
      if (found.confidence < kMinConfidence && found.confidence < options.min_confidence) continue;
      previous_asked = previous_asked || found.confidence >= kMinConfidence;
      if (!counts || found.confidence < options.min_confidence) continue;
      KeepPlaceholdersWhole(turn.text, found.begin, found.end);
      questions.push_back({turn.number, static_cast<int>(questions.size()) + 1,
                           turn.text.substr(found.begin, found.end - found.begin), found.kind, found.rule, found.begin,
                           found.end, found.confidence});
    }
  }
  return questions;
}

std::vector<Question> ExtractQuestions(const Transcript& transcript, Role asker) {
  return ExtractQuestions(transcript, {.asker = asker});
}

absl::StatusOr<std::vector<SessionQuestions>> ParseQuestionsCsv(std::string_view text, const QuestionLimits& limits) {
  CsvTable::Limits table_limits;
  table_limits.max_bytes = limits.max_bytes;
  table_limits.max_rows = limits.max_questions;
  table_limits.max_columns = 50;
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, table_limits));
  RETURN_IF_ERROR(table.RequireColumns({"session", "turn", "question"}));
  if (table.rows() == 0) return InvalidField(CsvTable::kWhole, "0 rows", "must have at least one question");
  std::vector<SessionQuestions> sessions;
  std::map<std::string, size_t> index;
  RowOrder order(table.HasColumn("number"));
  Violations violations;
  for (size_t row = 0; row < table.rows(); ++row) {
    QuestionRow read = ReadQuestionRow(table, row, limits, violations);
    const auto [it, added] = index.emplace(read.session, sessions.size());
    if (added) {
      if (sessions.size() >= limits.max_sessions) {
        violations.Add(CsvTable::Place(row, "session"), read.session,
                       absl::StrCat("at most ", limits.max_sessions, " sessions"));
        break;
      }
      sessions.push_back({read.session, {}});
    }
    order.Check(row, read, violations);
    std::vector<Question>& list = sessions[it->second].questions;
    read.question.order = static_cast<int>(list.size()) + 1;
    list.push_back(std::move(read.question));
  }
  RETURN_IF_ERROR(violations.ToStatus());
  return sessions;
}

}  // namespace plumbline::coding
