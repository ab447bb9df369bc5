#include <array>
#include <unordered_map>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "coding/storage/sql_queries.h"
#include "coding/storage/sql_store.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/jobs/sql_unit_of_work.h"

// Studies and codes in SQL; their items and batches are in sql_study_items.cc, transcripts and frames in
// sql_transcripts.cc.
namespace plumbline::coding {
namespace {

Code ReadCode(const sql::Row& row) {
  return {row.Int("outcomes_focused") != 0, row.Text("nomination"), static_cast<int>(row.Int("version")),
          row.Time("submit_time")};
}

CoderItem ReadCoderItem(const sql::Row& row) {
  CoderItem item{row.Text("item"), static_cast<int>(row.Int("position")), row.Text("text"), std::nullopt};
  item.context = row.Text("context");
  item.second_text = row.Text("second_text");
  if (row.Int("version") > 0) item.code = ReadCode(row);
  return item;
}

// Where the database has no such instant: InfiniteFuture becomes the latest one it can hold.
sql::Value PageTime(absl::Time time) {
  if (time == absl::InfiniteFuture()) return std::numeric_limits<int64_t>::max();
  return sql::Time(time);
}

// NULL for the instant that stands for "never": InfinitePast of a close time, InfiniteFuture of a deadline.
sql::Value TimeOrNull(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return std::monostate{};
  return sql::Time(time);
}

// What the database holds for an enumerator: the first is what an unknown name is read as.
template <typename Enum, size_t N>
using Names = std::array<std::pair<Enum, const char*>, N>;

template <typename Enum, size_t N>
std::string NameOf(const Names<Enum, N>& names, Enum value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return names[0].second;
}

template <typename Enum, size_t N>
Enum ValueOf(const Names<Enum, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (text == name) return value;
  }
  return names[0].first;
}

using Measure = PassingRule::Measure;
constexpr Names<StudyPurpose, 2> kPurposes = {{{StudyPurpose::kMain, "MAIN"}, {StudyPurpose::kTraining, "TRAINING"}}};
constexpr Names<SuggestionMode, 3> kSuggestions = {{{SuggestionMode::kNever, "NEVER"},
                                                    {SuggestionMode::kAfterAnswer, "AFTER_ANSWER"},
                                                    {SuggestionMode::kBeforeAnswer, "BEFORE_ANSWER"}}};
constexpr Names<Measure, 3> kMeasures = {
    {{Measure::kNone, "NONE"}, {Measure::kPercent, "PERCENT"}, {Measure::kKappa, "KAPPA"}}};

// A study is OPEN or CLOSED; the phase tells what an open one does, and stays what it was once it is closed.
constexpr Names<StudyState, 3> kPhases = {{{StudyState::kOpen, "CODING"},
                                           {StudyState::kPreparing, "PREPARING"},
                                           {StudyState::kAdjudicating, "ADJUDICATING"}}};
std::string StateName(StudyState state) { return state == StudyState::kClosed ? "CLOSED" : "OPEN"; }

Fraction ReadFraction(const sql::Row& row, std::string_view numerator, std::string_view denominator) {
  return {static_cast<int32_t>(row.Int(numerator)), static_cast<int32_t>(row.Int(denominator))};
}

}  // namespace

absl::StatusOr<Study> SqlCodingAccess::ReadStudy(const sql::Row& row) {
  Study study;
  study.id = row.Text("id");
  study.title = row.Text("title");
  study.frame_id = row.Text("frame_id");
  study.frame_version = static_cast<int>(row.Int("frame_version"));
  if (!absl::SimpleAtoi(row.Text("seed"), &study.seed)) return absl::InternalError("a stored seed cannot be read");
  study.state = row.Text("state") == "OPEN" ? ValueOf(kPhases, row.Text("phase")) : StudyState::kClosed;
  study.item_count = static_cast<int>(row.Int("item_count"));
  study.create_time = row.Time("create_time");
  if (!row.IsNull("close_time")) study.close_time = row.Time("close_time");
  study.revision = row.Int("revision");
  study.purpose = ValueOf(kPurposes, row.Text("purpose"));
  study.session_count = static_cast<int>(row.Int("session_count"));
  study.sample = {ReadFraction(row, "sample_numerator", "sample_denominator"), static_cast<int>(row.Int("sample_max"))};
  study.assignment = {static_cast<int>(row.Int("coders_per_item")),
                      ReadFraction(row, "overlap_numerator", "overlap_denominator"),
                      ReadFraction(row, "repeats_numerator", "repeats_denominator")};
  study.adjudicator = row.Text("adjudicator");
  if (!row.IsNull("deadline")) study.deadline = row.Time("deadline");
  study.suggestions = ValueOf(kSuggestions, row.Text("suggestions"));
  study.requires_training = row.Text("requires_training");
  study.passing = {ValueOf(kMeasures, row.Text("passing_measure")), row.Double("passing_minimum")};
  ASSIGN_OR_RETURN(const auto coders, transaction_.Query(queries::kListStudyCoders, {{"study", study.id}}));
  for (const sql::Row& coder : coders) study.coders.push_back(coder.Text("coder"));
  return study;
}

