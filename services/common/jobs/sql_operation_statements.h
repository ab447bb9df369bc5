#ifndef PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STATEMENTS_H_
#define PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STATEMENTS_H_

// Every statement on the table "operations". They stand together so that a test can look at the plan of each: none may
// read the whole table. An index with a WHERE serves a statement only if that says the same in the same words, which is
// why conditions such as "parent <> ''" are spelled out beside "parent = :parent" (SQLite manual, "Partial Indexes").
namespace plumbline::jobs::statements {

#define PLUMBLINE_OPERATION_HEAD                                                                                      \
  "id, kind, target, actor, state, progress_done, progress_total, progress_phase, cancel_requested, attempts, token," \
  " error, create_time, start_time, end_time, parent, priority, not_before, unique_key, children, children_done"
#define PLUMBLINE_FINISHED "('SUCCEEDED', 'FAILED', 'CANCELLED')"
// Conditions on a child "c" of the operation `parent` (SQL text).
#define PLUMBLINE_CHILD_OF(parent) "c.parent = " parent " AND c.parent <> ''"
#define PLUMBLINE_UNFINISHED_CHILD_OF(parent) \
  PLUMBLINE_CHILD_OF(parent) " AND c.state <> 'SUCCEEDED' AND c.state IN ('PENDING', 'RUNNING')"
// Every change under a claim names the token: zero rows changed means that the claim was lost.
#define PLUMBLINE_UNDER_CLAIM " WHERE id = :id AND token = :token AND state = 'RUNNING'"
// What a finished operation takes: `:size` more bytes than before, and what its children take.
#define PLUMBLINE_ADD_BYTES                                                                                       \
  " bytes = bytes + :size + CASE WHEN children = 0 THEN 0 ELSE (SELECT CAST(COALESCE(SUM(c.bytes), 0) AS BIGINT)" \
  " FROM operations c WHERE " PLUMBLINE_CHILD_OF("operations.id") ") END"

inline constexpr char kInsert[] =
    "INSERT INTO operations (id, kind, payload, target, actor, state, create_time, parent, priority, not_before,"
    " unique_key, bytes)"
    " VALUES (:id, :kind, :payload, :target, :actor, 'PENDING', :now, :parent, :priority, :not_before, :unique_key,"
    " :bytes)";

inline constexpr char kSelect[] =
    "SELECT " PLUMBLINE_OPERATION_HEAD
    ", payload, result, CASE WHEN children = 0 THEN 0 ELSE children - (SELECT COUNT(*) FROM operations c"
    " WHERE " PLUMBLINE_UNFINISHED_CHILD_OF("operations.id") ") END AS children_finished"
    " FROM operations WHERE id = :id";
inline constexpr char kSelectKindStateParent[] = "SELECT kind, state, parent FROM operations WHERE id = :id";
inline constexpr char kSelectParentUnderClaim[] = "SELECT parent FROM operations" PLUMBLINE_UNDER_CLAIM;
inline constexpr char kSelectCancel[] = "SELECT cancel_requested FROM operations" PLUMBLINE_UNDER_CLAIM;
inline constexpr char kSelectHolderOfKey[] =
    "SELECT id FROM operations WHERE kind = :kind AND unique_key = :unique_key AND unique_key <> ''"
    " AND state IN ('PENDING', 'RUNNING', 'WAITING')";

inline constexpr char kSelectPage[] =
    "SELECT " PLUMBLINE_OPERATION_HEAD " FROM operations ORDER BY create_time DESC, id DESC LIMIT :limit";
inline constexpr char kSelectPageAfter[] = "SELECT " PLUMBLINE_OPERATION_HEAD
                                           " FROM operations WHERE (create_time, id) < (:time, :id)"
                                           " ORDER BY create_time DESC, id DESC LIMIT :limit";
inline constexpr char kSelectTargetPage[] = "SELECT " PLUMBLINE_OPERATION_HEAD
                                            " FROM operations WHERE target = :target"
                                            " ORDER BY create_time DESC, id DESC LIMIT :limit";
inline constexpr char kSelectTargetPageAfter[] =
    "SELECT " PLUMBLINE_OPERATION_HEAD
    " FROM operations WHERE target = :target AND (create_time, id) < (:time, :id)"
    " ORDER BY create_time DESC, id DESC LIMIT :limit";
inline constexpr char kSelectDead[] = "SELECT " PLUMBLINE_OPERATION_HEAD
                                      " FROM operations WHERE state = 'FAILED' AND parent = ''"
                                      " ORDER BY create_time DESC, id DESC LIMIT :limit";
inline constexpr char kSelectDeadAfter[] =
    "SELECT " PLUMBLINE_OPERATION_HEAD
    " FROM operations WHERE state = 'FAILED' AND parent = '' AND (create_time, id) < (:time, :id)"
    " ORDER BY create_time DESC, id DESC LIMIT :limit";
inline constexpr char kSelectChildren[] =
    "SELECT " PLUMBLINE_OPERATION_HEAD
    ", result FROM operations c WHERE " PLUMBLINE_CHILD_OF(":parent") " AND id > :after ORDER BY id LIMIT :limit";
inline constexpr char kSelectUnfinished[] =
    "SELECT id, kind, priority, not_before FROM operations WHERE state IN ('PENDING', 'RUNNING') AND id > :after"
    " AND create_time < :before ORDER BY id LIMIT :limit";
inline constexpr char kCount[] =
    "SELECT state, COUNT(*) AS n FROM operations WHERE state IN ('PENDING', 'RUNNING') GROUP BY state"
    " UNION ALL SELECT 'WAITING' AS state, COUNT(*) AS n FROM operations WHERE state = 'WAITING'"
    " UNION ALL SELECT 'FAILED' AS state, COUNT(*) AS n FROM operations WHERE state = 'FAILED' AND parent = ''";

inline constexpr char kClaim[] =
    "UPDATE operations SET state = 'RUNNING', attempts = attempts + 1, token = token + 1, start_time = :now"
    " WHERE id = :id AND state IN ('PENDING', 'RUNNING')";
inline constexpr char kSetProgress[] =
    "UPDATE operations SET progress_done = :done, progress_total = :total,"
    " progress_phase = :phase" PLUMBLINE_UNDER_CLAIM;
inline constexpr char kFail[] =
    "UPDATE operations SET state = 'FAILED', error = :error, end_time = :now," PLUMBLINE_ADD_BYTES
        PLUMBLINE_UNDER_CLAIM;
inline constexpr char kSucceed[] =
    "UPDATE operations SET state = 'SUCCEEDED', result = :result, end_time = :now," PLUMBLINE_ADD_BYTES
        PLUMBLINE_UNDER_CLAIM;
inline constexpr char kMarkCancelled[] =
    "UPDATE operations SET state = 'CANCELLED', end_time = :now," PLUMBLINE_ADD_BYTES PLUMBLINE_UNDER_CLAIM;
inline constexpr char kRelease[] = "UPDATE operations SET state = 'PENDING'" PLUMBLINE_UNDER_CLAIM;
inline constexpr char kHold[] = "UPDATE operations SET token = token" PLUMBLINE_UNDER_CLAIM;
inline constexpr char kWait[] = "UPDATE operations SET state = 'WAITING', children = :children" PLUMBLINE_UNDER_CLAIM;

inline constexpr char kAskToCancel[] =
    "UPDATE operations SET cancel_requested = 1 WHERE id = :id AND state = 'RUNNING' AND cancel_requested = 0";
inline constexpr char kCancel[] =
    "UPDATE operations SET state = 'CANCELLED', cancel_requested = 1, end_time = :now," PLUMBLINE_ADD_BYTES
    " WHERE id = :id AND state IN ('PENDING', 'WAITING')";
inline constexpr char kCancelParent[] =
    "UPDATE operations SET state = 'CANCELLED', cancel_requested = 1, end_time = :now," PLUMBLINE_ADD_BYTES
    " WHERE id = :id AND state = 'WAITING'";
inline constexpr char kFailParent[] =
    "UPDATE operations SET state = 'FAILED', error = :error, end_time = :now," PLUMBLINE_ADD_BYTES
    " WHERE id = :id AND state = 'WAITING'";
#define PLUMBLINE_CANCEL_CHILD                                           \
  "UPDATE operations AS c SET cancel_requested = 1,"                     \
  " end_time = CASE WHEN state = 'PENDING' THEN :now ELSE end_time END," \
  " state = CASE WHEN state = 'PENDING' THEN 'CANCELLED' ELSE state END"
inline constexpr char kCancelChildren[] =
    PLUMBLINE_CANCEL_CHILD " WHERE " PLUMBLINE_UNFINISHED_CHILD_OF(":parent") " AND c.id <> :except";

// A parent "p" whose children are all finished.
#define PLUMBLINE_ADVANCEABLE \
  "p.state = 'WAITING' AND NOT EXISTS (SELECT 1 FROM operations c WHERE " PLUMBLINE_UNFINISHED_CHILD_OF("p.id") ")"
inline constexpr char kSelectAdvanceable[] =
    "SELECT p.id FROM operations p WHERE p.id = :id AND " PLUMBLINE_ADVANCEABLE;
inline constexpr char kSelectAllAdvanceable[] =
    "SELECT p.id FROM operations p WHERE " PLUMBLINE_ADVANCEABLE " ORDER BY p.id LIMIT :limit";
inline constexpr char kAdvance[] =
    "UPDATE operations AS p SET state = 'PENDING', children_done = 1 WHERE p.id = :id AND p.state = 'WAITING'"
    " AND NOT EXISTS (SELECT 1 FROM operations c WHERE " PLUMBLINE_CHILD_OF("p.id") " AND c.state <> 'SUCCEEDED')";

// A child "c" that goes on, unasked to stop, although its parent is over.
#define PLUMBLINE_ORPHAN                                                                         \
  "c.parent <> '' AND c.state <> 'SUCCEEDED' AND c.state IN ('PENDING', 'RUNNING')"              \
  " AND c.cancel_requested = 0 AND NOT EXISTS (SELECT 1 FROM operations p WHERE p.id = c.parent" \
  " AND p.state IN ('PENDING', 'RUNNING', 'WAITING'))"
inline constexpr char kSelectOrphans[] = "SELECT c.id FROM operations c WHERE " PLUMBLINE_ORPHAN " LIMIT :limit";
inline constexpr char kCancelOrphan[] = PLUMBLINE_CANCEL_CHILD " WHERE c.id = :id AND " PLUMBLINE_ORPHAN;

inline constexpr char kRequeue[] =
    "UPDATE operations SET state = 'PENDING', attempts = 0, error = '', cancel_requested = 0, progress_done = 0,"
    " progress_total = 0, progress_phase = '', children = 0, children_done = 0, not_before = 0, bytes = :bytes,"
    " start_time = NULL, end_time = NULL WHERE id = :id AND state = 'FAILED'";
inline constexpr char kDeleteChildren[] = "DELETE FROM operations WHERE parent = :parent AND parent <> ''";

inline constexpr char kSumFinished[] =
    "SELECT CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS n FROM operations"
    " WHERE parent = '' AND state IN " PLUMBLINE_FINISHED;
inline constexpr char kSelectOldestFinished[] =
    "SELECT p.id, p.bytes FROM operations p WHERE p.parent = '' AND p.state IN " PLUMBLINE_FINISHED
    " AND p.end_time <= :until AND NOT EXISTS (SELECT 1 FROM operations c"
    " WHERE " PLUMBLINE_UNFINISHED_CHILD_OF("p.id") ") ORDER BY p.end_time, p.id LIMIT :limit";
inline constexpr char kDelete[] = "DELETE FROM operations WHERE id = :id";

inline constexpr const char* kAll[] = {kInsert,
                                       kSelect,
                                       kSelectKindStateParent,
                                       kSelectParentUnderClaim,
                                       kSelectCancel,
                                       kSelectHolderOfKey,
                                       kSelectPage,
                                       kSelectPageAfter,
                                       kSelectTargetPage,
                                       kSelectTargetPageAfter,
                                       kSelectDead,
                                       kSelectDeadAfter,
                                       kSelectChildren,
                                       kSelectUnfinished,
                                       kCount,
                                       kClaim,
                                       kSetProgress,
                                       kFail,
                                       kSucceed,
                                       kMarkCancelled,
                                       kRelease,
                                       kHold,
                                       kWait,
                                       kAskToCancel,
                                       kCancel,
                                       kCancelParent,
                                       kFailParent,
                                       kCancelChildren,
                                       kSelectAdvanceable,
                                       kSelectAllAdvanceable,
                                       kAdvance,
                                       kSelectOrphans,
                                       kCancelOrphan,
                                       kRequeue,
                                       kDeleteChildren,
                                       kSumFinished,
                                       kSelectOldestFinished,
                                       kDelete};

}  // namespace plumbline::jobs::statements

#endif  // PLUMBLINE_COMMON_JOBS_SQL_OPERATION_STATEMENTS_H_
