#include "instruments/storage/sql_instruments_store.h"

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "instruments/storage/answer_codec.h"

namespace plumbline::instruments {
namespace {

using sql::Params;
using sql::Row;
using sql::Transaction;
using sql::Value;

// Up to this many slots are looked up one by one; for more, one instrument's slots are read at once.
constexpr size_t kLookUpSingly = 50;
constexpr size_t kMaxIdBytes = 200;  // ids come from URLs: what cannot be an id is not there

#define PLUMBLINE_RESPONSE_COLUMNS "id, instrument, key_version, participant, wave, answers, create_time, corrections"
#define PLUMBLINE_SCORE_COLUMNS                                                                                       \
  "s.score, s.value, s.explanation, s.answered, s.items, s.missing_rule, s.min_answered, s.direction, s.combination," \
  " s.category"

constexpr char kSelectResponse[] = "SELECT " PLUMBLINE_RESPONSE_COLUMNS " FROM responses WHERE id = :id";
#define PLUMBLINE_PAGE                                                                   \
  " FROM responses WHERE id > :after AND (:instrument = '' OR instrument = :instrument)" \
  " AND (:wave = '' OR wave = :wave) ORDER BY id LIMIT :limit"
constexpr char kSelectPage[] = "SELECT " PLUMBLINE_RESPONSE_COLUMNS PLUMBLINE_PAGE;
constexpr char kSelectPageScores[] =
    "SELECT s.response, " PLUMBLINE_SCORE_COLUMNS " FROM scores s WHERE s.response IN (SELECT id" PLUMBLINE_PAGE
    ") ORDER BY s.response, s.position";
constexpr char kSelectScores[] =
    "SELECT s.response, " PLUMBLINE_SCORE_COLUMNS " FROM scores s WHERE s.response = :response ORDER BY s.position";
constexpr char kSelectScoresOf[] = "SELECT r.participant, r.wave, r.key_version, " PLUMBLINE_SCORE_COLUMNS
                                   " FROM responses r JOIN scores s ON s.response = r.id"
                                   " WHERE r.instrument = :instrument AND s.score = :score"
                                   " ORDER BY r.participant, r.wave";
constexpr char kSelectSlot[] =
    "SELECT id FROM responses WHERE instrument = :instrument AND participant = :participant AND wave = :wave";
constexpr char kSelectSlots[] = "SELECT id, participant, wave FROM responses WHERE instrument = :instrument";
constexpr char kSelectCorrections[] =
    "SELECT number, time, actor, former_answers FROM corrections WHERE response = :response ORDER BY number";
constexpr char kInsertResponse[] = "INSERT INTO responses (" PLUMBLINE_RESPONSE_COLUMNS
                                   ") VALUES (:id, :instrument, :key_version, :participant, :wave, :answers,"
                                   " :create_time, :corrections)";
constexpr char kInsertScore[] =
    "INSERT INTO scores (response, position, score, value, explanation, answered, items, missing_rule, min_answered,"
    " direction, combination, category) VALUES (:response, :position, :score, :value, :explanation, :answered, :items,"
    " :missing_rule, :min_answered, :direction, :combination, :category)";
constexpr char kInsertCorrection[] =
    "INSERT INTO corrections (response, number, time, actor, former_answers)"
    " VALUES (:response, :number, :time, :actor, :former_answers)";
constexpr char kUpdateResponse[] = "UPDATE responses SET answers = :answers, corrections = :corrections WHERE id = :id";
constexpr char kDeleteScores[] = "DELETE FROM scores WHERE response = :response";
constexpr char kDeleteCorrections[] = "DELETE FROM corrections WHERE response = :response";
constexpr char kDeleteResponse[] = "DELETE FROM responses WHERE id = :id";

template <typename Enum>
absl::StatusOr<Enum> FromName(const std::string& name, std::initializer_list<Enum> values) {
  for (const Enum value : values) {
    if (name == ToString(value)) return value;
  }
  return absl::InternalError(absl::StrCat("a stored score holds the unknown name ", name));
}

absl::StatusOr<Score> ReadScore(const Row& row) {
  Score score;
  score.score = row.Text("score");
  score.explanation = row.Text("explanation");
  score.answered = static_cast<int>(row.Int("answered"));
  score.items = static_cast<int>(row.Int("items"));
  if (!row.IsNull("value")) {
    score.value = stats::Figure::Of(row.Double("value"));
  } else {
    score.value =
        stats::Figure::None(score.answered == 0 ? stats::Undefined::kNoData : stats::Undefined::kTooFewValues);
  }
  ASSIGN_OR_RETURN(score.missing.kind,
                   FromName(row.Text("missing_rule"), {MissingRuleKind::kNoneAllowed, MissingRuleKind::kProrated,
                                                       MissingRuleKind::kMeanOfAnswered}));
  score.missing.min_answered = static_cast<int>(row.Int("min_answered"));
  ASSIGN_OR_RETURN(score.direction, FromName(row.Text("direction"), {Direction::kHigherIsBetter,
                                                                     Direction::kLowerIsBetter, Direction::kNone}));
  ASSIGN_OR_RETURN(score.combination,
                   FromName(row.Text("combination"),
                            {Combination::kMean, Combination::kSum, Combination::kSingle, Combination::kCategory}));
  score.category = row.Text("category");
  return score;
}

std::vector<Value> ScoreRow(const std::string& response, size_t position, const Score& score) {
  return {response,
          static_cast<int64_t>(position),
          score.score,
          score.value.defined() ? Value(*score.value) : Value(),
          score.explanation,
          static_cast<int64_t>(score.answered),
          static_cast<int64_t>(score.items),
          std::string(ToString(score.missing.kind)),
          static_cast<int64_t>(score.missing.min_answered),
          std::string(ToString(score.direction)),
          std::string(ToString(score.combination)),
          score.category};
}

const std::vector<std::string>& ScoreNames() {
  static const auto* const names =
      new std::vector<std::string>{"response", "position",     "score",        "value",     "explanation", "answered",
                                   "items",    "missing_rule", "min_answered", "direction", "combination", "category"};
  return *names;
}

class SqlInstrumentsWriter : public InstrumentsWriter {
 public:
  explicit SqlInstrumentsWriter(Transaction& transaction) : transaction_(transaction) {}