absl::StatusOr<Study> SqlCodingAccess::GetStudy(const std::string& id) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kGetStudy, {{"id", id}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", id));
  return ReadStudy(rows[0]);
}

absl::StatusOr<std::vector<Study>> SqlCodingAccess::ListStudies(const StudyPosition& after, int limit) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListStudies, {{"time", PageTime(after.create_time)},
                                                                               {"id", after.id},
                                                                               {"limit", int64_t{limit}}}));
  std::vector<Study> studies;
  for (const sql::Row& row : rows) {
    ASSIGN_OR_RETURN(Study study, ReadStudy(row));
    studies.push_back(std::move(study));
  }
  return studies;
}

absl::StatusOr<std::vector<PlacedCode>> SqlCodingAccess::ListNewestCodes(const std::string& study) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListNewestCodes, {{"study", study}}));
  std::vector<PlacedCode> codes;
  codes.reserve(rows.size());
  for (const sql::Row& row : rows) codes.push_back({row.Text("coder"), row.Text("item"), ReadCode(row)});
  return codes;
}

// One coder's codes and the page of items they belong to, both in the same order.
absl::Status SqlCodingAccess::AddCodesOf(const std::string& coder, int index, const sql::Params& page,
                                         std::vector<CodedItem>& items) {
  sql::Params params = page;
  params.push_back({"coder", coder});
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListCodesOfSessions, params));
  size_t i = 0;
  for (const sql::Row& row : rows) {
    while (i < items.size() && items[i].item.key.item_id != row.Text("item")) ++i;
    if (i == items.size()) return absl::InternalError("a stored code belongs to no item of its page");
    AssignedCode& assigned = items[i].codes.emplace_back();
    assigned.coder = index;
    if (row.Int("version") > 0) assigned.code = ReadCode(row);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<CodedItem>> SqlCodingAccess::ListCodedItems(const Study& study, int after, int until,
                                                                       bool texts) {
  const sql::Params page = {{"study", study.id}, {"after", int64_t{after}}, {"until", int64_t{until}}};
  ASSIGN_OR_RETURN(std::vector<StudyItem> found, ListItemsOfSessions(page, texts));
  std::vector<CodedItem> items;
  items.reserve(found.size());
  for (StudyItem& item : found) items.push_back({std::move(item), {}});
  for (size_t c = 0; c < study.coders.size(); ++c) {
    RETURN_IF_ERROR(AddCodesOf(study.coders[c], static_cast<int>(c), page, items));
  }
  if (!study.adjudicator.empty()) RETURN_IF_ERROR(AddCodesOf(study.adjudicator, kAdjudicatorIndex, page, items));
  return items;
}

absl::StatusOr<std::vector<RepeatedItem>> SqlCodingAccess::ListRepeatedItems(const Study& study,
                                                                             const std::string& after, int limit) {
  ASSIGN_OR_RETURN(
      const auto page,
      transaction_.Query(queries::kListRepeats, {{"study", study.id}, {"after", after}, {"limit", int64_t{limit}}}));
  std::vector<RepeatedItem> repeated;
  if (page.empty()) return repeated;
  std::unordered_map<std::string, size_t> places;
  for (const sql::Row& row : page) {
    places[row.Text("item")] = repeated.size();
    repeated.push_back({0, row.Text("item"), std::nullopt, std::nullopt});
  }
  for (size_t c = 0; c < study.coders.size(); ++c) {
    const sql::Params params = {
        {"study", study.id}, {"coder", study.coders[c]}, {"after", after}, {"until", page.back().Text("item")}};
    for (const auto& [statement, look] : {std::pair(queries::kListRepeatCodes, &RepeatedItem::second),
                                          std::pair(queries::kListRepeatedCodes, &RepeatedItem::first)}) {
      ASSIGN_OR_RETURN(const auto rows, transaction_.Query(statement, params));
      for (const sql::Row& row : rows) {
        RepeatedItem& item = repeated[places.at(row.Text("item"))];
        item.coder = static_cast<int>(c);
        if (row.Int("version") > 0) item.*look = ReadCode(row);
      }
    }
  }
  return repeated;
}

absl::StatusOr<std::vector<CoderItem>> SqlCodingAccess::ListCoderItems(const std::string& study,
                                                                       const std::string& coder, int after, int limit) {
  ASSIGN_OR_RETURN(
      const auto rows,
      transaction_.Query(queries::kListCoderItems,
                         {{"study", study}, {"coder", coder}, {"after", int64_t{after}}, {"limit", int64_t{limit}}}));
  std::vector<CoderItem> items;
  items.reserve(rows.size());
  for (const sql::Row& row : rows) items.push_back(ReadCoderItem(row));
  return items;
}

absl::StatusOr<CoderItem> SqlCodingAccess::GetCoderItem(const std::string& study, const std::string& coder,
                                                        const std::string& item) {
  ASSIGN_OR_RETURN(const auto rows,
                   transaction_.Query(queries::kGetCoderItem, {{"study", study}, {"coder", coder}, {"item", item}}));
  if (rows.empty()) return NotFound(absl::StrCat("studies/", study, "/coders/", coder, "/items/", item));
  return ReadCoderItem(rows[0]);
}

absl::StatusOr<std::vector<Code>> SqlCodingAccess::ListCodeVersions(const std::string& study, const std::string& coder,
                                                                    const std::string& item) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(queries::kListCodeVersions,
                                                       {{"study", study}, {"coder", coder}, {"item", item}}));
  std::vector<Code> codes;
  codes.reserve(rows.size());
  for (const sql::Row& row : rows) codes.push_back(ReadCode(row));
  return codes;
}

