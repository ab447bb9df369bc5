#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/domain/answer_cells.h"
#include "coding/domain/codes.h"
#include "coding/domain/pseudonym.h"
#include "coding/domain/transcript_text.h"
#include "common/base/csv.h"
#include "common/base/status_macros.h"

// Codes that were made elsewhere, as a table.
namespace plumbline::coding {
namespace {

// The items of a study by what a table says of them. A turn can hold the same question more than once ("How? How?"):
// its items stand in the order asked.
class ItemIndex {
 public:
  struct Found {
    const std::vector<const KeyEntry*>* entries = nullptr;
    std::string_view rule = {};  // why there is none
  };

  // `by_second`: pairs of texts are told apart by their second text as well.
  ItemIndex(const std::vector<StudyItem>& items, bool sessions, bool by_second, const QuestionsOfSession& drawn_from)
      : sessions_(sessions), drawn_from_(drawn_from) {
    std::map<Key, std::string_view> seconds;
    for (const StudyItem& item : items) {
      const Key key = sessions
                          ? Key{item.key.session, 0, ""}
                          : Key{item.key.session, item.key.turn, Words(item.text, by_second ? item.second_text : "")};
      items_[key].push_back(&item.key);
      const auto [first, added] = seconds.emplace(key, item.second_text);
      if (!added && first->second != item.second_text) several_.insert(key);
    }
    for (auto& [question, entries] : items_) {
      const auto& [session, turn, words] = question;
      if (HoldsPlaceholder(words)) replaced_[{session, turn}].push_back(&question);
      std::sort(entries.begin(), entries.end(),
                [](const KeyEntry* a, const KeyEntry* b) { return a->question_number < b->question_number; });
    }
  }

  // An error is one of `drawn_from`.
  absl::StatusOr<Found> Find(const std::string& session, int turn, std::string_view question, std::string_view second) {
    const Key key{session, turn, Words(question, second)};
    const auto exact = items_.find(key);
    if (exact != items_.end()) return Take(*exact);
    // Many coders' rows are about the same question.
    if (const auto known = as_said_.find(key); known != as_said_.end()) return known->second;
    ASSIGN_OR_RETURN(const Found found, FindAsSaid(key, session));
    as_said_.emplace(key, found);
    return found;
  }

 private:
  using Key = std::tuple<std::string_view, int, std::string>;  // session, turn, words
  using Items = std::map<Key, std::vector<const KeyEntry*>>;

  static constexpr std::string_view kSeveralFit =
      "may be either of several questions of this turn, which differ in whom they name: write it as ListQuestions "
      "shows "
      "it";
  static constexpr std::string_view kSeveralPairs =
      "is the first text of several pairs: a column second must tell which";

  static std::string Words(std::string_view first, std::string_view second) {
    return second.empty() ? CollapseSpace(first) : absl::StrCat(CollapseSpace(first), "\n", CollapseSpace(second));
  }
  static bool HoldsPlaceholder(std::string_view words) { return BytesBesidePlaceholders(words) < words.size(); }

  Found None() const {
    return {nullptr,
            sessions_ ? "is not a session of the study" : "is not a question of the study in this session and turn"};
  }
  Found Take(const Items::value_type& question) const {
    if (several_.count(question.first) > 0) return {nullptr, kSeveralPairs};
    return {&question.second};
  }

  // Codes made on the words as they were said, of a question that has placeholders in it.
  absl::StatusOr<Found> FindAsSaid(const Key& key, const std::string& session) {
    const auto& [of_session, turn, words] = key;
    const auto replaced = replaced_.find({of_session, turn});
    if (replaced == replaced_.end() || HoldsPlaceholder(words)) return None();
    const Key* fits = nullptr;
    for (const Key* candidate : replaced->second) {
      if (!MatchesPlaceholders(std::get<2>(*candidate), words)) continue;
      if (fits != nullptr) return Found{nullptr, kSeveralFit};
      fits = candidate;
    }
    if (fits == nullptr) return None();
    if (!drawn_from_) return Take(*items_.find(*fits));
    // The turn may ask what the sample left out, and these words may be of that.
    if (session != looked_at_) {
      ASSIGN_OR_RETURN(questions_, drawn_from_(session));
      looked_at_ = session;
    }
    bool several = false;
    for (const Question& question : questions_) {
      const std::string asked = CollapseSpace(question.text);
      if (question.turn != turn || asked == std::get<2>(*fits)) continue;
      if (asked == words) return None();
      several = several || MatchesPlaceholders(asked, words);
    }
    return several ? Found{nullptr, kSeveralFit} : Take(*items_.find(*fits));
  }