  absl::StatusOr<StoredResponse> GetResponse(const std::string& id) override {
    if (id.size() > kMaxIdBytes) return NotFound(ResponseName(id.substr(0, kMaxIdBytes)));
    ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction_.Query(kSelectResponse, {{"id", id}}));
    if (rows.empty()) return NotFound(ResponseName(id));
    ASSIGN_OR_RETURN(const std::vector<Row> scores, transaction_.Query(kSelectScores, {{"response", id}}));
    size_t next_score = 0;
    return ReadResponse(rows.front(), scores, next_score);
  }

  absl::StatusOr<std::vector<StoredResponse>> ListResponses(const ResponseFilter& filter, const std::string& after_id,
                                                            int limit) override {
    const Params params = {{"after", after_id},
                           {"instrument", filter.instrument},
                           {"wave", filter.wave},
                           {"limit", static_cast<int64_t>(limit)}};
    ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction_.Query(kSelectPage, params));
    ASSIGN_OR_RETURN(const std::vector<Row> scores, transaction_.Query(kSelectPageScores, params));
    std::vector<StoredResponse> page;
    page.reserve(rows.size());
    size_t next_score = 0;
    for (const Row& row : rows) {
      ASSIGN_OR_RETURN(StoredResponse response, ReadResponse(row, scores, next_score));
      page.push_back(std::move(response));
    }
    return page;
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> FindResponses(
      const std::vector<ResponseSlot>& slots) override {
    return slots.size() <= kLookUpSingly ? FindSingly(slots) : FindByInstrument(slots);
  }

  absl::StatusOr<std::vector<Observation>> ListScores(const std::string& instrument,
                                                      const std::string& score) override {
    ASSIGN_OR_RETURN(const std::vector<Row> rows,
                     transaction_.Query(kSelectScoresOf, {{"instrument", instrument}, {"score", score}}));
    std::vector<Observation> observations;
    observations.reserve(rows.size());
    for (const Row& row : rows) {
      Observation& observation = observations.emplace_back();
      observation.participant = row.Text("participant");
      observation.wave = row.Text("wave");
      observation.key_version = static_cast<int>(row.Int("key_version"));
      ASSIGN_OR_RETURN(observation.score, ReadScore(row));
    }
    return observations;
  }

  absl::StatusOr<std::vector<Correction>> ListCorrections(const std::string& id) override {
    ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction_.Query(kSelectCorrections, {{"response", id}}));
    std::vector<Correction> corrections;
    for (const Row& row : rows) {
      Correction& correction = corrections.emplace_back();
      correction.number = static_cast<int>(row.Int("number"));
      correction.time = row.Time("time");
      correction.actor = row.Text("actor");
      ASSIGN_OR_RETURN(correction.former_answers, DecodeAnswers(row.Text("former_answers")));
    }
    return corrections;
  }

  absl::Status InsertResponses(const std::vector<StoredResponse>& responses) override {
    std::vector<std::vector<Value>> rows;
    std::vector<std::vector<Value>> scores;
    rows.reserve(responses.size());
    for (const StoredResponse& r : responses) {
      rows.push_back({r.id, r.instrument, static_cast<int64_t>(r.key_version), r.participant, r.wave,
                      EncodeAnswers(r.answers), sql::Time(r.create_time), static_cast<int64_t>(r.corrections)});
      for (size_t s = 0; s < r.scores.size(); ++s) scores.push_back(ScoreRow(r.id, s, r.scores[s]));
    }
    RETURN_IF_ERROR(transaction_.ExecuteMany(
        kInsertResponse,
        {"id", "instrument", "key_version", "participant", "wave", "answers", "create_time", "corrections"}, rows));
    return transaction_.ExecuteMany(kInsertScore, ScoreNames(), scores);
  }

