#include "coding/storage/sql_pseudonyms.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"

namespace plumbline::coding {
namespace {

constexpr char kList[] =
    "SELECT kind, digest, number, whole FROM pseudonyms WHERE scope = :scope ORDER BY kind, digest";
constexpr char kAdd[] =
    "INSERT INTO pseudonyms (scope, kind, digest, number, whole) VALUES (:scope, :kind, :digest, :number, :whole)"
    " ON CONFLICT (scope, kind, digest) DO UPDATE SET number = excluded.number, whole = excluded.whole";
constexpr char kDelete[] = "DELETE FROM pseudonyms WHERE scope = :scope AND digest = :digest";
constexpr char kDestroy[] = "DELETE FROM pseudonyms WHERE scope = :scope";
constexpr char kCounters[] = "SELECT kind, next FROM pseudonym_counters WHERE scope = :scope";
constexpr char kSetCounter[] =
    "INSERT INTO pseudonym_counters (scope, kind, next) VALUES (:scope, :kind, :next)"
    " ON CONFLICT (scope, kind) DO UPDATE SET next = excluded.next WHERE excluded.next > pseudonym_counters.next";
constexpr char kDeleteCounters[] = "DELETE FROM pseudonym_counters WHERE scope = :scope";
constexpr char kGetRecord[] = "SELECT rules, unsearched, family, words FROM pseudonym_records WHERE session = :session";
constexpr char kGetCounts[] = "SELECT kind, rule, mentions FROM pseudonym_counts WHERE session = :session";
constexpr char kSumRecords[] =
    "SELECT COUNT(*) AS sessions, COALESCE(MAX(rules), 0) AS rules, COALESCE(MIN(unsearched), 0) AS unsearched,"
    " CAST(COALESCE(SUM(words), 0) AS BIGINT) AS words FROM pseudonym_records WHERE family = :family";
constexpr char kSumCounts[] =
    "SELECT c.kind, c.rule, CAST(SUM(c.mentions) AS BIGINT) AS mentions FROM pseudonym_counts c"
    " JOIN pseudonym_records r ON r.session = c.session WHERE r.family = :family GROUP BY c.kind, c.rule";
constexpr char kPutRecord[] =
    "INSERT INTO pseudonym_records (session, rules, unsearched, family, words)"
    " VALUES (:session, :rules, :unsearched, :family, :words)";
constexpr char kPutCount[] =
    "INSERT INTO pseudonym_counts (session, kind, rule, mentions) VALUES (:session, :kind, :rule, :mentions)";
constexpr char kDeleteRecord[] = "DELETE FROM pseudonym_records WHERE session = :session";
constexpr char kDeleteCounts[] = "DELETE FROM pseudonym_counts WHERE session = :session";

PseudonymKind KindOf(const sql::Row& row) {
  return PseudonymKindFromString(row.Text("kind")).value_or(PseudonymKind::kId);
}

void ReadCounts(const std::vector<sql::Row>& rows, PseudonymRecord& record) {
  for (const sql::Row& row : rows) {
    record.counts[{KindOf(row), row.Text("rule")}] = static_cast<int>(row.Int("mentions"));
  }
}

}  // namespace

absl::StatusOr<std::vector<PseudonymRow>> SqlPseudonyms::ListPseudonyms(const std::string& scope) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(kList, {{"scope", scope}}));
  std::vector<PseudonymRow> out;
  out.reserve(rows.size());
  for (const sql::Row& row : rows) {
    out.push_back({KindOf(row), row.Text("digest"), row.Int("number"), row.Int("whole") != 0});
  }
  return out;
}

absl::StatusOr<PseudonymCounters> SqlPseudonyms::GetPseudonymCounters(const std::string& scope) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(kCounters, {{"scope", scope}}));
  PseudonymCounters next;
  for (const sql::Row& row : rows) next[KindOf(row)] = row.Int("next");
  return next;
}