  const bool sessions_;
  const QuestionsOfSession& drawn_from_;
  Items items_;
  std::map<std::pair<std::string_view, int>, std::vector<const Key*>>
      replaced_;  // questions with placeholders, by turn
  std::map<Key, Found> as_said_;
  std::set<Key> several_;  // pairs that differ in their second text
  std::string looked_at_;  // the last session that was, and its questions
  std::vector<Question> questions_;
};

class CodesReader {
 public:
  CodesReader(const CsvTable& table, const Study& study, const Frame& frame, const std::vector<StudyItem>& items,
              const QuestionsOfSession& drawn_from)
      : table_(table),
        frame_(frame),
        of_sessions_(frame.unit == FrameUnit::kSession),
        by_second_(frame.unit == FrameUnit::kPair && table.HasColumn("second")),
        coders_(study.coders.begin(), study.coders.end()),
        items_(items, of_sessions_, by_second_, drawn_from) {}

  absl::StatusOr<std::vector<PlacedCode>> Read() {
    std::vector<PlacedCode> codes;
    for (size_t row = 0; row < table_.rows(); ++row) {
      ASSIGN_OR_RETURN(std::string item, ItemOf(row));
      PlacedCode placed{table_.Cell(row, "coder"), std::move(item), {}};
      CellAnswer answer = ReadAnswer(frame_, table_, row, violations_);
      if (!answer.given) {
        violations_.Add(CsvTable::Place(row, RequiredAnswerColumns(frame_)[0]), "", "is required, or a skip_reason");
      }
      if (answer.code) placed.code = *std::move(answer.code);
      codes.push_back(std::move(placed));
    }
    RETURN_IF_ERROR(violations_.ToStatus());
    return codes;
  }

 private:
  // The item that the row's coder codes; "" with a violation where there is none.
  absl::StatusOr<std::string> ItemOf(size_t row) {
    int turn = 0;
    if (!of_sessions_ && !absl::SimpleAtoi(table_.Cell(row, "turn"), &turn)) {
      violations_.Add(CsvTable::Place(row, "turn"), table_.Cell(row, "turn"), "must be a whole number");
    }
    const std::string& coder = table_.Cell(row, "coder");
    const auto known = coders_.find(coder);
    if (known == coders_.end()) {
      violations_.Add(CsvTable::Place(row, "coder"), coder, "is not a coder of the study");
    }
    const char* column = of_sessions_ ? "session" : "question";
    ASSIGN_OR_RETURN(const ItemIndex::Found found,
                     items_.Find(table_.Cell(row, "session"), turn, of_sessions_ ? "" : table_.Cell(row, "question"),
                                 by_second_ ? table_.Cell(row, "second") : ""));
    if (found.entries == nullptr) {
      violations_.Add(CsvTable::Place(row, column), table_.Cell(row, column), found.rule);
      return "";
    }
    const std::vector<const KeyEntry*>& entries = *found.entries;
    const size_t before = known == coders_.end() ? 0 : coded_[{*known, entries.front()}]++;
    if (before < entries.size()) return entries[before]->item_id;
    violations_.Add(CsvTable::Place(row, column), table_.Cell(row, column),
                    absl::StrCat("has ", before + 1, " codes by coder ", coder, ", more than ",
                                 of_sessions_ ? "there are items of it" : "the turn asks it"));
    return "";
  }

  const CsvTable& table_;
  const Frame& frame_;
  const bool of_sessions_;
  const bool by_second_;
  const std::set<std::string_view> coders_;
  ItemIndex items_;
  std::map<std::pair<std::string_view, const KeyEntry*>, size_t> coded_;  // by coder and first item of the question
  Violations violations_;
};

CsvTable::Limits TableLimits(const CodeLimits& limits) {
  CsvTable::Limits table_limits;
  table_limits.max_bytes = limits.max_bytes;
  table_limits.max_rows = limits.max_codes;
  table_limits.max_columns = 250;  // a rating column for each of 200 entries
  return table_limits;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> SessionsOfCodesCsv(std::string_view text, const CodeLimits& limits) {
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, TableLimits(limits)));
  RETURN_IF_ERROR(table.RequireColumns({"session"}));
  std::set<std::string_view> sessions;
  for (size_t row = 0; row < table.rows(); ++row) sessions.insert(table.Cell(row, "session"));
  return std::vector<std::string>(sessions.begin(), sessions.end());
}

absl::StatusOr<std::vector<PlacedCode>> ParseCodesCsv(std::string_view text, const Study& study, const Frame& frame,
                                                      const std::vector<StudyItem>& items, const CodeLimits& limits,
                                                      const QuestionsOfSession& drawn_from) {
  ASSIGN_OR_RETURN(const CsvTable table, CsvTable::Parse(text, TableLimits(limits)));
  std::vector<std::string> required = {"session"};
  if (frame.unit != FrameUnit::kSession) required.insert(required.end(), {"turn", "question"});
  required.push_back("coder");
  for (std::string& column : RequiredAnswerColumns(frame)) required.push_back(std::move(column));
  RETURN_IF_ERROR(table.RequireColumns(required));
  if (table.rows() == 0) return InvalidField(CsvTable::kWhole, "0 rows", "must have at least one code");
  return CodesReader(table, study, frame, items, drawn_from).Read();
}

}  // namespace plumbline::coding