  absl::StatusOr<StoredResponse> CorrectResponse(const std::string& id, const std::string& etag,
                                                 const std::vector<Answer>& answers, const std::vector<Score>& scores,
                                                 const std::string& actor, absl::Time now) override {
    ASSIGN_OR_RETURN(StoredResponse response, GetResponse(id));
    if (response.etag() != etag) return StaleEtag(ResponseName(id));
    ++response.corrections;
    RETURN_IF_ERROR(transaction_
                        .Execute(kInsertCorrection, {{"response", id},
                                                     {"number", static_cast<int64_t>(response.corrections)},
                                                     {"time", sql::Time(now)},
                                                     {"actor", actor},
                                                     {"former_answers", EncodeAnswers(response.answers)}})
                        .status());
    response.answers = answers;
    response.scores = scores;
    RETURN_IF_ERROR(transaction_
                        .Execute(kUpdateResponse, {{"id", id},
                                                   {"answers", EncodeAnswers(answers)},
                                                   {"corrections", static_cast<int64_t>(response.corrections)}})
                        .status());
    RETURN_IF_ERROR(transaction_.Execute(kDeleteScores, {{"response", id}}).status());
    std::vector<std::vector<Value>> rows;
    for (size_t s = 0; s < scores.size(); ++s) rows.push_back(ScoreRow(id, s, scores[s]));
    RETURN_IF_ERROR(transaction_.ExecuteMany(kInsertScore, ScoreNames(), rows));
    return response;
  }

  absl::Status DeleteResponse(const std::string& id, const std::string& etag) override {
    ASSIGN_OR_RETURN(const StoredResponse response, GetResponse(id));
    if (!etag.empty() && response.etag() != etag) return StaleEtag(ResponseName(id));
    RETURN_IF_ERROR(transaction_.Execute(kDeleteScores, {{"response", id}}).status());
    RETURN_IF_ERROR(transaction_.Execute(kDeleteCorrections, {{"response", id}}).status());
    return transaction_.Execute(kDeleteResponse, {{"id", id}}).status();
  }

 private:
  // `scores` are sorted by response; those of this one start at `next_score`, which is moved past them.
  static absl::StatusOr<StoredResponse> ReadResponse(const Row& row, const std::vector<Row>& scores,
                                                     size_t& next_score) {
    StoredResponse response;
    response.id = row.Text("id");
    response.instrument = row.Text("instrument");
    response.key_version = static_cast<int>(row.Int("key_version"));
    response.participant = row.Text("participant");
    response.wave = row.Text("wave");
    response.create_time = row.Time("create_time");
    response.corrections = static_cast<int>(row.Int("corrections"));
    ASSIGN_OR_RETURN(response.answers, DecodeAnswers(row.Text("answers")));
    for (; next_score < scores.size() && scores[next_score].Text("response") == response.id; ++next_score) {
      ASSIGN_OR_RETURN(Score score, ReadScore(scores[next_score]));
      response.scores.push_back(std::move(score));
    }
    return response;
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> FindSingly(const std::vector<ResponseSlot>& slots) {
    std::vector<std::optional<std::string>> found(slots.size());
    for (size_t s = 0; s < slots.size(); ++s) {
      ASSIGN_OR_RETURN(const std::vector<Row> rows,
                       transaction_.Query(kSelectSlot, {{"instrument", slots[s].instrument},
                                                        {"participant", slots[s].participant},
                                                        {"wave", slots[s].wave}}));
      if (!rows.empty()) found[s] = rows.front().Text("id");
    }
    return found;
  }

  absl::StatusOr<std::vector<std::optional<std::string>>> FindByInstrument(const std::vector<ResponseSlot>& slots) {
    std::set<std::string> instruments;
    for (const ResponseSlot& slot : slots) instruments.insert(slot.instrument);
    std::vector<std::optional<std::string>> found(slots.size());
    for (const std::string& instrument : instruments) {
      ASSIGN_OR_RETURN(const std::vector<Row> rows, transaction_.Query(kSelectSlots, {{"instrument", instrument}}));
      std::map<std::pair<std::string, std::string>, std::string> ids;
      for (const Row& row : rows) ids[{row.Text("participant"), row.Text("wave")}] = row.Text("id");
      for (size_t s = 0; s < slots.size(); ++s) {
        if (slots[s].instrument != instrument) continue;
        const auto it = ids.find({slots[s].participant, slots[s].wave});
        if (it != ids.end()) found[s] = it->second;
      }
    }
    return found;
  }

  Transaction& transaction_;
};

}  // namespace

std::unique_ptr<InstrumentsStore> MakeSqlInstrumentsStore(sql::Database& database) {
  return std::make_unique<jobs::SqlUnitOfWork<InstrumentsReader, InstrumentsWriter>>(
      database, [](Transaction& transaction) { return std::make_unique<SqlInstrumentsWriter>(transaction); },
      [](Transaction& transaction) { return std::make_unique<SqlInstrumentsWriter>(transaction); });
}

}  // namespace plumbline::instruments