absl::StatusOr<PseudonymRecord> SqlPseudonyms::GetPseudonymRecord(const std::string& session) {
  ASSIGN_OR_RETURN(const auto rows, transaction_.Query(kGetRecord, {{"session", session}}));
  if (rows.empty()) return NotFound(absl::StrCat("transcripts/", session));
  PseudonymRecord record;
  record.rules = static_cast<int>(rows[0].Int("rules"));
  record.off = rows[0].Int("unsearched") != 0;
  record.family = rows[0].Text("family");
  record.words = static_cast<int>(rows[0].Int("words"));
  ASSIGN_OR_RETURN(const auto counts, transaction_.Query(kGetCounts, {{"session", session}}));
  ReadCounts(counts, record);
  return record;
}

absl::StatusOr<PseudonymRecord> SqlPseudonyms::SumPseudonymRecords(const std::string& family, int& sessions) {
  ASSIGN_OR_RETURN(const sql::Row row, transaction_.QueryOne(kSumRecords, {{"family", family}}));
  PseudonymRecord record;
  sessions = static_cast<int>(row.Int("sessions"));
  record.rules = static_cast<int>(row.Int("rules"));
  record.off = row.Int("unsearched") != 0;
  record.family = family;
  record.words = static_cast<int>(row.Int("words"));
  ASSIGN_OR_RETURN(const auto counts, transaction_.Query(kSumCounts, {{"family", family}}));
  ReadCounts(counts, record);
  return record;
}

absl::Status SqlPseudonyms::AddPseudonyms(const std::string& scope, const std::vector<PseudonymRow>& rows) {
  if (rows.empty()) return absl::OkStatus();
  std::vector<std::vector<sql::Value>> values;
  values.reserve(rows.size());
  for (const PseudonymRow& row : rows) {
    values.push_back({scope, std::string(ToString(row.kind)), row.key, row.number, int64_t{row.full}});
  }
  return transaction_.ExecuteMany(kAdd, {"scope", "kind", "digest", "number", "whole"}, values);
}

absl::Status SqlPseudonyms::DeletePseudonyms(const std::string& scope, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    RETURN_IF_ERROR(transaction_.Execute(kDelete, {{"scope", scope}, {"digest", key}}).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<int64_t> SqlPseudonyms::DestroyPseudonyms(const std::string& scope) {
  return transaction_.Execute(kDestroy, {{"scope", scope}});
}

absl::Status SqlPseudonyms::SetPseudonymCounters(const std::string& scope, const PseudonymCounters& next) {
  for (const auto& [kind, number] : next) {
    RETURN_IF_ERROR(
        transaction_.Execute(kSetCounter, {{"scope", scope}, {"kind", std::string(ToString(kind))}, {"next", number}})
            .status());
  }
  return absl::OkStatus();
}

absl::Status SqlPseudonyms::PutPseudonymRecord(const std::string& session, const PseudonymRecord& record) {
  RETURN_IF_ERROR(transaction_.Execute(kDeleteRecord, {{"session", session}}).status());
  RETURN_IF_ERROR(transaction_.Execute(kDeleteCounts, {{"session", session}}).status());
  RETURN_IF_ERROR(transaction_
                      .Execute(kPutRecord, {{"session", session},
                                            {"rules", int64_t{record.rules}},
                                            {"unsearched", int64_t{record.off}},
                                            {"family", record.family},
                                            {"words", int64_t{record.words}}})
                      .status());
  std::vector<std::vector<sql::Value>> values;
  for (const auto& [what, mentions] : record.counts) {
    values.push_back({session, std::string(ToString(what.first)), what.second, int64_t{mentions}});
  }
  if (values.empty()) return absl::OkStatus();
  return transaction_.ExecuteMany(kPutCount, {"session", "kind", "rule", "mentions"}, values);
}

absl::Status SqlPseudonyms::DeletePseudonymRecord(const std::string& session) {
  const std::string scope = absl::StrCat("transcripts/", session);
  RETURN_IF_ERROR(transaction_.Execute(kDeleteRecord, {{"session", session}}).status());
  RETURN_IF_ERROR(transaction_.Execute(kDeleteCounts, {{"session", session}}).status());
  RETURN_IF_ERROR(transaction_.Execute(kDestroy, {{"scope", scope}}).status());
  return transaction_.Execute(kDeleteCounters, {{"scope", scope}}).status();
}

}  // namespace plumbline::coding