absl::Status SqlCodingAccess::AddStudy(const Study& study) {
  const auto present = GetStudy(study.id);
  if (present.ok()) return AlreadyExists(absl::StrCat("studies/", study.id));
  if (!absl::IsNotFound(present.status())) return present.status();
  const AssignmentRule& assignment = study.assignment;
  const auto share = [](int32_t part) { return sql::Value(int64_t{part}); };
  RETURN_IF_ERROR(transaction_.InsertMany("studies",
                                          {"id",
                                           "title",
                                           "frame_id",
                                           "frame_version",
                                           "seed",
                                           "state",
                                           "item_count",
                                           "create_time",
                                           "close_time",
                                           "revision",
                                           "phase",
                                           "purpose",
                                           "session_count",
                                           "sample_numerator",
                                           "sample_denominator",
                                           "sample_max",
                                           "coders_per_item",
                                           "overlap_numerator",
                                           "overlap_denominator",
                                           "repeats_numerator",
                                           "repeats_denominator",
                                           "adjudicator",
                                           "deadline",
                                           "suggestions",
                                           "requires_training",
                                           "passing_measure",
                                           "passing_minimum"},
                                          {{study.id,
                                            study.title,
                                            study.frame_id,
                                            int64_t{study.frame_version},
                                            absl::StrCat(study.seed),
                                            StateName(study.state),
                                            int64_t{study.item_count},
                                            sql::Time(study.create_time),
                                            TimeOrNull(study.close_time),
                                            study.revision,
                                            NameOf(kPhases, study.state),
                                            NameOf(kPurposes, study.purpose),
                                            static_cast<int64_t>(study.sessions.size()),
                                            share(study.sample.share.numerator),
                                            share(study.sample.share.denominator),
                                            int64_t{study.sample.max_per_session},
                                            int64_t{assignment.coders_per_item},
                                            share(assignment.overlap.numerator),
                                            share(assignment.overlap.denominator),
                                            share(assignment.repeats.numerator),
                                            share(assignment.repeats.denominator),
                                            study.adjudicator,
                                            TimeOrNull(study.deadline),
                                            NameOf(kSuggestions, study.suggestions),
                                            study.requires_training,
                                            NameOf(kMeasures, study.passing.measure),
                                            study.passing.minimum}}));
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(study.sessions.size());
  for (size_t i = 0; i < study.sessions.size(); ++i) {
    rows.push_back({study.id, static_cast<int64_t>(i + 1), study.sessions[i]});
  }
  RETURN_IF_ERROR(transaction_.InsertMany("study_sessions", {"study", "position", "session"}, rows));
  rows.clear();
  for (size_t i = 0; i < study.coders.size(); ++i) {
    rows.push_back({study.id, static_cast<int64_t>(i + 1), study.coders[i]});
  }
  return transaction_.InsertMany("study_coders", {"study", "position", "coder"}, rows);
}

absl::Status SqlCodingAccess::DeleteStudy(const std::string& study) {
  RETURN_IF_ERROR(GetStudy(study).status());
  for (const char* statement : queries::kDeleteStudy) {
    RETURN_IF_ERROR(transaction_.Execute(statement, {{"study", study}}).status());
  }
  return absl::OkStatus();
}

absl::Status SqlCodingAccess::UpdateStudy(const Study& study) {
  sql::Params params = {{"id", study.id},
                        {"title", study.title},
                        {"deadline", TimeOrNull(study.deadline)},
                        {"state", StateName(study.state)},
                        {"close_time", TimeOrNull(study.close_time)},
                        {"item_count", int64_t{study.item_count}}};
  const bool closed = study.state == StudyState::kClosed;
  if (!closed) params.push_back({"phase", NameOf(kPhases, study.state)});
  ASSIGN_OR_RETURN(const int64_t changed,
                   transaction_.Execute(closed ? queries::kCloseStudy : queries::kUpdateStudy, params));
  if (changed == 0) return NotFound(absl::StrCat("studies/", study.id));
  return absl::OkStatus();
}

absl::StatusOr<SqlCodingAccess::Heads> SqlCodingAccess::CodeHeads(const std::string& study,
                                                                  const std::vector<PlacedCode>& codes) {
  std::map<std::string, std::vector<std::string>> items;  // by coder
  for (const PlacedCode& placed : codes) items[placed.coder].push_back(placed.item_id);
  Heads heads;
  for (const auto& [coder, of_coder] : items) {
    RETURN_IF_ERROR(InChunks(of_coder, [&](const std::string& list, sql::Params params) -> absl::Status {
      params.push_back({"study", study});
      params.push_back({"coder", coder});
      ASSIGN_OR_RETURN(const auto rows, transaction_.Query(absl::StrCat(queries::kListCodeHeads, list, ")"), params));
      for (const sql::Row& row : rows) {
        heads[{coder, row.Text("item")}] = {static_cast<int>(row.Int("version")), false};
      }
      return absl::OkStatus();
    }));
  }
  return heads;
}

absl::StatusOr<std::vector<PlacedCode>> SqlCodingAccess::AddCodes(const std::string& study,
                                                                  const std::vector<PlacedCode>& codes,
                                                                  absl::Time now) {
  ASSIGN_OR_RETURN(auto heads, CodeHeads(study, codes));
  std::vector<PlacedCode> stored = codes;
  std::vector<std::vector<sql::Value>> rows;
  rows.reserve(codes.size());
  std::map<std::string, BatchProgress> progress;  // by how much each coder's grows
  for (PlacedCode& placed : stored) {
    const auto head = heads.find({placed.coder, placed.item_id});
    if (head == heads.end()) {
      return NotFound(absl::StrCat("studies/", study, "/coders/", placed.coder, "/items/", placed.item_id));
    }
    BatchProgress& grown = progress[placed.coder];
    if (head->second.version > 0) --(head->second.skipped ? grown.skipped : grown.coded);
    ++(placed.code.skip_reason.empty() ? grown.coded : grown.skipped);
    placed.code.version = head->second.version + 1;
    placed.code.submit_time = now;
    rows.push_back({study, placed.coder, placed.item_id, int64_t{placed.code.version},
                    int64_t{placed.code.outcomes_focused ? 1 : 0}, placed.code.nomination, sql::Time(now)});
  }
  if (rows.empty()) return stored;
  const std::vector<std::string> names = {"study",      "coder",      "item", "version", "outcomes_focused",
                                          "nomination", "submit_time"};
  RETURN_IF_ERROR(transaction_.InsertMany("codes", names, rows));
  RETURN_IF_ERROR(transaction_.ExecuteMany(queries::kSetNewestCode, names, rows));
  for (const auto& [coder, grown] : progress) RETURN_IF_ERROR(AddProgress(study, coder, grown));
  return stored;
}

std::unique_ptr<CodingStore> MakeSqlStore(sql::Database& database) {
  const auto make = [](sql::Transaction& transaction) { return std::make_unique<SqlCodingAccess>(transaction); };
  return std::make_unique<jobs::SqlUnitOfWork<CodingReader, CodingWriter>>(database, make, make);
}

}  // namespace plumbline::coding
